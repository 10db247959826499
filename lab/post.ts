/** What a lab host tells its administrator: mail and syslog. */

import { quote, type Remote } from "./remote.ts";

/** The messages in a user's mailbox as they lie there, oldest first. Waits for nothing. */
export async function mailbox(remote: Remote, user = "root"): Promise<readonly string[]> {
  const { stdout } = await remote.sh(`cat ${quote(`/var/mail/${user}`)} 2>/dev/null; true`);
  return stdout.split(/^(?=From \S+ +\S+ \S+ +\d)/m).filter((message) => message.trim() !== "");
}

/** Empties a user's mailbox. */
export async function clearMailbox(remote: Remote, user = "root"): Promise<void> {
  await remote.sh(`rm -f ${quote(`/var/mail/${user}`)}`);
}

/** The lines of the syslog, of one tag or all, oldest first. */
export async function syslog(remote: Remote, tag?: string): Promise<readonly string[]> {
  const { stdout } = await remote.sh("cat /var/log/syslog 2>/dev/null; true");
  const lines = stdout.split("\n").filter((line) => line !== "");
  if (tag === undefined) return lines;
  // The third word is the tag, perhaps with a process number: "bzman[123]:".
  return lines.filter((line) => (line.split(" ")[2] ?? "").split(/[[:]/)[0] === tag);
}
