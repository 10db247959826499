/**
 * Takes a mail apart as a mail program does, from its source alone.
 *
 * @module
 */

/** One part that holds no other. */
export interface MimePart {
  /** Such as `text/html`. */
  readonly type: string;
  /** All of its header fields, by their names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: Uint8Array;
  /** The types it lies in, the outermost first. */
  readonly within: readonly string[];
}

/** The parts of a message in their order; of a message without parts itself. */
export function mimeParts(source: string, within: readonly string[] = []): MimePart[] {
  const normal = source.replaceAll("\r\n", "\n");
  const end = normal.indexOf("\n\n");
  const headers = readHeaders(normal.slice(0, end));
  const body = normal.slice(end + 2);
  const content = headers.get("content-type") ?? "text/plain";
  const type = (content.split(";")[0] ?? "").trim().toLowerCase();
  if (!type.startsWith("multipart/")) {
    return [{ type, headers, within, bytes: decode(body, headers.get("content-transfer-encoding") ?? "7bit") }];
  }
  const boundary = /boundary="?([^";]+)"?/i.exec(content)?.[1];
  if (boundary === undefined) throw new SyntaxError(`${type} without a boundary`);
  const [inside = ""] = `\n${body}`.split(`\n--${boundary}--`);
  const parts = inside.split(`\n--${boundary}\n`).slice(1);
  return parts.flatMap((part) => mimeParts(part, [...within, type]));
}

/** A text part as text. */
export function textOf({ bytes }: MimePart): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/** The HTML part as a page of its own: each `cid:` is replaced by the image that it names, as a mail program shows it. */
export function shownHtml(parts: readonly MimePart[]): string {
  const html = parts.find(({ type }) => type === "text/html");
  if (html === undefined) throw new SyntaxError("there is no HTML part");
  return textOf(html).replaceAll(/cid:([^"]+)/g, (_, cid) => {
    const image = parts.find(({ headers }) => headers.get("content-id") === `<${cid}>`);
    if (image === undefined) throw new SyntaxError(`there is no part <${cid}>`);
    return `data:${image.type};base64,${image.bytes.toBase64()}`;
  });
}

function readHeaders(head: string): Map<string, string> {
  const unfolded = head.replaceAll(/\n[ \t]+/g, " ").split("\n");
  return new Map(unfolded.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
}

function decode(body: string, encoding: string): Uint8Array {
  switch (encoding.toLowerCase()) {
    case "base64":
      return Uint8Array.fromBase64(body.replaceAll(/\s/g, ""));
    case "quoted-printable": {
      const text = body.replaceAll(/=\n/g, "");
      return Uint8Array.from(
        text.replaceAll(/=([0-9A-F]{2})/gi, (_, code) => String.fromCharCode(Number(`0x${code}`))),
        (character) => character.charCodeAt(0),
      );
    }
    default:
      return new TextEncoder().encode(body);
  }
}
