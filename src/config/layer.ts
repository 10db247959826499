/**
 * Settings come in layers: the command line lies above the environment, that above the config file, that above the
 * defaults. A layer may be silent about anything.
 *
 * @module
 */

import type { Keep, ReplicateSettings } from "./settings.ts";

/** What one source of settings says. */
export interface Layer {
  readonly db?: string | undefined;
  readonly mailTo?: readonly string[] | undefined;
  readonly mailFrom?: string | undefined;
  readonly smtp?: string | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly debug?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly snapshot?: boolean | undefined;
  readonly prefix?: string | undefined;
  readonly keep?: Keep | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly raw?: ReplicateSettings["raw"] | undefined;
  readonly mbuffer?: string | undefined;
  readonly bwlimit?: number | undefined;
  readonly onDivergence?: ReplicateSettings["onDivergence"] | undefined;
  readonly onForeign?: ReplicateSettings["onForeign"] | undefined;
  readonly foreignSnapshots?: ReplicateSettings["foreignSnapshots"] | undefined;
  readonly properties?: readonly string[] | undefined;
  readonly noProperties?: readonly string[] | undefined;
  readonly ping?: string | undefined;
  readonly objective?: number | undefined;
  readonly retries?: number | undefined;
  readonly stall?: number | undefined;
  readonly ignoreSpace?: boolean | undefined;
  readonly adopt?: boolean | undefined;
}

/**
 * Lays layers over each other.
 *
 * @param layers The one that wins first.
 * @returns For every setting the first layer's word that has one. Lists are taken whole, not joined.
 */
export function mergeLayers(...layers: readonly Layer[]): Layer {
  const merged: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) {
      if (value !== undefined) merged[name] ??= value;
    }
  }
  return merged;
}
