/**
 * Reads what a remote script wrote between its frames (see `remote_script.ts`).
 *
 * @module
 */

/** One command's part of a stream. */
export interface Framed {
  readonly text: string;
  /** Its exit status; `undefined` when the frame after it is missing, so that the command did not end. */
  readonly status: number | undefined;
}

/** A stream taken apart. */
export interface Frames {
  /** Whether the script started at all. */
  readonly begun: boolean;
  /** What came before the script: noise of the login shell, or ssh's own complaint. */
  readonly before: string;
  /** One entry for each command that started; at most the last lacks its status. */
  readonly parts: readonly Framed[];
  /** What came after the last frame. */
  readonly after: string;
}

/**
 * Splits one stream of a batch.
 *
 * @param text All that the stream held.
 * @param nonce The nonce of the script.
 * @param count The number of commands in the batch.
 */
export function splitFrames(text: string, nonce: string, count: number): Frames {
  const begin = `\n${nonce} begin\n`;
  // The first line of a stream has its newline in front too, so that the marker is found wherever it stands.
  const start = text.indexOf(begin);
  if (start === -1) return { begun: false, before: text, parts: [], after: "" };
  const parts: Framed[] = [];
  let at = start + begin.length;
  for (let index = 0; index < count; index++) {
    const mark = `\n${nonce} ${index} `;
    const end = text.indexOf(mark, at);
    const lineEnd = end === -1 ? -1 : text.indexOf("\n", end + mark.length);
    if (lineEnd === -1) {
      parts.push({ text: text.slice(at), status: undefined });
      return { begun: true, before: text.slice(0, start), parts, after: "" };
    }
    parts.push({ text: text.slice(at, end), status: Number(text.slice(end + mark.length, lineEnd)) });
    at = lineEnd + 1;
  }
  return { begun: true, before: text.slice(0, start), parts, after: text.slice(at) };
}
