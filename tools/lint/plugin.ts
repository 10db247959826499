/**
 * The house's own lint plugin, loaded by `deno lint` through `deno.json`.
 *
 * @module
 */

import { capabilityRule } from "./capabilities.ts";
import { circles } from "./circles.ts";
import { documented } from "./documented.ts";
import { layers } from "./layers.ts";
import { purity } from "./purity.ts";
import { words } from "./words.ts";

/** The plugin. */
const plugin: Deno.lint.Plugin = {
  name: "bzman",
  rules: { capabilities: capabilityRule, circles, documented, layers, purity, words },
};

export default plugin;
