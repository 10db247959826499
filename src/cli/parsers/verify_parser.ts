/**
 * The command line of `bzman verify`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { defaults } from "../../config/defaults.ts";
import { verifySettings } from "../../config/resolve.ts";
import { parseContent } from "../../config/values/content.ts";
import { parseTargetOf } from "../../zfs/names/endpoint.ts";
import { defineCommand } from "../definition.ts";
import { exclude, mailOptions, recordOptions, setting, source, target } from "../options/shared_options.ts";
import { value } from "../options/value.ts";

/** `bzman verify`. */
export const verifyCommand = defineCommand({
  name: "verify",
  brief: message`Verify the copy: compare the snapshots of both sides, and with --content the data in them.`,
  description:
    message`Compares the snapshots of both sides by GUID, and reports what is missing, extra or diverged. CRITICAL: a dataset is missing; a copy has no common snapshot with its source, or has diverged; contents differ, or cannot be read because of disk errors. WARNING: a copy lacks an older snapshot; a dataset was created after the last copy; contents were requested, and none could be compared. Notes only: snapshots that the target keeps longer, snapshots not copied yet (status judges the lag), datasets that only the target has, contents whose key is not loaded. Comparing contents needs root on both sides. Nothing stays mounted or changed; the property snapdev is set only while the blocks of a volume are read. The first line sums up the result. The exit status follows monitoring plugins: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. New problems are mailed.`,
  examples: [
    { line: "bzman verify tank target", says: "does the host target have all of the pool tank?" },
    { line: "bzman verify tank target --content 20", says: "20 random files of each filesystem too" },
    { line: "bzman verify tank/vm target --content all", says: "everything in the newest snapshots that both have" },
  ],
  options: merge(
    object("Arguments", { source, target }),
    object("Comparison", {
      content: setting(
        "--content",
        value("N", parseContent, "20"),
        defaults.content,
        message`Also compare the data of the newest common snapshot: the list of all files, and the checksums of N random files of each filesystem and N random blocks of 1 MiB of each volume (1 to 1000). all: every file and block.`,
      ),
      exclude,
    }),
    mailOptions,
    recordOptions,
  ),
  resolve: (flags, layer) =>
    verifySettings(flags.source, parseTargetOf(flags.source, flags.target), flags.content, layer),
  load: async () => (await import("../../commands/verify.ts")).verify,
});
