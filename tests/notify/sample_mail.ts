import type { Mail } from "../../src/core/mail.ts";
import { makeMessageId } from "../../src/notify/mail/mime.ts";

/** A mail for tests, with what the test is about changed. */
export function sampleMail(changes: Partial<Mail> = {}): Mail {
  return {
    messageId: makeMessageId(crypto.randomUUID(), 1, "alpha.example"),
    at: Date.UTC(2025, 2, 1),
    from: "bzman@alpha.example",
    to: ["root"],
    subject: "[CRITICAL] alpha: replicate tank>target failed",
    text: "what: it failed\n.\nFrom here on\n",
    ...changes,
  };
}
