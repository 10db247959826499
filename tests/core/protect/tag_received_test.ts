import { deepStrictEqual, equal, match, rejects } from "node:assert/strict";
import { needTag, untaggedCandidates } from "../../../src/core/protect/tag_received.ts";
import type { DatasetState } from "../../../src/core/run/dataset_state.ts";
import type { RunEvent } from "../../../src/core/run/events.ts";
import type { ReplicateInput } from "../../../src/core/run/input.ts";
import { bookmarkName, snapshotName } from "../../../src/zfs/names/bzman_names.ts";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { parseGuid } from "../../../src/zfs/names/names.ts";
import { name } from "../../zfs/sample.ts";
import { dataset } from "../make.ts";
import { Machine } from "../model/machine.ts";
import { type Happenings, linkDown, type ModelResult, replicateOnModel } from "../model/replication.ts";

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
  ["the rest of an increment", "1 2 u3 4 #2", "1 2", "resume incremental", "2 4"],
  ["a run was killed after it had received the rest", "1 2 3 #1", "1 2", "incremental", "1 2 3"],
  ["a run left marks to the next one", "1 2 3 4 #1 #3", "1 2 3", "incremental", "1 2 3 4"],
  ["a run was killed when all was there", "1 2 #1", "1 2", "", "1 2"],
  ["an increment of what somebody else began", "u1 2", "u1", "incremental", "2"],
];

for (const [what, source, target, kinds, found] of tables) {
  Deno.test(`which snapshots may lack the property: ${what}`, () => {
    const original = tree("tank", source);
    const copy = target === "" ? undefined : tree("backup/tank", target);
    const account: Pick<DatasetState, "target" | "at" | "plan" | "kinds"> = {
      target: name("backup/tank"),
      at: original.snapshots.at(-1),
      plan: { kind: "steps", steps: [] },
      kinds: kinds.split(" ").filter((kind) => kind !== ""),
    };
    const asked = untaggedCandidates(original, copy, account, "incremental", key);
    equal(asked.map(({ snapshot }) => snapshot.guid).join(" "), found);
    equal(untaggedCandidates(original, copy, { ...account, at: undefined }, "incremental", key).length, 0);
  });
}

Deno.test("marked is only what bzman made on the source, is the same on the target, and is not marked yet", () => {
  const mine = new Map([["bzman:prefix", "incremental"], ["guid", "1"]]);
  const bare = new Map([["bzman:prefix", "-"], ["bzman:arrived", "-"], ["guid", "1"]]);
  const decide = (here: Map<string, string> | undefined, there: Map<string, string> | undefined) =>
    needTag(
      [{ snapshot: dataset("a", "x:1").snapshots[0]!, target: "b@x" }],
      new Map(here ? [["a@x", here]] : []),
      new Map(there ? [["b@x", there]] : []),
      "incremental",
    ).map(({ target }) => target).join();
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
  const { state, faults } = await run(
    {
      answer: (_, argv) =>
        argv[2]?.startsWith("bzman:arrived=")
          ? { status: 1, stderr: "cannot set property: permission denied" }
          : undefined,
    },
    { raw: "never" },
    events,
  );
  equal(state.open().length + faults.length, 0);
  match(
    events.flatMap((event) => event.kind === "note" ? [event.text] : []).join(),
    /could not be tagged.*permission denied/,
  );
});

/** A run's notes at a level. */
const notes = (events: readonly RunEvent[], level: string) =>
  events.flatMap((event) => event.kind === "note" && event.level === level ? [event.text] : []);

Deno.test("a link that is down when the target is asked what lacks the mark is told of, and the next run asks again", async () => {
  const { run, left } = pair();
  await run();
  const events: RunEvent[] = [];
  const down = (side: string, argv: readonly string[]) =>
    side === "target" && argv[1] === "get" && argv.some((word) => word.startsWith("bzman:prefix,bzman:arrived,guid"))
      ? { status: 255, connection: linkDown }
      : undefined;
  await run({ cut: (stream) => stream === 0 ? { after: 0 } : undefined, answer: down }, {}, events);
  match(notes(events, "warning").join(), /tagged; the next run tries again: No route to host/);
  for (let i = 0; i < 3; i += 1) await run();
  equal(left(), 1);
});

