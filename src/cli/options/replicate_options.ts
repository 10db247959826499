/**
 * The options that say how data travels, shared by `replicate` and `preflight`.
 *
 * @module
 */

import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { defaults } from "../../config/defaults.ts";
import { countBetween } from "../../config/values/count.ts";
import { parseStall } from "../../config/values/stall.ts";
import { parseBufferSize, parseRate } from "../../config/values/size.ts";
import { adopt, exclude, keep, list, prefix, setting, toggle } from "./shared_options.ts";
import { parsePropertyName } from "../../zfs/arguments/receive.ts";
import { oneOf, value } from "./value.ts";

/** What is sent and what is kept. */
export const snapshotOptions = { prefix, keep, exclude, adopt };

/** How it travels, and what happens when the target is not what it should be. */
export const transferOptions = object("Transfer", {
  raw: setting(
    "--raw",
    oneOf("WHEN", ["auto", "always", "never"]),
    defaults.raw,
    message`Send encrypted datasets raw, so that the target cannot read them without the key. auto: every encrypted dataset.`,
  ),
  mbuffer: setting(
    "--mbuffer",
    value("SIZE", parseBufferSize, "256M"),
    defaults.mbuffer,
    message`Buffer the stream with mbuffer on both sides, with this much memory on each, such as 256M.`,
  ),
  bwlimit: setting(
    "--bwlimit",
    value("RATE", parseRate, "50M"),
    defaults.bwlimit,
    message`Limit the whole run to this many bytes per second, such as 50M.`,
  ),
  onDivergence: setting(
    "--on-divergence",
    oneOf("POLICY", ["refuse", "rollback", "keep-both"]),
    defaults.onDivergence,
    message`If a dataset on the target has diverged: refuse it; rollback: discard its changes; keep-both: set it aside under a new name.`,
  ),
  onForeign: setting(
    "--on-foreign",
    oneOf("POLICY", ["refuse", "keep-both"]),
    defaults.onForeign,
    message`If a foreign dataset has the name that a copy needs on the target: refuse it, or set it aside under a new name.`,
  ),
  foreignSnapshots: setting(
    "--foreign-snapshots",
    oneOf("POLICY", ["keep", "follow-source"]),
    defaults.foreignSnapshots,
    message`Foreign snapshots (not made by bzman) that the source has deleted: keep them on the target; or follow-source: destroy those there that the record shows the source had. Held and cloned snapshots are always kept.`,
  ),
  properties: list(
    "--property",
    value("NAME", parsePropertyName, "quota"),
    defaults.properties,
    message`Receive a property that affects the target machine (mountpoint, sharenfs, sharesmb, quota, refquota, reservation, refreservation). May be repeated.`,
  ),
  noProperties: list(
    "--no-property",
    value("NAME", parsePropertyName, "compression"),
    defaults.noProperties,
    message`Do not receive this property; the target inherits its own value. May be repeated.`,
  ),
  retries: setting(
    "--retries",
    value("N", countBetween(0, 20), "3"),
    defaults.retries,
    message`Retries after a transient error, 0 to 20.`,
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
