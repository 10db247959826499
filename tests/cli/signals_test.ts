import { equal } from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { listenToSignals } from "../../src/cli/signals.ts";
import { Interruption } from "../../src/commands/interruption.ts";

Deno.test("signals: the first one aborts with its name, a second one changes nothing", async () => {
  using signals = listenToSignals();
  Deno.kill(Deno.pid, "SIGHUP");
  // A listener alone keeps no event loop alive.
  for (let tries = 0; tries < 100 && !signals.signal.aborted; tries++) await delay(20);
  const reason = signals.signal.reason;
  equal(reason instanceof Interruption && reason.signal, "SIGHUP");
  equal(reason.exit, 129);
  Deno.kill(Deno.pid, "SIGTERM");
  await delay(50);
  equal(signals.signal.reason, reason);
});
