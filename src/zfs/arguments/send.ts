/**
 * Arguments of `zfs send`. Always `-L -c`: large and compressed blocks travel as they are. Never `-e`: a stream with
 * embedded data is refused by an encrypted target.
 *
 * @module
 */

import type { DatasetName } from "../names/names.ts";
import { parseTokenText } from "../parsers/resume_token.ts";
import { fullName, type Snapshot, type Version } from "../names/version.ts";

/** What both kinds of stream may ask for. */
export interface SendFlags {
  /** Send encrypted blocks as they are; the target can store but not read them. */
  readonly raw: boolean;
  /** Carry the dataset's properties. */
  readonly properties: boolean;
}

const progressFlags = ["-v", "-P"];

function contentFlags(flags: SendFlags): string[] {
  return [...(flags.raw ? ["-w"] : ["-L", "-c"]), ...(flags.properties ? ["-p"] : [])];
}

/** A stream of one whole snapshot. */
export function sendFull(to: Snapshot, flags: SendFlags): string[] {
  return ["zfs", "send", ...contentFlags(flags), ...progressFlags, fullName(to)];
}

/**
 * A stream from one version to a later one.
 *
 * @param intermediates Whether the snapshots between travel too (`-I`); a bookmark allows only one step (`-i`).
 * @throws {RangeError} When intermediates are asked of a bookmark, which ZFS refuses.
 */
export function sendIncremental(from: Version, to: Snapshot, intermediates: boolean, flags: SendFlags): string[] {
  if (intermediates && from.kind === "bookmark") throw new RangeError("no -I from a bookmark");
  return [
    "zfs",
    "send",
    ...contentFlags(flags),
    ...progressFlags,
    intermediates ? "-I" : "-i",
    fullName(from),
    fullName(to),
  ];
}

/** The rest of a stream that was cut. */
export function sendResume(token: string): string[] {
  return ["zfs", "send", ...progressFlags, "-t", parseTokenText(token)];
}

/**
 * One stream of a whole subtree (a package).
 *
 * What is excluded need not have the snapshot: zfs looks for it there all the same, also with `-X`, and would send nothing at all
 * ("cannot send tank@b recursively: snapshot tank/k@b does not exist", OpenZFS 2.3.9) but for `--skip-missing`. A member that lacks
 * it is then left out too, which shows when its GUID is looked for on the target.
 *
 * @param top The subtree.
 * @param from The part behind `@` of the base that every member has, or `undefined` for everything up to `to`.
 * @param to The part behind `@` of the snapshot that every member has.
 * @param excluded Full names of datasets below `top` that stay out (OpenZFS 2.2 and later).
 */
export function sendPackage(
  top: DatasetName,
  from: string | undefined,
  to: string,
  excluded: readonly DatasetName[],
  flags: Pick<SendFlags, "raw">,
): string[] {
  return [
    "zfs",
    "send",
    "-R",
    ...contentFlags({ raw: flags.raw, properties: false }),
    ...progressFlags,
    ...(excluded.length === 0 ? [] : ["-s"]),
    ...excluded.flatMap((dataset) => ["-X", dataset]),
    ...(from === undefined ? [] : ["-I", `@${from}`]),
    `${top}@${to}`,
  ];
}

/** The same stream, only estimated (`-n`): prints its size and sends nothing. */
export function estimateOf(send: readonly string[]): string[] {
  return [...send.slice(0, 2), "-n", ...send.slice(2)];
}
