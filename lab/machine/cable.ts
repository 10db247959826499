/**
 * The cable between the two hosts: QEMU's stream sockets carry each Ethernet
 * frame behind a length of four bytes, and whatever one end sends the other
 * gets. A cut drops frames silently, as a dead switch does, and works also
 * while a host is frozen or off.
 */
export class Cable implements AsyncDisposable {
  #listener: Deno.UnixListener;
  #ends = new Set<Deno.UnixConn>();
  #accepting: Promise<void>;
  #cut = false;

  /** Lays a cable whose ends are plugged in at a Unix socket. */
  constructor(path: string) {
    this.#listener = Deno.listen({ transport: "unix", path });
    this.#accepting = this.#accept();
  }

  /** Drops every frame from now on. */
  cut(): void {
    this.#cut = true;
  }

  /** Carries frames again. */
  heal(): void {
    this.#cut = false;
  }

  async #accept(): Promise<void> {
    try {
      for await (const end of this.#listener) {
        this.#ends.add(end);
        this.#carry(end).catch(() => {}).finally(() => {
          this.#ends.delete(end);
          try {
            end.close();
          } catch { /* closed with the cable */ }
        });
      }
    } catch { /* the listener was closed */ }
  }

  /** Reads from one end for as long as it is plugged in. */
  async #carry(end: Deno.UnixConn): Promise<void> {
    const buffer = new Uint8Array(1 << 18);
    let filled = 0;
    for (;;) {
      const read = await end.read(buffer.subarray(filled));
      if (read === null) return;
      filled += read;
      const whole = wholeFrames(buffer.subarray(0, filled));
      if (whole === 0) continue;
      if (!this.#cut) await this.#deliver(end, buffer.subarray(0, whole));
      buffer.copyWithin(0, whole, filled);
      filled -= whole;
    }
  }

  /**
   * Only whole frames are passed on, so that a host that comes back after a
   * power cut never finds the second half of one.
   */
  async #deliver(from: Deno.UnixConn, frames: Uint8Array): Promise<void> {
    for (const end of this.#ends) {
      if (end === from) continue;
      try {
        for (let sent = 0; sent < frames.length;) sent += await end.write(frames.subarray(sent));
      } catch { /* that host is off */ }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const end of this.#ends) end.close();
    await this.#accepting;
  }
}

/** How many bytes at the start of a buffer are whole frames. */
export function wholeFrames(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = 0;
  while (end + 4 <= bytes.length) {
    const next = end + 4 + view.getUint32(end);
    if (next > bytes.length) break;
    end = next;
  }
  return end;
}
