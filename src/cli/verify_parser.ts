/**
 * The command line of `bzman verify`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { defaults } from "../config/defaults.ts";
import { verifySettings } from "../config/settle.ts";
import { parseContent } from "../config/values/content.ts";
import { parseTargetOf } from "../zfs/endpoint.ts";
import { defineCommand } from "./definition.ts";
import { exclude, mailOptions, recordOptions, setting, source, target } from "./shared_options.ts";
import { value } from "./value.ts";

/** `bzman verify`. */
export const verifyCommand = defineCommand({
  name: "verify",
  brief: message`Prove the copy: compare the versions on both sides, and with --content what is in them.`,
  description:
    message`Compares the snapshots of both sides by GUID, and tells what is missing, extra or diverged. CRITICAL: a dataset is missing; a copy has nothing in common with its source, or went its own way; contents differ, or the disks do not give them. WARNING: a copy lacks an older snapshot; a dataset was made after what was copied; contents were asked for, and none could be compared. Told, and well: what the target keeps longer, what was not copied yet (status judges the lag), what only the target has, what cannot be read for want of a key. Contents need root on both sides. Nothing is left mounted or changed; while the blocks of a volume are read, its property snapdev is. The first line says it all, and the exit status is that of monitoring plugins: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. New trouble is mailed.`,
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
        message`Also compare what is in the newest snapshot that both sides have: the list of all files, and by checksum N random files of each filesystem and N random blocks of 1 MiB of each volume, 1 to 1000; all: every file and block.`,
      ),
      exclude,
    }),
    mailOptions,
    recordOptions,
  ),
  settle: (flags, layer) =>
    verifySettings(flags.source, parseTargetOf(flags.source, flags.target), flags.content, layer),
  load: async () => (await import("../commands/verify.ts")).verify,
});
