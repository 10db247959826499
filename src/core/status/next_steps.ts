/**
 * What to type about datasets that only one side has. Pure.
 *
 * @module
 */

import { isWithin } from "../../zfs/names/names.ts";
import { commandOn, shellWord } from "../check.ts";

/** Both ends of a job, as the record names them: `host:dataset`. */
export interface JobEnds {
  readonly source: string;
  readonly target: string;
}

/**
 * The command that copies a dataset of this machine which no job copies: to where it would lie beside what the nearest
 * job copies.
 *
 * @param here The name of this machine.
 * @returns `undefined` when no job of its pool shows the way.
 */
export function copyCommand(dataset: string, jobs: readonly JobEnds[], here: string): string | undefined {
  const pool = dataset.split("/", 1)[0] ?? dataset;
  const ends = jobs.map(({ source, target }) => ({ source: split(source), target: split(target) }))
    .filter(({ source }) => source.host === here && isWithin(source.dataset, pool));
  // The job whose tree holds it shows its place; else any of the pool shows the host.
  const around = ends.filter(({ source }) => isWithin(dataset, source.dataset))
    .sort((a, b) => b.source.dataset.length - a.source.dataset.length)[0];
  const target = around
    ? { host: around.target.host, dataset: around.target.dataset + dataset.slice(around.source.dataset.length) }
    : ends[0] && { host: ends[0].target.host, dataset };
  if (target === undefined || (target.host === here && target.dataset === dataset)) return undefined;
  const word = `${target.host === here ? "" : target.host}:${target.dataset}`;
  return `bzman replicate ${shellWord(dataset)} ${shellWord(word)}`;
}

/** The command that shows what a dataset holds that only the target has, before anybody decides to be rid of it. */
export function orphanCommand(dataset: string, { target }: JobEnds, here: string): string {
  const { host } = split(target);
  const words = ["zfs", "list", "-r", "-t", "all", "-o", "name,used,creation", dataset];
  return commandOn(host === here ? undefined : host, words);
}

function split(end: string): { host: string; dataset: string } {
  const colon = end.indexOf(":");
  return { host: end.slice(0, colon), dataset: end.slice(colon + 1) };
}
