/**
 * The few bytes of the tar format (POSIX ustar) that a reproducible archive of plain files needs.
 *
 * @module
 */

const blockSize = 512;

/** The two empty blocks that end an archive. */
export const tarEnd: Uint8Array = new Uint8Array(2 * blockSize);

/**
 * One file as it stands in an archive: its header, its content, and padding. Owner, group and time are always 0.
 *
 * @param name the file's name, of at most 100 bytes.
 * @param content what the file holds.
 * @param mode the file's permission bits.
 */
export function tarEntry(name: string, content: Uint8Array, mode: number): Uint8Array {
  const entry = new Uint8Array(blockSize + Math.ceil(content.length / blockSize) * blockSize);
  const put = (text: string, at: number): void => void new TextEncoder().encodeInto(text, entry.subarray(at));
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");
  put(name, 0);
  put(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100);
  put(`${octal(content.length, 11)}\0${octal(0, 11)}\0`, 124);
  put("        0", 148); // the checksum counts as blanks while it is computed; then the type, a plain file
  put("ustar\x0000", 257);
  const checksum = entry.subarray(0, blockSize).reduce((sum, byte) => sum + byte, 0);
  put(`${octal(checksum, 6)}\0`, 148);
  entry.set(content, blockSize);
  return entry;
}
