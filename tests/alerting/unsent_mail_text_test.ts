import { equal } from "node:assert/strict";
import { unsentMailText } from "../../src/alerting/unsent_mail_text.ts";

const mail = { subject: "[CRITICAL] here: it failed", text: "why\n" };
const whole = "\n[CRITICAL] here: it failed\nwhy\n";

Deno.test("a mail that did not go out is printed whole once, and only where nothing else was printed", () => {
  for (
    const [quiet, isTerminal, attempts, text] of [
      [true, false, 0, whole],
      [true, false, 1, ""],
      [true, true, 0, ""],
      [false, false, 0, ""],
      [false, true, 0, ""],
    ] as const
  ) {
    equal(unsentMailText(mail, { quiet }, { stderr: { isTerminal } }, attempts), text);
  }
});
