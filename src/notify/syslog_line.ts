/**
 * Lines as `logger --prio-prefix` reads them.
 *
 * @module
 */

/** The levels of syslog that bzman uses. */
export type SyslogLevel = "critical" | "error" | "warning" | "notice" | "info" | "debug";

const severities: Readonly<Record<SyslogLevel, number>> = {
  critical: 2,
  error: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
};

/** The facility `daemon`. */
const facility = 3 * 8;

/** The most bytes of one line: what `--size` allows, less room for what syslog puts before it. */
export const lineBytes = 7_000;

/** Control characters, and what some programs take for a line end. */
// deno-lint-ignore no-control-regex
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/gu;

/**
 * One line with its priority: `<30>tank: done`. Whatever could end the line early, or be obeyed by the terminal of
 * whoever reads the log, becomes a visible escape.
 */
export function syslogLine(level: SyslogLevel, message: string): string {
  const visible = message.trim().replaceAll(/\s*\n\s*/g, "; ").replaceAll(control, escape);
  return `<${facility + severities[level]}>${cut(visible.toWellFormed())}\n`;
}

function escape(character: string): string {
  return character === "\t" ? " " : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function cut(text: string): string {
  if (text.length * 3 <= lineBytes) return text;
  const encoded = new TextEncoder().encode(text);
  if (encoded.length <= lineBytes) return text;
  // A character cut in half would come out as U+FFFD; better to leave it out.
  return `${new TextDecoder().decode(encoded.subarray(0, lineBytes), { stream: true })}…`;
}
