/**
 * Text as `man` reads it.
 *
 * @module
 */

/** Escapes text for a line of roff: nothing in it is a command, and hyphens stay what a person types. */
export function roffText(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^([.'])/, "\\&$1");
}

/** Bold text: what is typed as it stands. */
export function bold(text: string): string {
  return `\\fB${roffText(text)}\\fR`;
}

/** Italic text: what is replaced by one's own words. */
export function italic(text: string): string {
  return `\\fI${roffText(text)}\\fR`;
}

/** A macro with one quoted argument, such as `.SH "NAME"`. */
export function macro(name: string, argument: string): string {
  return `.${name} "${roffText(argument).replaceAll('"', "\\(dq")}"`;
}
