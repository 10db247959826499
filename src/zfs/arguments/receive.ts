/**
 * Arguments of `zfs receive`. Always `-s` (a cut transfer can go on), always `-u` (nothing is mounted), always
 * `readonly=on`, and never a property that steers the target machine.
 *
 * @module
 */

import type { DatasetName } from "../names/names.ts";

/** How a stream is to be received. */
export interface ReceiveFlags {
  readonly type: "filesystem" | "volume" | "tree";
  readonly raw: boolean;
  /** `-F`: only ever for one plain stream into a dataset proven empty. */
  readonly force: boolean;
  /**
   * `carried` in the stream; `none`: the stream of an encrypted dataset sent readable cannot carry them; `rest`: of a cut
   * stream, whose beginning brought them.
   */
  readonly properties: "carried" | "none" | "rest";
}

/** What the user wants beyond the rule. */
export interface PropertyChoice {
  /** Steering properties that are taken over all the same. */
  readonly take: readonly string[];
  /** Further properties that are never taken over. */
  readonly leave: readonly string[];
}

/**
 * Properties that steer a machine rather than describe data; a received stream never sets them.
 * Those that do not apply to volumes are left away there, since ZFS warns of each.
 */
const steering: readonly { readonly property: string; readonly volumes: boolean }[] = [
  { property: "mountpoint", volumes: false },
  { property: "sharenfs", volumes: false },
  { property: "sharesmb", volumes: false },
  { property: "quota", volumes: false },
  { property: "refquota", volumes: false },
  { property: "reservation", volumes: true },
  { property: "refreservation", volumes: true },
];

/** The names of the steering properties that are never received. */
export const steeringProperties: readonly string[] = steering.map(({ property }) => property);

/** The rule and nothing beyond it. */
export const noChoice: PropertyChoice = { take: [], leave: [] };

/**
 * Checks the name of a property, native or of a user, as `zfs set` would.
 *
 * @throws {SyntaxError} When it cannot be one.
 */
export function parsePropertyName(text: string): string {
  if (!/^[a-z0-9][a-z0-9:._-]{0,254}$/.test(text)) {
    throw new SyntaxError(`${JSON.stringify(text)} is not the name of a property`);
  }
  return text;
}

/** The arguments that receive a stream into a dataset. */
export function receiveArgv(target: DatasetName, flags: ReceiveFlags, choice: PropertyChoice = noChoice): string[] {
  const excluded = flags.properties === "carried"
    ? [
      ...steering.filter(({ property, volumes }) =>
        (flags.type !== "volume" || volumes) && !choice.take.includes(property)
      ).map(({ property }) => property),
      ...choice.leave,
      // A plain stream with properties would turn encryption off below an encrypted parent; raw streams refuse this.
      ...(flags.raw ? [] : ["encryption"]),
    ]
    : [];
  return [
    "zfs",
    "receive",
    "-s",
    "-u",
    ...(flags.force ? ["-F"] : []),
    ...excluded.flatMap((property) => ["-x", property]),
    ...(flags.properties === "rest" ? [] : ["-o", "readonly=on"]),
    target,
  ];
}

/** The arguments that discard what a cut receive left. */
export function discardPartial(target: DatasetName): string[] {
  return ["zfs", "receive", "-A", target];
}
