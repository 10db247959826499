import { deepStrictEqual, equal, match } from "node:assert/strict";
import { pruneSnapshots } from "../../../src/core/retention/prune_snapshots.ts";
import { readProperties } from "../../../src/core/inspect/snapshot_properties.ts";
import type { Host, Outcome } from "../../../src/core/ports.ts";
import { dataset } from "../make.ts";
import { linkDown } from "../model/replication.ts";

const { signal } = new AbortController();

/** A host that answers every command so. */
function answering(answer: Partial<Outcome>): { host: Host; asked: () => number } {
  let asked = 0;
  const run = (): Promise<Outcome> => {
    asked += 1;
    return Promise.resolve({ stdout: "", stderr: "", status: 0, elapsedMs: 1, ...answer });
  };
  const host: Host = {
    label: "h",
    isLocal: false,
    run,
    runAll: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
  return { host, asked: () => asked };
}

const tables:
  readonly (readonly [what: string, answer: Partial<Outcome>, found: string, unanswered: string, why: RegExp])[] = [
    ["all is told", { stdout: "a@1\tguid\t5\na@2\tguid\t6\n" }, "a@1 a@2", "", /^$/],
    [
      "one is gone",
      { status: 1, stdout: "a@1\tguid\t5\n", stderr: "cannot open 'a@2': dataset does not exist\n" },
      "a@1",
      "",
      /^$/,
    ],
    [
      "one cannot be read",
      { status: 1, stdout: "a@1\tguid\t5\n", stderr: "cannot open 'a@2': I/O error\n" },
      "a@1",
      "a@2",
      /I\/O error/,
    ],
    ["it fails without a word", { status: 1, stdout: "a@1\tguid\t5\n" }, "a@1", "a@2", /status 1/],
    [
      "one is gone, and another may not be read",
      {
        status: 1,
        stderr: "cannot open 'a@1': dataset does not exist\ncannot open 'a@2': permission denied\n",
      },
      "",
      "a@1 a@2",
      /permission denied/,
    ],
    [
      "the complaints were too many to keep all",
      {
        status: 1,
        stderr: "cannot open 'a@1': dataset does not exist\n\n[bzman left out 70000 bytes here]\n" +
          "cannot open 'a@2': dataset does not exist\n",
      },
      "",
      "a@1 a@2",
      /left out/,
    ],
    ["the link is down", { status: 255, connection: linkDown }, "", "a@1 a@2", /No route to host/],
    ["it takes too long", { status: 143, stopped: "timeout", stdout: "a@1\tgu" }, "", "a@1 a@2", /no answer within/],
    ["there is no zfs", { status: 127 }, "", "a@1 a@2", /status 127/],
  ];

for (const [what, answer, found, unanswered, why] of tables) {
  Deno.test(`asking for properties of snapshots: ${what}`, async () => {
    const told = await readProperties(answering(answer).host, ["a@1", "a@2"], ["guid"], signal);
    equal([...told.found.keys()].join(" "), found);
    equal([...told.unanswered].join(" "), unanswered);
    match(told.why, why);
  });
}

Deno.test("a host that gives no answer is not asked again and again", async () => {
  const names = Array.from({ length: 5_000 }, (_, i) => `tank/a/long/name@${i}`);
  const { host, asked } = answering({ status: 255, connection: linkDown });
  equal((await readProperties(host, names, ["guid"], signal)).unanswered.size, 5_000);
  equal(asked(), 1);
});

Deno.test("a snapshot of which the host said nothing is not said to have vanished", async () => {
  const { host } = answering({ status: 255, connection: linkDown });
  const [snapshot] = dataset("tank", "1:1").snapshots;
  const { kept } = await pruneSnapshots([{ snapshot: snapshot!, action: "destroy", reason: "old" }], {
    host,
    isRoot: false,
    prefix: "incremental",
    adopt: false,
    key: undefined,
    signal,
  });
  deepStrictEqual(kept.map(({ reason }) => reason), ["the host gave no answer about it"]);
});
