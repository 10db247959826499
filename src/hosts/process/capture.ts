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
  return captureEnds(stream, 0, limitBytes);
}

/** The line that stands for what {@linkcode captureEnds} did not keep; no program writes it. */
export const leftOut: RegExp = /\[bzman left out \d+ bytes here\]/;

/**
 * Reads a stream to its end and keeps its first and its last part. What was between them is a line of its own
 * ({@linkcode leftOut}), so that nobody takes a part for the whole.
 *
 * @param headBytes How much to keep of the beginning: the first frame of a batch is there, and often the cause.
 * @param tailBytes How much to keep of the end, give or take one chunk.
 */
export function captureEnds(stream: ReadableStream<Uint8Array>, headBytes: number, tailBytes: number): Capture {
  const head: Uint8Array[] = [];
  let room = headBytes;
  const tail: Uint8Array[] = [];
  let kept = 0;
  let droppedBytes = 0;
  const { done, cancel } = pump(stream, (chunk) => {
    const first = chunk.subarray(0, room);
    if (first.byteLength > 0) head.push(first);
    room -= first.byteLength;
    const rest = chunk.subarray(first.byteLength);
    if (rest.byteLength === 0) return;
    tail.push(rest);
    kept += rest.byteLength;
    while (tail.length > 1 && kept - tail[0]!.byteLength >= tailBytes) {
      const dropped = tail.shift()!.byteLength;
      kept -= dropped;
      droppedBytes += dropped;
    }
  });
  const text = () => {
    if (droppedBytes === 0) return decode([...head, ...tail]);
    const gap = headBytes > 0 ? `\n[bzman left out ${droppedBytes} bytes here]\n` : "";
    return `${decode(head)}${gap}${decode(tail)}`;
  };
  return { text, overflowed: () => droppedBytes > 0, done, cancel };
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
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
