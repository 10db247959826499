/**
 * Names of pools, datasets, snapshots and bookmarks, parsed once at the boundary and branded, so that a string that
 * was never checked cannot reach a command line.
 *
 * Source of the rules: `zfs_namecheck.c` of OpenZFS and `zfs(8)`.
 *
 * @module
 */

declare const datasetBrand: unique symbol;
declare const guidBrand: unique symbol;

/** A checked name of a filesystem or volume, such as `tank` or `tank/home/ann lee`; no `@`, no `#`. */
export type DatasetName = string & { readonly [datasetBrand]: true };

/** A ZFS GUID: an unsigned 64-bit number as decimal text, since half of them exceed what SQLite or a double holds. */
export type Guid = string & { readonly [guidBrand]: true };

/** The most bytes a full name may have, its `@snapshot` or `#bookmark` included (`ZFS_MAX_DATASET_NAME_LEN` - 1). */
export const maxNameBytes = 255;

/** Pool names that `zpool create` keeps for itself: these beginnings, and `log` alone. */
const reservedPools = /^(?:mirror|raidz|draid|spare|log$)/;

/**
 * Checks the name of a dataset.
 *
 * @param text What a person typed or `zfs` printed.
 * @returns The same text, branded.
 * @throws {SyntaxError} Says which rule the name breaks.
 */
export function parseDatasetName(text: string): DatasetName {
  const fault = datasetNameFault(text);
  if (fault !== undefined) throw new SyntaxError(`${JSON.stringify(text)} is not a dataset name: ${fault}`);
  return text as DatasetName;
}

function datasetNameFault(text: string): string | undefined {
  if (text === "") return "it is empty";
  if (text.startsWith("-")) return "it begins with '-'";
  if (text.length > maxNameBytes) return `it is longer than ${maxNameBytes} bytes`;
  const strange = text.match(/[^A-Za-z0-9_.:%\/ -]/u);
  if (strange) return `it holds ${JSON.stringify(strange[0])}, which ZFS does not allow`;
  const components = text.split("/");
  if (components.some((component) => component === "")) return "it has an empty part between slashes";
  if (components.some((component) => component === "." || component === "..")) return "a part of it is '.' or '..'";
  const pool = components[0] ?? "";
  if (!/^[A-Za-z]/.test(pool)) return "a pool's name begins with a letter";
  if (reservedPools.test(pool)) return `${JSON.stringify(pool)} is reserved by ZFS`;
  return undefined;
}

/**
 * Checks the part of a snapshot's or bookmark's name behind `@` or `#`.
 *
 * @throws {SyntaxError} When the part is empty or holds a character that ZFS does not allow there.
 */
export function parseVersionPart(text: string): string {
  if (!/^[A-Za-z0-9_.: -]+$/.test(text)) {
    throw new SyntaxError(`${JSON.stringify(text)} is not the name of a snapshot or bookmark`);
  }
  return text;
}

/**
 * Checks a GUID as `zfs list -p -o guid` prints it.
 *
 * @throws {SyntaxError} When the text is not an unsigned 64-bit decimal number.
 */
export function parseGuid(text: string): Guid {
  if (!/^[0-9]{1,20}$/.test(text) || BigInt(text) >= 1n << 64n) {
    throw new SyntaxError(`${JSON.stringify(text)} is not a GUID`);
  }
  return text as Guid;
}

/** The pool a dataset lives in: `tank` for `tank/home`. */
export function poolOf(dataset: DatasetName): DatasetName {
  return (dataset.split("/", 1)[0] ?? dataset) as DatasetName;
}

/** The dataset above, or `undefined` for a pool's root. */
export function parentOf(dataset: DatasetName): DatasetName | undefined {
  const slash = dataset.lastIndexOf("/");
  return slash < 0 ? undefined : dataset.slice(0, slash) as DatasetName;
}

/** True when `dataset` is `top` or lies below it. */
export function isWithin(dataset: string, top: string): boolean {
  return dataset === top || dataset.startsWith(`${top}/`);
}

/**
 * The name of `dataset` in another tree: `tank/a/b` moved from `tank` to `backup/tank` is `backup/tank/a/b`.
 *
 * @throws {RangeError} When `dataset` is not within `from`.
 */
export function moveName(dataset: DatasetName, from: DatasetName, to: DatasetName): DatasetName {
  if (!isWithin(dataset, from)) throw new RangeError(`${dataset} is not within ${from}`);
  return `${to}${dataset.slice(from.length)}` as DatasetName;
}
