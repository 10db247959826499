/**
 * Names of files for what may be called anything.
 *
 * @module
 */

/** A name of 64 hexadecimal digits for any text: the same text has the same one. */
export async function hashedName(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
