/**
 * SOURCE and TARGET as typed: `tank`, `ann@host:tank/home`, `host`, `:backup/tank`, `[fe80::1]:tank`.
 *
 * Names of datasets may hold colons, names of hosts may not hold slashes, so one rule decides: the host ends at the
 * first colon, unless a slash comes before it. `tank/a:b` is a dataset here; `tank:a` is the dataset `a` on the host
 * `tank`. A leading colon says "this machine" and makes everything behind it a dataset: `:tank:a`. An IPv6 address
 * stands in brackets.
 *
 * @module
 */

import { type DatasetName, isWithin, parseDatasetName } from "./names.ts";
import { machineOf, parseHost } from "./host_name.ts";

/** One end of a replication. */
export interface Endpoint {
  /** As typed, for messages and for the job's name. */
  readonly text: string;
  /**
   * `user@host` or `host` for ssh, an IPv6 address without its brackets (`ann@fe80::1`); `undefined` for this machine.
   */
  readonly host: string | undefined;
  /** The dataset at the top of the tree. For a target given as `HOST` alone it is the source's. */
  readonly dataset: DatasetName;
}

/** A target as typed. `HOST` alone has no dataset until it meets its source. */
export interface TypedTarget {
  readonly text: string;
  readonly host: string | undefined;
  readonly dataset: DatasetName | undefined;
}

/**
 * Reads a SOURCE: `POOL[/DATASET]` here, or `[USER@]HOST:POOL[/DATASET]`.
 *
 * @throws {SyntaxError} Says which rule the text breaks.
 */
export function parseSource(text: string): Endpoint {
  const { host, rest } = split(text);
  return { text, host: host === undefined ? undefined : parseHost(host), dataset: parseTop(rest, text) };
}

/**
 * Reads a TARGET: `[USER@]HOST`, `[USER@]HOST:POOL[/DATASET]`, or `:POOL[/DATASET]` for this machine.
 *
 * @throws {SyntaxError} Says which rule the text breaks.
 */
export function parseTarget(text: string): TypedTarget {
  const { host, rest } = split(text);
  if (host !== undefined) return { text, host: parseHost(host), dataset: parseTop(rest, text) };
  if (text.startsWith(":")) return { text, host: undefined, dataset: parseTop(rest, text) };
  if (text.includes("/")) {
    throw new SyntaxError(
      `${JSON.stringify(text)} is not a host; write HOST:POOL/DATASET for another machine, or :${text} for this one`,
    );
  }
  return { text, host: parseHost(text), dataset: undefined };
}

/**
 * Completes a target from its source and refuses a pair that would send a tree into itself.
 *
 * @param source Where data comes from.
 * @param target Where it goes, as typed.
 * @throws {SyntaxError} When both are the same dataset of the same machine, or one lies within the other.
 */
export function parseTargetOf(source: Endpoint, target: TypedTarget): Endpoint {
  const dataset = target.dataset ?? source.dataset;
  if (machineOf(source.host) === machineOf(target.host)) {
    const where = `of ${source.host === undefined ? "this machine" : JSON.stringify(source.host)}`;
    if (dataset === source.dataset) {
      throw new SyntaxError(`SOURCE and TARGET are the same dataset, ${JSON.stringify(dataset)} ${where}`);
    }
    if (isWithin(dataset, source.dataset)) {
      throw new SyntaxError(
        `TARGET ${JSON.stringify(dataset)} lies within SOURCE ${JSON.stringify(source.dataset)} ${where}: ` +
          "each run would copy the copy",
      );
    }
    if (isWithin(source.dataset, dataset)) {
      throw new SyntaxError(
        `SOURCE ${JSON.stringify(source.dataset)} lies within TARGET ${JSON.stringify(dataset)} ${where}: ` +
          "receiving would overwrite it",
      );
    }
  }
  return { text: target.text, host: target.host, dataset };
}

/** Parts a text at the colon that ends the host, if there is one. */
function split(text: string): { readonly host: string | undefined; readonly rest: string } {
  const bracketed = /^((?:[^\[\]\/:]*@)?\[[^\]]*\]):(.*)$/s.exec(text);
  if (bracketed) return { host: bracketed[1] ?? "", rest: bracketed[2] ?? "" };
  const colon = text.indexOf(":");
  const slash = text.indexOf("/");
  if (colon < 0 || text.includes("[") || (slash >= 0 && slash < colon)) return { host: undefined, rest: text };
  if (colon === 0) return { host: undefined, rest: text.slice(1) };
  return { host: text.slice(0, colon), rest: text.slice(colon + 1) };
}

/** Checks the dataset of an endpoint and explains the slips that are likely here. */
function parseTop(name: string, text: string): DatasetName {
  const mark = /[@#]/.exec(name);
  if (mark && name === text && !name.includes(":")) {
    throw new SyntaxError(
      `${JSON.stringify(text)} names a ${mark[0] === "@" ? "snapshot" : "bookmark"}; write the dataset alone`,
    );
  }
  if (name === "") throw new SyntaxError(`${JSON.stringify(text)} names no dataset; write POOL or POOL/DATASET`);
  return parseDatasetName(name);
}
