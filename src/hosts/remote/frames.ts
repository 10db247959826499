/**
 * Reads what a remote script wrote between its frames (see `remote_script.ts`).
 *
 * @module
 */

import { leftOut } from "../process/capture.ts";

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
 * Splits one stream of a batch. Where the middle of the stream was not kept, the commands whose words stood there have
 * the line that says so ({@linkcode leftOut}) instead: none looks as if it had said nothing.
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
  while (parts.length < count) {
    const end = findEnd(text, nonce, parts.length, count, at);
    if (end === undefined) {
      parts.push({ text: text.slice(at), status: undefined });
      const [gap] = leftOut.exec(text.slice(at)) ?? [];
      while (gap !== undefined && parts.length < count) parts.push({ text: gap, status: undefined });
      return { begun: true, before: text.slice(0, start), parts, after: "" };
    }
    let own = text.slice(at, end.start);
    const gap = leftOut.exec(own);
    if (parts.length < end.index && gap !== null) {
      parts.push({ text: own.slice(0, gap.index) + gap[0], status: undefined });
      while (parts.length < end.index) parts.push({ text: gap[0], status: undefined });
      own = own.slice(gap.index);
    }
    parts.push({ text: own, status: end.status });
    at = end.next;
  }
  return { begun: true, before: text.slice(0, start), parts, after: text.slice(at) };
}

/** The frame that ends a command's part. */
interface End {
  /** Whose frame it is: a later command's where the middle of the stream was not kept. */
  readonly index: number;
  readonly status: number;
  /** Where it begins, and where the next part does. */
  readonly start: number;
  readonly next: number;
}

function findEnd(text: string, nonce: string, first: number, count: number, at: number): End | undefined {
  const gap = leftOut.exec(text.slice(at));
  for (let index = first; index < (gap === null ? first + 1 : count); index++) {
    const mark = `\n${nonce} ${index} `;
    const start = text.indexOf(mark, at);
    const lineEnd = start === -1 ? -1 : text.indexOf("\n", start + mark.length);
    if (lineEnd !== -1) {
      return { index, status: Number(text.slice(start + mark.length, lineEnd)), start, next: lineEnd + 1 };
    }
  }
  return undefined;
}
