import assert from "node:assert/strict";
import type { Mail } from "../../../src/core/mail.ts";
import type { Delivery, MailTransport } from "../../../src/notify/mail/delivery.ts";
import { pauseMs, sendWaiting } from "../../../src/notify/mail/outbox.ts";
import { deliver } from "../../../src/notify/mail/deliver.ts";
import { openHistory } from "../../../src/history/open.ts";
import { start } from "../../history/sample_run.ts";
import { withFolder } from "../../history/with_history.ts";
import { sampleMail } from "../sample_mail.ts";

const minute = 60_000;

/** A record, a way out whose answers the test gives, and a clock that it moves. */
function withOutbox(
  action: (desk: {
    history: ReturnType<typeof openHistory>;
    /** Subjects that went out, in order. */
    out: string[];
    /** Subjects that were tried. */
    tried: string[];
    answer: (judge: (subject: string, to: readonly string[]) => Delivery) => void;
    wait: (ms: number) => void;
    keep: (subject: string, changes?: Partial<Mail>) => Mail;
    send: () => ReturnType<typeof sendWaiting>;
  }) => Promise<void>,
): Promise<void> {
  return withFolder(async (folder) => {
    let now = start;
    const clock = () => now;
    using history = openHistory(`${folder}/bzman.db`, { clock });
    const out: string[] = [];
    const tried: string[] = [];
    let judge: (subject: string, to: readonly string[]) => Delivery = () => ({ kind: "sent" });
    const way: MailTransport = {
      name: "test",
      lineEnd: "\n",
      send(envelope, message): Promise<Delivery> {
        const subject = /^Subject: (.*)$/m.exec(new TextDecoder().decode(message))?.[1] ?? "";
        const delivery = judge(subject, envelope.to);
        tried.push(subject);
        if (delivery.kind === "sent") out.push(subject);
        return Promise.resolve(delivery);
      },
    };
    await action({
      history,
      out,
      tried,
      answer: (next) => judge = next,
      wait: (ms) => now += ms,
      keep(subject, changes = {}): Mail {
        const mail = sampleMail({ subject, ...changes });
        assert.ok(history.keepMail(mail, now));
        return mail;
      },
      send: () => sendWaiting(history, way, clock),
    });
    assert.deepEqual(history.errors, []);
  });
}

const closed: Delivery = { kind: "closed", error: "nobody listens" };

Deno.test("pauses grow from a minute to an hour", () => {
  assert.deepEqual([0, 1, 2, 5, 6, 50].map((attempts) => pauseMs(attempts) / minute), [1, 2, 4, 32, 60, 60]);
});

Deno.test("a mail goes out once, and only once", () =>
  withOutbox(async ({ history, out, keep, send }) => {
    const mail = keep("a");
    keep("a", { messageId: mail.messageId });
    assert.deepEqual((await send()).sent, [mail]);
    await send();
    assert.deepEqual(out, ["a"]);
    assert.equal(history.countWaitingMails(), 0);
  }));

Deno.test("a server that is down for three runs: then every mail once, oldest first", () =>
  withOutbox(async ({ history, out, answer, wait, keep, send }) => {
    answer(() => closed);
    for (const subject of ["a", "b", "c"]) {
      keep(subject);
      const { sent, waiting } = await send();
      assert.deepEqual(sent, []);
      assert.equal(waiting[0]?.error, "nobody listens");
      wait(10 * minute);
    }
    answer(() => ({ kind: "sent" }));
    keep("d");
    await send();
    assert.deepEqual(out, ["a", "b", "c", "d"]);
    assert.equal(history.countWaitingMails(), 0);
  }));

Deno.test("while nothing is due nothing is tried", () =>
  withOutbox(async ({ tried, answer, wait, keep, send }) => {
    answer(() => closed);
    keep("a");
    await send();
    wait(minute - 1);
    await send();
    assert.deepEqual(tried, ["a"]);
    wait(1);
    await send();
    wait(2 * minute - 1);
    await send();
    assert.deepEqual(tried, ["a", "a"]);
  }));

Deno.test("one mail that the server cannot digest does not hold up the others", () =>
  withOutbox(async ({ out, answer, wait, keep, send }) => {
    answer((subject) => subject === "bad" ? closed : { kind: "sent" });
    keep("bad");
    await send();
    for (const subject of ["a", "b"]) {
      wait(10 * minute);
      keep(subject);
      await send();
    }
    assert.deepEqual(out, ["a", "b"]);
  }));

