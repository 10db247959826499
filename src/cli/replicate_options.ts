/**
 * The options that say how data travels, shared by `replicate` and `preflight`.
 *
 * @module
 */

import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { defaults } from "../config/defaults.ts";
import { countBetween } from "../config/values/count.ts";
import { parseStall } from "../config/values/stall.ts";
import { parseBufferSize, parseRate } from "../config/values/size.ts";
import { adopt, exclude, keep, list, prefix, setting, toggle } from "./shared_options.ts";
import { parsePropertyName } from "../zfs/receive.ts";
import { oneOf, value } from "./value.ts";

/** What is sent and what is kept. */
export const snapshotOptions = { prefix, keep, exclude, adopt };

/** How it travels, and what happens when the target is not what it should be. */
export const transferOptions = object("Transfer", {
  raw: setting(
    "--raw",
    oneOf("WHEN", ["auto", "always", "never"]),
    defaults.raw,
    message`Send encrypted datasets as they are, unreadable on the target without the key; auto: every encrypted one.`,
  ),
  mbuffer: setting(
    "--mbuffer",
    value("SIZE", parseBufferSize, "256M"),
    defaults.mbuffer,
    message`Buffer the stream on both sides with mbuffer and so much memory, such as 256M.`,
  ),
  bwlimit: setting(
    "--bwlimit",
    value("RATE", parseRate, "50M"),
    defaults.bwlimit,
    message`The most bytes a second for the whole run, such as 50M.`,
  ),
  onDivergence: setting(
    "--on-divergence",
    oneOf("POLICY", ["refuse", "rollback", "keep-both"]),
    defaults.onDivergence,
    message`When a dataset on the target went its own way: refuse it; roll it back, which discards its changes; or set it aside under a new name.`,
  ),
  onForeign: setting(
    "--on-foreign",
    oneOf("POLICY", ["refuse", "keep-both"]),
    defaults.onForeign,
    message`When the target has data of others in a dataset's place: refuse it, or set it aside under a new name.`,
  ),
  foreignSnapshots: setting(
    "--foreign-snapshots",
    oneOf("POLICY", ["keep", "follow-source"]),
    defaults.foreignSnapshots,
    message`Replicated snapshots that bzman did not make and the source has no more: keep them on the target, or follow the source and destroy there those that the record shows it had; held and cloned ones stay in any case.`,
  ),
  properties: list(
    "--property",
    value("NAME", parsePropertyName, "quota"),
    defaults.properties,
    message`Take over a property that steers the source machine too (mountpoint, sharenfs, sharesmb, quota, refquota, reservation, refreservation). May be given again.`,
  ),
  noProperties: list(
    "--no-property",
    value("NAME", parsePropertyName, "compression"),
    defaults.noProperties,
    message`Leave a property to the target: it inherits its own there. May be given again.`,
  ),
  retries: setting(
    "--retries",
    value("N", countBetween(0, 20), "3"),
    defaults.retries,
    message`How often a passing fault is tried again, 0 to 20.`,
  ),
  stall: setting(
    "--stall",
    value("TIME", parseStall, "30m"),
    defaults.stall,
    message`End a stream that moves no byte for so long, such as 30m.`,
  ),
  ignoreSpace: toggle(
    "--ignore-space",
    message`Send also what does not seem to fit: only warn, where the target compresses or deduplicates more than the source.`,
  ),
});