/** A first copy of snapshots of bzman's that an encrypted dataset has, sent readable; and what came of it. */
function history(count: number) {
  const source = new Machine(1, "tank");
  const target = new Machine(2, "back");
  source.create("tank/a", "filesystem", true);
  for (let i = 0; i < count; i += 1) {
    source.snapshot(["tank/a"], snapshotName("incremental", begin - (count - i) * 1000), {
      "bzman:prefix": "incremental",
    });
  }
  let runs = 0;
  return {
    run: async (answer: NonNullable<Happenings["answer"]>, events: RunEvent[] = []) => {
      const { told } = await replicateOnModel({
        source,
        target,
        tops: ["tank/a", "back/a"],
        atMs: begin + 1e6 * runs++,
        happenings: { answer },
        input: { keep: { kind: "count", count: 10_000 }, raw: "never" },
        ports: { listener: (event) => void events.push(event) },
      });
      return told.filter((line) => /^target: zfs (?:set bzman|program)/.test(line)).map((line) => {
        const words = line.split(" ");
        return `${words[2]} ${words.filter((word) => word.startsWith("back/a@")).length}`;
      });
    },
    unmarked: () => target.get("back/a").snapshots.filter(({ properties }) => !properties.has("bzman:arrived")).length,
    bookmarks: () => {
      const order = source.get("tank/a").snapshots.map(({ guid }) => guid);
      return source.get("tank/a").bookmarks.map(({ guid }) => order.indexOf(guid)).toSorted((a, b) => a - b).join(" ");
    },
  };
}

/** No channel programs. */
const asUser: NonNullable<Happenings["answer"]> = (_, argv) =>
  argv[0] === "id" ? { stdout: "1000\n" } : argv[1] === "allow" ? { status: 1, stderr: "not told" } : undefined;

Deno.test("root marks many snapshots by one channel program", async () => {
  const { run, unmarked } = history(300);
  deepStrictEqual(await run(() => undefined), ["program 301"]);
  equal(unmarked(), 0);
});

Deno.test("what a channel program cannot mark is marked by a plain command", async () => {
  for (
    const [answer, plain] of [
      [{ status: 1, stderr: "attempt to call field 'set_prop' (a nil value)" }, 3],
      [{ stdout: JSON.stringify({ return: { 1: 0, 2: 28, 3: 2 } }) }, 1],
      [{ stdout: "what?" }, 3],
    ] as const
  ) {
    const { run } = history(2);
    deepStrictEqual(
      await run((side, argv) => side === "target" && argv[1] === "program" ? answer : undefined),
      ["program 3", `set ${plain}`],
    );
  }
});

Deno.test("a command that cannot mark does not keep the others from it, and the next run makes up for it", async () => {
  const { run, unmarked, bookmarks } = history(249);
  let first = true;
  const events: RunEvent[] = [];
  const refuse: typeof asUser = (side, argv) => {
    if (!argv[2]?.startsWith("bzman:arrived=") || !first) return asUser(side, argv);
    first = false;
    return { status: 1, stderr: "cannot set property: permission denied" };
  };
  deepStrictEqual(await run(refuse, events), ["set 100", "set 100", "set 50"]);
  equal(unmarked(), 100);
  match(notes(events, "warning").join(), /permission denied/);
  equal(bookmarks(), "0 249", "the newest, and where to look from");
  deepStrictEqual(await run(asUser), ["set 100", "set 1"]);
  equal(unmarked(), 0);
  equal(bookmarks(), "250");
});

Deno.test("where nothing can ever be marked the bookmarks do not pile up", async () => {
  const { run, bookmarks } = history(2);
  const refuse: typeof asUser = (side, argv) =>
    argv[2]?.startsWith("bzman:arrived=") ? { status: 1, stderr: "permission denied" } : asUser(side, argv);
  for (let i = 0; i < 4; i += 1) await run(refuse);
  equal(bookmarks(), "0 5");
});

Deno.test("without channel programs one run marks no more than a few minutes allow; later ones mark the rest", async () => {
  const { run, unmarked, bookmarks } = history(2_100);
  const events: RunEvent[] = [];
  equal((await run(asUser, events)).length, 20);
  equal(unmarked(), 101);
  deepStrictEqual(notes(events, "info").filter((text) => /tagged/.test(text)), [
    "101 more received snapshots will be tagged by later runs",
  ]);
  equal(notes(events, "warning").length, 0);
  equal(bookmarks(), "2000 2100");
  await run(asUser);
  equal(unmarked(), 0);
  equal(bookmarks(), "2101");
});

