/**
 * The address of a dead-man's switch, which raises the alarm when nobody has called it for too long.
 *
 * @module
 */

/**
 * Checks an address such as `https://hc-ping.com/UUID`. Messages never show the text: whoever knows it can call it.
 *
 * @throws {SyntaxError} Says which rule the text breaks.
 */
export function parsePingUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    throw new SyntaxError("this is not an address to ping; write https://HOST/PATH");
  }
  if (url.username !== "" || url.password !== "") {
    throw new SyntaxError("an address to ping takes neither user nor password");
  }
  return url.href;
}
