/**
 * The house's own lint plugin, loaded by `deno lint` through `deno.json`.
 *
 * @module
 */

import { documented } from "./documented.ts";
import { layers } from "./layers.ts";
import { purity } from "./purity.ts";

/** The plugin. */
const plugin: Deno.lint.Plugin = { name: "bzman", rules: { documented, layers, purity } };

export default plugin;
