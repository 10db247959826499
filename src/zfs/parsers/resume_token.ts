/**
 * What a resume token holds: it is decoded by `zfs send -nvP -t TOKEN`, the only documented way.
 *
 * @module
 */

import type { Command } from "../arguments/command.ts";
import { type Guid, parseGuid } from "../names/names.ts";

/** The inside of a resume token. */
export interface ResumeToken {
  /** GUID of the snapshot that the stream brings. */
  readonly toGuid: Guid;
  /** Full name of that snapshot when the transfer began; the dataset may have been renamed since. */
  readonly toName: string;
  /** GUID of the base, or `undefined` for a full stream. */
  readonly fromGuid: Guid | undefined;
  /** Bytes the target already has of it. */
  readonly receivedBytes: bigint;
  readonly raw: boolean;
  /** Bytes still to come, as `zfs send` estimates. */
  readonly remainingBytes: bigint | undefined;
}

/** Decodes a token on the sending side, which alone can also tell whether its snapshots still exist. */
export function decodeToken(token: string): Command<ResumeToken> {
  return { argv: ["zfs", "send", "-n", "-v", "-P", "-t", parseTokenText(token)], parse: parseToken };
}

/**
 * Checks that a token is what ZFS prints (`1-checksum-length-hex`) before it becomes an argument.
 *
 * @throws {SyntaxError} When it is not.
 */
export function parseTokenText(token: string): string {
  if (!/^[0-9]+-[0-9a-f]+-[0-9a-f]+-[0-9a-fA-F]+$/.test(token)) throw new SyntaxError("not a resume token");
  return token;
}

/**
 * Reads what `zfs send -nvP -t` prints: the nvlist of the token, then the estimate.
 *
 * @throws {SyntaxError} When the token's GUID or name is missing.
 */
export function parseToken(stdout: string): ResumeToken {
  const value = (key: string): string | undefined => new RegExp(`^\\s*${key} = (.+)$`, "m").exec(stdout)?.[1];
  // `BigInt` throws a SyntaxError for what is no number.
  const number = (key: string): bigint => BigInt(value(key) ?? "0");
  const toName = value("toname");
  if (value("toguid") === undefined || toName === undefined) {
    throw new SyntaxError("a resume token without toguid or toname");
  }
  const fromGuid = number("fromguid");
  const size = BigInt(/^size\t([0-9]+)$/m.exec(stdout)?.[1] ?? "-1");
  return {
    toGuid: parseGuid(number("toguid").toString()),
    toName,
    fromGuid: fromGuid === 0n ? undefined : parseGuid(fromGuid.toString()),
    receivedBytes: number("bytes"),
    raw: value("rawok") === "1" || value("rawok") === "0x1",
    // When more has arrived than was estimated, ZFS wraps around to nearly 2^64 (seen on OpenZFS 2.3: 16.0 EiB).
    remainingBytes: size < 0n || size >= 2n ** 63n ? undefined : size,
  };
}