Deno.test("a target that gives no answer any more is asked to mark once", async () => {
  for (const user of [asUser, () => undefined]) {
    const { run } = history(250);
    const hang: typeof asUser = (side, argv) =>
      side === "target" && argv.some((word) => word.startsWith("bzman:arrived") && !word.includes(","))
        ? { status: 143, stopped: "timeout" }
        : user(side, argv);
    equal((await run(hang)).length, 1);
    equal((await run(user)).length, user === asUser ? 3 : 1);
  }
});

Deno.test("what waits for its mark stays on the source for so long, and goes from both sides later", async () => {
  const { source, run, left } = pair(true);
  for (let i = 0; i < 150; i += 1) {
    source.snapshot(["tank/a"], snapshotName("incremental", begin - (150 - i) * 1000), {
      "bzman:prefix": "incremental",
    });
  }
  const hang = (_: string, argv: readonly string[]) =>
    argv[1] === "program" && argv.includes("bzman:arrived") ? { status: 143, stopped: "timeout" } as const : undefined;
  const there = () => source.get("tank/a").snapshots.length;
  await run({ answer: hang }, { raw: "never" });
  deepStrictEqual([there(), left()], [151, 151]);
  for (let i = 0; i < 2; i += 1) await run({}, { raw: "never" });
  deepStrictEqual([there(), left()], [1, 1]);
});

Deno.test("a target that refuses marks does not make the source keep everything", async () => {
  const { source, run } = pair(true);
  const refuse = (_: string, argv: readonly string[]) =>
    argv.some((word) => word === "bzman:arrived" || word.startsWith("bzman:arrived="))
      ? { status: 1, stderr: "permission denied" }
      : undefined;
  for (let i = 0; i < 4; i += 1) await run({ answer: refuse }, { raw: "never" });
  equal(source.get("tank/a").snapshots.length, 1);
});

Deno.test("what needs no mark is bookmarked before the others are marked", async () => {
  const [source, target] = [new Machine(1, "tank"), new Machine(2, "back")];
  source.create("tank/plain");
  source.create("tank/secret", "filesystem", true);
  const { told } = await replicateOnModel({
    source,
    target,
    tops: ["tank", "back/t"],
    atMs: begin,
    input: { raw: "never" },
  });
  const order = told.filter((line) => /set bzman|#bzman/.test(line)).map((line) =>
    [/set bzman/, /tank\/plain#/, /tank\/secret#/].flatMap((pattern, i) =>
      pattern.test(line) ? [["mark", "plain", "secret"][i]] : []
    ).join("+")
  );
  deepStrictEqual(order, ["plain", "mark", "secret"]);
});

Deno.test("what a killed run left unmarked is marked also after a rename on the source", async () => {
  const [source, target] = [new Machine(1, "tank"), new Machine(2, "back")];
  for (const name of ["tank", "tank/a"]) {
    if (name !== "tank") source.create(name);
    source.write(name);
  }
  let runs = 0;
  const run = (happenings: Happenings = {}) => {
    source.write(runs < 2 ? "tank/a" : "tank/b");
    const atMs = Date.UTC(2026, 10, 22) + 1e6 * runs++;
    return replicateOnModel({ source, target, tops: ["tank", "back/t"], atMs, happenings, input: { retries: 0 } });
  };
  await run({ cut: (stream) => ({ after: stream === 0 ? 1 : 0 }) });
  const killed = new Error("killed");
  const answer: Happenings["answer"] = (_, argv) => {
    if (argv.some((word) => word.startsWith("bzman:arrived="))) throw killed;
    return undefined;
  };
  await rejects(run({ answer }), killed);
  const cut = target.get("back/t/a").snapshots[0]!;
  equal(cut.properties.size, 0);
  source.rename("tank/a", "tank/b");
  await run();
  equal(target.get("back/t/b").snapshots[0], cut);
  equal(cut.properties.get("bzman:arrived")?.value, "incremental");
});
