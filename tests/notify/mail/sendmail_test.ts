import assert from "node:assert/strict";
import { sendMail } from "../../../src/notify/mail/send_mail.ts";
import { sendmailTransport } from "../../../src/notify/mail/sendmail.ts";
import { withPrograms } from "../fake_program.ts";
import { sampleMail } from "../sample_mail.ts";

Deno.test("sendmail gets the envelope as arguments and the mail on its standard input", () =>
  withPrograms(async (folder) => {
    const sendmail = folder.make("sendmail", 'echo "$@" > "$0.args"; exec cat > "$0.mail"');
    const delivery = await sendMail(sendmailTransport(sendmail), sampleMail({ to: ["root", "ann@example.org"] }));
    assert.deepEqual(delivery, { kind: "sent" });
    assert.equal(folder.read("sendmail.args"), "-i -f bzman@alpha.example root ann@example.org\n");
    assert.match(folder.read("sendmail.mail"), /\n\nwhat: it failed\n\.\nFrom here on\n$/);
  }));

Deno.test("a sendmail that fails says why; only what blames the mail is a refusal", () =>
  withPrograms(async (folder) => {
    const failing = folder.make("failing", 'cat >/dev/null; echo "queue is\nfull" >&2; exit 75');
    assert.deepEqual(await sendMail(sendmailTransport(failing), sampleMail()), {
      kind: "closed",
      error: `${failing} ended with status 75: queue is; full`,
    });
    const refusing = folder.make("refusing", "echo 'no such user' >&2; exit 67");
    assert.deepEqual(await sendMail(sendmailTransport(refusing), sampleMail()), {
      kind: "refused",
      recipients: ["root"],
      error: `${refusing} ended with status 67: no such user`,
    });
  }));

Deno.test("a sendmail that hangs is stopped, also one that ignores TERM, and what it started goes with it", () =>
  withPrograms(async (folder) => {
    for (const [name, script] of [["meek", ""], ["deaf", "trap '' TERM; "]] as const) {
      const hanging = folder.make(name, `${script}sleep 60 & echo $! > "$0.child"; while :; do sleep 1; done`);
      const started = performance.now();
      const delivery = await sendMail(
        sendmailTransport(hanging),
        sampleMail({ text: "x".repeat(1_000_000) }),
        ["root"],
        500,
      );
      assert.equal(delivery.kind, "closed");
      assert.ok(performance.now() - started < 30_000, `${performance.now() - started}`);
      assert.equal(commandOf(folder.read(`${name}.child`).trim()), "", name);
    }
  }));

/** What a process runs; nothing once it is gone, though nobody may have asked for its end yet. */
function commandOf(pid: string): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/cmdline`);
  } catch {
    return "";
  }
}

Deno.test("a sendmail that is not there, or reads nothing", () =>
  withPrograms(async (folder) => {
    const missing = await sendMail(sendmailTransport("/nonexistent/sendmail"), sampleMail());
    assert.equal(missing.kind, "closed");
    const blind = folder.make("blind", "exit 0");
    assert.deepEqual(await sendMail(sendmailTransport(blind), sampleMail({ text: "x".repeat(1_000_000) })), {
      kind: "sent",
    });
  }));

Deno.test("a sendmail that leaves a program behind with the pipe in its hands is not waited for", () =>
  withPrograms(async (folder) => {
    const leaving = folder.make(
      "leaving",
      'exec 3<&0; setsid sleep 60 <&3 >/dev/null 2>&1 & echo $! > "$0.child"; exit 75',
    );
    const started = performance.now();
    const delivery = await sendMail(
      sendmailTransport(leaving),
      sampleMail({ text: "x".repeat(1_000_000) }),
      ["root"],
      5_000,
    );
    assert.equal(delivery.kind, "closed");
    assert.ok(performance.now() - started < 20_000, `${performance.now() - started}`);
    Deno.kill(Number(folder.read("leaving.child")));
  }));

Deno.test("a mail to what is no address is refused before anything runs", async () => {
  const delivery = await sendMail(sendmailTransport("/nonexistent/sendmail"), sampleMail({ to: ["-oQ/tmp"] }));
  assert.equal(delivery.kind, "refused");
});
