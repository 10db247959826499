/**
 * Reads a child's output into memory, but never more than a limit.
 *
 * @module
 */

/** A stream being read. */
export interface Capture {
  /** What has been read so far, as text; broken UTF-8 becomes U+FFFD. */
  text(): string;
  /** Whether there was more than the limit. */
  overflowed(): boolean;
  /** Settles at the end of the stream, or once it was cancelled. Never rejects. */
  readonly done: Promise<void>;
  /** Stops reading: for a stream that a grandchild keeps open. */
  cancel(): Promise<void>;
}

/**
 * Reads the beginning of a stream.
 *
 * @param limitBytes How much to keep.
 * @param onOverflow Called once when there is more.
 */
export function captureHead(
  stream: ReadableStream<Uint8Array>,
  limitBytes: number,
  onOverflow: () => void,
): Capture {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  let over = false;
  const { done, cancel } = pump(stream, (chunk) => {
    if (over) return;
    bytes += chunk.byteLength;
    if (bytes <= limitBytes) text += decoder.decode(chunk, { stream: true });
    else {
      over = true;
      onOverflow();
    }
  });
  return { text: () => text, overflowed: () => over, done, cancel };
}

/**
 * Reads a stream to its end and keeps the last part.
 *
 * @param limitBytes How much to keep, give or take one chunk.
 */
export function captureTail(stream: ReadableStream<Uint8Array>, limitBytes: number): Capture {
  const chunks: Uint8Array[] = [];
  let kept = 0;
  let dropped = false;
  const { done, cancel } = pump(stream, (chunk) => {
    chunks.push(chunk);
    kept += chunk.byteLength;
    while (chunks.length > 1 && kept - chunks[0]!.byteLength >= limitBytes) {
      kept -= chunks.shift()!.byteLength;
      dropped = true;
    }
  });
  const text = () => {
    const decoder = new TextDecoder();
    return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
  };
  return { text, overflowed: () => dropped, done, cancel };
}

function pump(
  stream: ReadableStream<Uint8Array>,
  take: (chunk: Uint8Array) => void,
): { done: Promise<void>; cancel: () => Promise<void> } {
  const reader = stream.getReader();
  const read = async () => {
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) take(next.value);
    } catch {
      // A pipe that breaks has ended as far as its reader is concerned.
    }
  };
  return { done: read(), cancel: () => reader.cancel().catch(() => {}) };
}
