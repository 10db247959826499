/**
 * Quotas and reservations that will surprise somebody while the pool itself has space. Pure.
 *
 * @module
 */

import type { SpaceLimits } from "../../zfs/pools/space_limits.ts";
import type { CheckFinding, Formatters } from "../check.ts";
import { poolCommand, poolLabel, type PoolPlace } from "../health/pool_inspection.ts";

/** A quota of which more is used is nearly reached. */
const nearlyFull = 0.9;
/** Reservations that keep more of a pool without using it are worth a word. */
const keptShare = 0.1;
/** At most so many datasets are named. */
const maxNamed = 5;

/** The findings on limits: none when nothing surprises. */
export function judgeQuotas(place: PoolPlace, datasets: readonly SpaceLimits[], format: Formatters): CheckFinding[] {
  const [root] = datasets;
  if (root === undefined) return [];
  return [
    ...quotas(place, datasets, format),
    ...reservations(place, datasets, root, format),
    ...volumes(place, datasets, root, format),
  ];
}

function quotas(place: PoolPlace, datasets: readonly SpaceLimits[], format: Formatters): CheckFinding[] {
  const reached = datasets.flatMap((dataset) => [
    ...limit(dataset, "quota", dataset.usedBytes, dataset.quotaBytes, format),
    ...limit(dataset, "refquota", dataset.referencedBytes, dataset.refquotaBytes, format),
  ]);
  const [first] = reached;
  if (first === undefined) return [];
  return [{
    check: "quota-nearly-full",
    subject: poolLabel(place),
    verdict: "warning",
    text: named(reached.map(({ text }) => text)),
    next: poolCommand({ ...place, pool: first.name }, "zfs", "set", `${first.kind}=SIZE`),
  }];
}

function limit({ name }: SpaceLimits, kind: "quota" | "refquota", used: bigint, most: bigint, format: Formatters) {
  if (most === 0n || Number(used) < nearlyFull * Number(most)) return [];
  const percent = Math.floor(100 * Number(used) / Number(most));
  return [{ name, kind, text: `${name} has used ${percent} % of its ${kind} of ${format.bytes(most)}` }];
}

function reservations(
  place: PoolPlace,
  datasets: readonly SpaceLimits[],
  root: SpaceLimits,
  format: Formatters,
): CheckFinding[] {
  const kept = datasets.map((dataset) => ({ name: dataset.name, bytes: keptBy(dataset) })).filter(({ bytes }) =>
    bytes > 0n
  ).sort((a, b) => a.bytes < b.bytes ? 1 : -1);
  const sum = kept.reduce((total, { bytes }) => total + bytes, 0n);
  const total = root.usedBytes + root.availableBytes;
  if (Number(sum) <= keptShare * Number(total)) return [];
  const names = named(kept.map(({ name, bytes }) => `${name} ${format.bytes(bytes)}`));
  return [{
    check: "reservations",
    subject: poolLabel(place),
    // Somebody wanted it so; it only has to be known when free space is counted.
    verdict: "ok",
    text: `reservations keep ${format.bytes(sum)} that nothing uses: ${names}`,
  }];
}

/** What a dataset keeps for itself without using it. Its used bytes count what its refreservation keeps already. */
function keptBy({ usedBytes, reservationBytes, usedByRefreservationBytes }: SpaceLimits): bigint {
  const unused = reservationBytes > usedBytes ? reservationBytes - usedBytes : 0n;
  return unused + usedByRefreservationBytes;
}

/** A snapshot of a volume that is not sparse must be able to keep its whole size once more. */
function volumes(
  place: PoolPlace,
  datasets: readonly SpaceLimits[],
  root: SpaceLimits,
  format: Formatters,
): CheckFinding[] {
  const tight = datasets.filter((dataset) =>
    dataset.type === "volume" && dataset.refreservationBytes > 0n && dataset.writtenBytes > root.availableBytes
  );
  const [first] = tight;
  if (first === undefined) return [];
  const texts = tight.map(({ name, writtenBytes }) => `${name} needs ${format.bytes(writtenBytes)}`);
  return [{
    check: "volume-snapshot",
    subject: poolLabel(place),
    verdict: "warning",
    text: `volumes cannot be snapshotted, since they reserve their full size again: ${named(texts)}, and ` +
      `${format.bytes(root.availableBytes)} are free`,
    next: poolCommand({ ...place, pool: first.name }, "zfs", "set", "refreservation=none"),
  }];
}

function named(texts: readonly string[]): string {
  const more = texts.length > maxNamed ? ` and ${texts.length - maxNamed} more` : "";
  return `${texts.slice(0, maxNamed).join(", ")}${more}`;
}
