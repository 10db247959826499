// What bzman metrics says of alerts.

import { deepEqual, equal } from "node:assert/strict";
import { run } from "../../src/cli/run.ts";
import { nextAlert } from "../../src/core/alerts/alert_state.ts";
import { fakeContext } from "../cli/fake_context.ts";
import { start } from "../history/sample_run.ts";
import { withHistory } from "../history/with_history.ts";

Deno.test("an alert about what is watched no more is not open for ever", () =>
  withHistory(async (history, path) => {
    const { state } = nextAlert(undefined, { severity: "critical", errorClass: "state" }, start);
    history.changeAlert("health old:tank", () => ({ state, what: "it is FAULTED" }));
    const openAfter = async (days: number) => {
      const context = { ...fakeContext({ HOME: "/nonexistent" }), clock: () => start + days * 86_400_000 };
      equal(await run(["metrics", `--db=${path}`], context), 0);
      return /^bzman_alert_open\{alert="health old:tank"/m.test(context.stdout.text);
    };
    deepEqual([await openAfter(29), await openAfter(30)], [true, false]);
  }));
