/**
 * Whose file it is that lies where the record is to be, told by its first bytes alone: nothing is opened as a database, since
 * SQLite writes beside, and into, whatever it opens.
 *
 * Source: "Database File Format", <https://www.sqlite.org/fileformat2.html>, 1.3.
 *
 * @module
 */

/** The `application_id` that bzman's records carry, `bzmn` in ASCII, so that nobody's file is taken for one. */
export const applicationId = 0x627a6d6e;

/**
 * What lies at a place: nothing; a file that holds nothing; a record that says so itself; one of a bzman that did not sign its
 * records yet, or that has not got so far; a file of somebody else's; or something that cannot be read.
 */
export type FileOwner = "absent" | "empty" | "signed" | "unsigned" | "foreign" | "unreadable";

const magic = "SQLite format 3\0";
const headerBytes = 100;
const versionAt = 60;
const applicationIdAt = 68;
/** The schema is at the beginning of a file; a bzman that made one at once has it in the log beside it. */
const searchedBytes = 1 << 20;
/** Two tables that every bzman's record has. */
const marks = ["CREATE TABLE pairs (", "CREATE TABLE dataset_steps ("];

/** Looks; changes nothing. */
export function fileOwner(path: string): FileOwner {
  try {
    const { isFile, isDirectory, size } = Deno.statSync(path);
    if (isDirectory) return "unreadable";
    // A device, a pipe: nothing that a record was ever kept in.
    if (!isFile) return "foreign";
    if (size === 0) return "empty";
    return ownerOf(readStart(path), () => readStart(`${path}-wal`));
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? "absent" : "unreadable";
  }
}

function ownerOf(bytes: Uint8Array, readLog: () => Uint8Array): FileOwner {
  if (bytes.length < headerBytes || !text(bytes).startsWith(magic)) return "foreign";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const id = view.getUint32(applicationIdAt);
  if (id !== 0) return id === applicationId ? "signed" : "foreign";
  if (isMarked(bytes)) return "unsigned";
  // A new file whose tables are still in the log, if it has any: whose they are, SQLite itself has to tell.
  if (view.getUint32(versionAt) === 0 && cellsOfSchema(view) === 0) return "unsigned";
  try {
    return isMarked(readLog()) ? "unsigned" : "foreign";
  } catch {
    return "foreign";
  }
}

function isMarked(bytes: Uint8Array): boolean {
  const words = text(bytes);
  return marks.every((mark) => words.includes(mark));
}

/** How many tables and indexes the first page knows: 0 in a database that nothing was put into. */
function cellsOfSchema(view: DataView): number {
  const leafOfTable = 13;
  return view.byteLength >= headerBytes + 5 && view.getUint8(headerBytes) === leafOfTable
    ? view.getUint16(headerBytes + 3)
    : 1;
}

function readStart(path: string): Uint8Array {
  using file = Deno.openSync(path, { read: true });
  const bytes = new Uint8Array(searchedBytes);
  let length = 0;
  for (;;) {
    const read = file.readSync(bytes.subarray(length));
    if (read === null || read === 0) return bytes.subarray(0, length);
    length += read;
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
