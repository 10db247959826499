import { deepStrictEqual, equal, match } from "node:assert/strict";
import type { RunEvent } from "../../../src/core/engine/events.ts";
import { mayBeUnmarked, unmarked } from "../../../src/core/engine/mark_arrived.ts";
import type { Account } from "../../../src/core/engine/tally.ts";
import type { ReplicateInput } from "../../../src/core/engine/input.ts";
import { parseGuid } from "../../../src/zfs/names.ts";
import { bookmarkName, snapshotName } from "../../../src/zfs/own_names.ts";
import type { Dataset } from "../../../src/zfs/dataset.ts";
import { dataset } from "../make.ts";
import { Machine } from "../model/machine.ts";
import { type Happenings, linkDown, type ModelResult, replicateOnModel } from "../model/replication.ts";
import { name } from "../../zfs/sample.ts";

const begin = Date.UTC(2026, 10, 22);
const key = "0123456789ab";

/** Snapshots of bzman's by number, `u2` one of the user's, `#2` the bookmark of one. */
function tree(top: string, words: string): Dataset {
  const parts = words.split(" ").filter((word) => word !== "");
  const made = dataset(
    top,
    parts.map((word) => {
      const guid = word.replace(/^[#u]/, "");
      return `${word.startsWith("#") ? `#${bookmarkName(key, parseGuid(guid))}` : word}:${guid}`;
    }).join(" "),
  );
  // Their names hold colons, which part the words above.
  const named = (word: string) => /^[0-9]/.test(word) ? snapshotName("incremental", begin + Number(word) * 1000) : word;
  return { ...made, snapshots: made.snapshots.map((one) => ({ ...one, name: named(one.name) })) };
}

const tables: readonly (readonly [what: string, source: string, target: string, kinds: string, found: string])[] = [
  ["an ordinary cycle", "1 2 #1", "1", "incremental", ""],
  ["nothing new", "1 #1", "1", "", ""],
  ["a first copy", "1 2", "", "full incremental", ""],
  ["the rest of a first copy", "1 2", "", "resume incremental", "1 2"],
  ["the rest of an increment", "1 2 u3 4 #2", "1 2", "resume incremental", "4"],
  ["a run was killed after it had received the rest", "1 2 3 #1", "1 2", "incremental", "2 3"],
  ["a run was killed when all was there", "1 2 #1", "1 2", "", "2"],
  ["an increment of what somebody else began", "u1 2", "u1", "incremental", "2"],
];

for (const [what, source, target, kinds, found] of tables) {
  Deno.test(`which snapshots may lack the property: ${what}`, () => {
    const original = tree("tank", source);
    const copy = target === "" ? undefined : tree("backup/tank", target);
    const account: Pick<Account, "target" | "at" | "plan" | "kinds"> = {
      target: name("backup/tank"),
      at: original.snapshots.at(-1),
      plan: { kind: "steps", steps: [] },
      kinds: kinds.split(" ").filter((kind) => kind !== ""),
    };
    const asked = mayBeUnmarked(original, copy, account, "incremental", key);
    equal(asked.map(({ guid }) => guid).join(" "), found);
    equal(mayBeUnmarked(original, copy, { ...account, at: undefined }, "incremental", key).length, 0);
  });
}

Deno.test("marked is only what bzman made on the source, is the same on the target, and is not marked yet", () => {
  const mine = new Map([["bzman:prefix", "incremental"], ["guid", "1"]]);
  const bare = new Map([["bzman:prefix", "-"], ["bzman:arrived", "-"], ["guid", "1"]]);
  const decide = (here: Map<string, string> | undefined, there: Map<string, string> | undefined) =>
    unmarked(
      [{ source: "a@x", target: "b@x", guid: "1" }],
      new Map(here ? [["a@x", here]] : []),
      new Map(there ? [["b@x", there]] : []),
      "incremental",
    ).join();
  equal(decide(mine, bare), "b@x");
  equal(decide(bare, bare), "", "somebody else made it");
  equal(decide(undefined, bare), "", "it is gone from the source");
  equal(decide(mine, undefined), "", "it is not there");
  equal(decide(mine, mine), "", "its stream carried the property");
  equal(decide(mine, new Map([...bare, ["bzman:arrived", "incremental"]])), "", "it is marked");
  equal(decide(mine, new Map([...bare, ["guid", "2"]])), "", "another one has its name");
  equal(decide(new Map([...mine, ["bzman:prefix", "hourly"]]), bare), "", "another job made it");
});

/** Runs one after another, each with something new, of which the last snapshot alone is kept. */
function pair(encrypted = false) {
  const source = new Machine(1, "tank");
  const target = new Machine(2, "back");
  source.create("tank/a", "filesystem", encrypted);
  let runs = 0;
  return {
    source,
    run: async (happenings: Happenings = {}, input: Partial<ReplicateInput> = {}, events: RunEvent[] = []) => {
      source.write("tank/a");
      return await replicateOnModel({
        source,
        target,
        tops: ["tank/a", "back/a"],
        atMs: begin + 1e6 * runs++,
        happenings,
        input: { keep: { kind: "none" }, retries: 1, ...input },
        ports: { listener: (event) => void events.push(event) },
      });
    },
    left: () => target.get("back/a").snapshots.length,
  };
}

/** The commands that marking takes on both sides. */
const marks = ({ told }: ModelResult) =>
  told.filter((line) => /zfs set bzman|zfs get .* bzman:prefix,bzman:arrived,guid /.test(line)).map((line) =>
    line.split(" ").slice(0, 3).join(" ")
  );

Deno.test("retention knows what came by a resumed stream", async () => {
  const { run, left } = pair();
  const cut = { cut: (stream: number) => stream === 0 ? { after: 0 } : undefined };
  for (const happenings of [{}, cut, {}, cut, {}, {}]) await run(happenings);
  equal(left(), 1);
});

Deno.test("retention knows what came by a resumed stream in a run that then failed", async () => {
  const { run, left, source } = pair();
  await run();
  await run({ cut: (stream) => stream === 0 ? { after: 0 } : undefined }, { retries: 0 });
  source.snapshot(["tank/a"], "user");
  await run({ fail: (stream) => stream === 1 ? linkDown : undefined }, { retries: 0 });
  for (let i = 0; i < 3; i += 1) await run();
  // The user's own, and the newest common version.
  equal(left(), 2);
});

Deno.test("retention knows what was sent decrypted; it takes one question and one mark", async () => {
  const { run, left } = pair(true);
  for (let i = 0; i < 4; i += 1) await run({}, { raw: "never" });
  deepStrictEqual(marks(await run({}, { raw: "never" })), ["source: zfs get", "target: zfs get", "target: zfs set"]);
  equal(left(), 1);
});

Deno.test("an ordinary cycle marks nothing and asks nothing for it", async () => {
  const { run } = pair();
  deepStrictEqual([marks(await run()), marks(await run())], [[], []]);
});

Deno.test("a target that lets nothing be marked is told of, and copied to all the same", async () => {
  const { run } = pair(true);
  const events: RunEvent[] = [];
  const { tally, faults } = await run(
    {
      answer: (_, argv) =>
        argv[2]?.startsWith("bzman:arrived=")
          ? { status: 1, stderr: "cannot set property: permission denied" }
          : undefined,
    },
    { raw: "never" },
    events,
  );
  equal(tally.open().length + faults.length, 0);
  match(events.flatMap((event) => event.kind === "note" ? [event.text] : []).join(), /retention .*permission denied/);
});
