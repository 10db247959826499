/**
 * The command line of `bzman mail test`.
 *
 * @module
 */

import { merge } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import type { NoSettings } from "../../config/settings.ts";
import { defineCommand } from "../definition.ts";
import { mailOptions, recordOptions } from "../options/shared_options.ts";

/** `bzman mail test`. */
export const mailTestCommand = defineCommand({
  name: "mail test",
  brief: message`Send a test mail through the configured transport, and show where it went.`,
  examples: [{ line: "bzman mail test --mail-to ann@example.org", says: "does a mail to Ann go out?" }],
  options: merge(mailOptions, recordOptions),
  resolve: (): NoSettings => ({}),
  load: async () => (await import("../../commands/mail_test.ts")).mailTest,
});
