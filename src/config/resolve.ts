/**
 * Turns merged layers into the settings of one command, defaults filled in.
 *
 * @module
 */

import type { Endpoint } from "../zfs/names/endpoint.ts";
import { defaults } from "./defaults.ts";
import type { Layer } from "./layer.ts";
import type { CommonSettings, ContentAmount, PruneSettings, ReplicateSettings, VerifySettings } from "./settings.ts";

/** What all commands share. */
export function commonSettings(layer: Layer): CommonSettings {
  return {
    db: layer.db ?? defaults.db.value,
    mail: {
      to: layer.mailTo ?? defaults.mailTo.value,
      from: layer.mailFrom ?? defaults.mailFrom.value,
      smtpUrl: layer.smtp ?? defaults.smtp.value,
    },
    json: layer.json ?? false,
    quiet: layer.quiet ?? false,
    debug: layer.debug ?? false,
  };
}

/** The name of a job that no config file names: both ends as typed. */
export function jobName(source: Endpoint, target: Endpoint): string {
  return `${source.text}>${target.text}`;
}

/** What `replicate` and `preflight` do. */
export function replicateSettings(source: Endpoint, target: Endpoint, layer: Layer): ReplicateSettings {
  return {
    job: jobName(source, target),
    source,
    target,
    dryRun: layer.dryRun ?? false,
    snapshot: layer.snapshot ?? true,
    prefix: layer.prefix ?? defaults.prefix.value,
    keep: layer.keep ?? defaults.keep.value,
    exclude: layer.exclude ?? defaults.exclude.value,
    raw: layer.raw ?? defaults.raw.value,
    mbuffer: layer.mbuffer ?? defaults.mbuffer.value,
    bwlimit: layer.bwlimit ?? defaults.bwlimit.value,
    onDivergence: layer.onDivergence ?? defaults.onDivergence.value,
    onForeign: layer.onForeign ?? defaults.onForeign.value,
    foreignSnapshots: layer.foreignSnapshots ?? defaults.foreignSnapshots.value,
    properties: layer.properties ?? defaults.properties.value,
    noProperties: layer.noProperties ?? defaults.noProperties.value,
    retries: layer.retries ?? defaults.retries.value,
    stallMs: layer.stall ?? defaults.stall.value,
    ignoreSpace: layer.ignoreSpace ?? false,
    adopt: layer.adopt ?? false,
    ping: layer.ping ?? defaults.ping.value,
    objectiveMs: layer.objective ?? defaults.objective.value,
  };
}

/** What `prune` does. */
export function pruneSettings(source: Endpoint, target: Endpoint | undefined, layer: Layer): PruneSettings {
  return {
    job: target === undefined ? undefined : jobName(source, target),
    source,
    target,
    dryRun: layer.dryRun ?? false,
    prefix: layer.prefix ?? defaults.prefix.value,
    keep: layer.keep ?? defaults.keep.value,
    exclude: layer.exclude ?? defaults.exclude.value,
    adopt: layer.adopt ?? false,
  };
}

/** What `verify` compares. */
export function verifySettings(
  source: Endpoint,
  target: Endpoint,
  content: ContentAmount | undefined,
  layer: Layer,
): VerifySettings {
  return {
    job: jobName(source, target),
    source,
    target,
    content: content ?? defaults.content.value,
    exclude: layer.exclude ?? defaults.exclude.value,
  };
}
