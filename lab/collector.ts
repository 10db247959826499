/** Reads a stream to its end, or to where it is told to stop. */
export class Collector {
  /** What was read. */
  readonly bytes: Promise<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  /** Starts to read at once. */
  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
    this.bytes = this.#read();
  }

  /** Stops, and is content with what there is. */
  stop(): void {
    this.#reader.cancel().catch(() => {/* it had ended */});
  }

  async #read(): Promise<Uint8Array> {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) break;
      chunks.push(new Uint8Array(value));
    }
    return await new Blob(chunks).bytes();
  }
}
