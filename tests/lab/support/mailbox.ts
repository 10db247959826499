/**
 * Waiting for what a mail system delivers in its own time.
 *
 * @module
 */

import type { LabHost } from "../../../lab/lab.ts";

/** Root's mail, as soon as there are as many messages; throws when that takes half a minute. */
export async function awaitMail(host: LabHost, count: number): Promise<readonly string[]> {
  const end = Date.now() + 30_000;
  for (;;) {
    const messages = await host.mailbox();
    if (messages.length >= count) return messages;
    if (Date.now() > end) {
      throw new Error(`${messages.length} of ${count} messages after 30 s:\n${messages.join("\n")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** A message of one part as its reader sees it: quoted-printable undone. */
export function plainText(message: string): string {
  const bytes = message.replaceAll(/=\r?\n/g, "").replaceAll(/(?:=[0-9A-F]{2})+/g, (run) => {
    return new TextDecoder().decode(Uint8Array.fromHex(run.replaceAll("=", "")));
  });
  return /^Content-Transfer-Encoding: quoted-printable$/m.test(message) ? bytes : message;
}

/** The subjects of messages, unfolded. */
export function subjects(messages: readonly string[]): string[] {
  return messages.map((message) =>
    (/^Subject: (.*(?:\r?\n[ \t].*)*)/m.exec(message)?.[1] ?? "").replaceAll(/\s+/g, " ")
  );
}