Deno.test("a closed way costs two attempts a round, however many mails wait", () =>
  withOutbox(async ({ tried, answer, keep, send }) => {
    for (let number = 0; number < 30; number += 1) keep(`m${number}`);
    answer(() => closed);
    await send();
    assert.deepEqual(tried, ["m0", "m29"]);
  }));

Deno.test("a refused mail waits its own time; a refused recipient is tried alone", () =>
  withOutbox(async ({ history, tried, answer, wait, keep, send }) => {
    answer((subject) => subject === "no" ? { kind: "refused", recipients: ["bob"], error: "550" } : { kind: "sent" });
    keep("no", { to: ["ann", "bob"] });
    await send();
    assert.deepEqual(history.waitingMails(start)[0]?.to, ["bob"]);
    keep("yes");
    await send();
    assert.deepEqual(tried, ["no", "yes"]);
    wait(minute);
    answer((_, to) => {
      assert.deepEqual(to, ["bob"]);
      return { kind: "sent" };
    });
    await send();
    assert.equal(history.countWaitingMails(), 0);
  }));

Deno.test("two runs do not send the same mail at once; the claim of a killed one ends", () =>
  withOutbox(async ({ history, out, wait, keep, send }) => {
    keep("a");
    assert.ok(history.claimMail(1, start, start + 2 * minute));
    assert.ok(!history.claimMail(1, start, start + 2 * minute));
    await send();
    assert.deepEqual(out, []);
    wait(2 * minute);
    await send();
    assert.deepEqual(out, ["a"]);
  }));

Deno.test("many mails that nobody takes do not hold up those of today", () =>
  withOutbox(async ({ out, tried, answer, wait, keep, send }) => {
    answer((subject) =>
      subject === "old" ? { kind: "refused", recipients: ["root"], error: "gone" } : { kind: "sent" }
    );
    for (let number = 0; number < 120; number += 1) keep("old");
    for (let hours = 0; hours < 12; hours += 1) {
      await send();
      wait(61 * minute);
    }
    keep("today");
    tried.length = 0;
    await send();
    assert.deepEqual(out, ["today"]);
    assert.equal(tried.length, 50);
  }));

Deno.test("a clock that was set back does not silence the outbox", () =>
  withOutbox(async ({ out, answer, wait, keep, send }) => {
    answer(() => closed);
    keep("a");
    await send();
    wait(-24 * 60 * minute);
    answer(() => ({ kind: "sent" }));
    await send();
    assert.deepEqual(out, ["a"]);
  }));

Deno.test("a run that was killed while it sent, before a clock was set back, holds no mail back", () =>
  withOutbox(async ({ history, out, wait, keep, send }) => {
    keep("a");
    const [kept] = history.waitingMails(start);
    assert.ok(kept && history.claimMail(kept.id, start, start + 2 * minute));
    await send();
    assert.deepEqual(out, []);
    wait(-24 * 60 * minute);
    await send();
    assert.deepEqual(out, ["a"]);
  }));

Deno.test("a mail that cannot be composed waits and says why", () =>
  withOutbox(async ({ history, keep, send }) => {
    keep("a", { to: ["not an address"] });
    const { waiting } = await send();
    assert.match(waiting[0]?.error ?? "", /not a mail address/);
    assert.match(history.waitingMails(start)[0]?.lastError ?? "", /not a mail address/);
  }));

Deno.test("without a usable record mail goes directly, and what does not is handed back", async () => {
  using history = openHistory("/dev/null/no/bzman.db", { clock: () => start });
  const [mail, lost] = [sampleMail({ subject: "direct" }), sampleMail({ subject: "lost" })];
  assert.equal(history.keepMail(mail, start), false);
  const way: MailTransport = {
    name: "test",
    lineEnd: "\n",
    send: (_, message) =>
      Promise.resolve(new TextDecoder().decode(message).includes("Subject: lost") ? closed : { kind: "sent" }),
  };
  const report = await deliver(history, way, [mail, lost], () => start);
  assert.deepEqual(report.sent, [mail]);
  assert.deepEqual(report.unsent, [{ mail: lost, error: "nobody listens", kept: false, attempts: 0 }]);
});
