import assert from "node:assert/strict";
import { createdBy, leftAutoMounting, wouldAutoMount } from "../../../src/core/replicate/keep_unmounted.ts";
import { planTree } from "../../../src/core/plan/plan_tree.ts";
import { isStream } from "../../../src/core/plan/step.ts";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { bookmarkName } from "../../../src/zfs/names/bzman_names.ts";
import { parseGuid } from "../../../src/zfs/names/names.ts";
import { name } from "../../zfs/sample.ts";
import { dataset, planInput } from "../make.ts";
import { Machine } from "../model/machine.ts";
import { linkDown, type ModelRun, replicateOnModel } from "../model/replication.ts";

const key = "0123456789ab";
const mark = (guid: number): string => `#${bookmarkName(key, parseGuid(String(guid)))}:${guid}`;

Deno.test("what a killed run may have left to be mounted at boot", async (test) => {
  const left: Partial<Dataset> = { readonly: true };
  const cases: readonly (readonly [string, string, string, Partial<Dataset>, boolean])[] = [
    ["arrived, and no run ended well", "x:1 y:2", "x:1", left, true],
    ["arrived whole, and no run ended well", "x:1 y:2", "x:1 y:2", left, true],
    ["a run ended well", `x:1 ${mark(1)} y:2`, "x:1", left, false],
    ["another target's bookmark", "x:1 #bzman-ba9876543210-1:1 y:2", "x:1", left, true],
    ["a run ended well, of a copy that is no more", `w:7 ${mark(7)} x:1 y:2`, "x:1", left, true],
    ["mounted by its owner", "x:1 y:2", "x:1", { ...left, mounted: true }, false],
    ["somebody may write to it", "x:1 y:2", "x:1", { readonly: false }, false],
    ["it is kept unmounted", "x:1 y:2", "x:1", { ...left, canmount: "noauto" }, false],
    ["it has diverged", "x:1 y:2", "x:1 mine:9", left, false],
    ["a volume", "x:1 y:2", "x:1", { ...left, type: "volume", canmount: undefined }, false],
    ["empty, and somebody else's", "x:1 y:2", "", left, false],
  ];
  for (const [title, source, target, told, isLeft] of cases) {
    await test.step(title, () => {
      const { type } = { ...dataset("tank"), ...told };
      const input = planInput([dataset("tank", source, { type })], [dataset("backup/tank", target, told)], {
        targetEmpty: new Set(target === "" ? ["backup/tank"] : []),
      });
      assert.deepEqual(leftAutoMounting(planTree(input), input, key), isLeft ? ["backup/tank"] : []);
    });
  }
});

Deno.test("the half of a first copy is kept unmounted before it goes on, and not where it is discarded", () => {
  const half = dataset("backup/tank", "", { readonly: true, resumeToken: "1-a-b-c" });
  const source = dataset("tank", "x:1 y:2");
  const token = { toGuid: parseGuid("1"), toName: "tank@x", fromGuid: undefined, receivedBytes: 7n, raw: false };
  const left = (tokens: Parameters<typeof planInput>[2]) => {
    const input = planInput([source], [half], tokens);
    return leftAutoMounting(planTree(input), input, key);
  };
  const valid = { kind: "valid", token: { ...token, remainingBytes: 5n } } as const;
  assert.deepEqual(left({ tokens: new Map([["backup/tank", valid]]) }), ["backup/tank"]);
  assert.deepEqual(left({ tokens: new Map([["backup/tank", { kind: "invalid", why: "corrupt" }]]) }), []);
});

Deno.test("a dataset that was renamed since is kept unmounted under the name that it still has", () => {
  const source = [dataset("tank", "x:1 y:2"), dataset("tank/z", "x:3 y:4"), dataset("tank/z/b", "x:5 y:6")];
  const copy = (of: string, versions: string) => dataset(of, versions, { readonly: true });
  const target = [copy("backup/tank", "x:1"), copy("backup/tank/a", "x:3"), copy("backup/tank/a/b", "x:5")];
  const input = planInput(source, target);
  const plan = planTree(input);
  assert.ok(plan.steps.some(({ kind }) => kind === "rename"));
  assert.deepEqual(leftAutoMounting(plan, input, key), ["backup/tank", "backup/tank/a", "backup/tank/a/b"]);
});

Deno.test("a pool's root was there before", () => {
  const source = [dataset("tank", "x:1 y:2"), dataset("tank/a", "x:3 y:4")];
  const target = [dataset("backup", "x:1", { readonly: true }), dataset("backup/a", "x:3", { readonly: true })];
  const input = planInput(source, target, { targetTop: name("backup"), targetAncestors: [] });
  assert.deepEqual(leftAutoMounting(planTree(input), input, key), ["backup/a"]);
});

Deno.test("what somebody set, mounted or writes to is theirs", () => {
  const state = { name: name("backup/a"), canmount: "on", source: "default", mounted: false, readonly: true };
  assert.equal(wouldAutoMount(state), true);
  assert.equal(wouldAutoMount({ ...state, source: "received" }), true);
  assert.equal(wouldAutoMount({ ...state, source: "local" }), false);
  assert.equal(wouldAutoMount({ ...state, mounted: true }), false);
  assert.equal(wouldAutoMount({ ...state, readonly: false }), false);
  assert.equal(wouldAutoMount({ ...state, canmount: "off" }), false);
});

Deno.test("a stream makes what is new on the target, and nothing else", () => {
  const made = (...sides: Parameters<typeof planInput>) =>
    planTree(planInput(...sides)).steps.filter(isStream).map(createdBy);
  const tree = [dataset("tank", "x:1"), dataset("tank/a", "x:2"), dataset("tank/v", "x:3", { type: "volume" })];
  assert.deepEqual(made(tree, []), [["backup/tank", "backup/tank/a"]]);
  assert.deepEqual(made([dataset("tank", "x:1 y:2")], [dataset("backup/tank", "x:1")]), [[]]);
  const empty = { targetEmpty: new Set(["backup/tank"]) };
  assert.deepEqual(made([dataset("tank", "x:1")], [dataset("backup/tank")], empty), [[]]);
  const other = dataset("backup/tank", "mine:9");
  assert.deepEqual(made([dataset("tank", "x:1")], [other], { onForeign: "keep-both" }), [["backup/tank"]]);
});

/** A run from `tank`, which has a few filesystems, to `back/t`, which is not there. */
function firstCopy(happenings: ModelRun["happenings"] = {}): ModelRun {
  const [source, target] = [new Machine(1, "tank"), new Machine(2, "back")];
  for (const child of ["tank/a", "tank/b", "tank/c"]) {
    source.create(child);
    source.write(child);
  }
  return { source, target, tops: ["tank", "back/t"], atMs: Date.UTC(2026, 10, 22), happenings };
}

/** The run after it. */
const next = ({ source, target, tops, atMs }: ModelRun): ModelRun => ({ source, target, tops, atMs: atMs + 1_000_000 });

/** What of a copy would be mounted at boot. */
function mountedAtBoot({ target }: ModelRun): string[] {
  return target.tree("back/t").filter(({ properties }) => !properties.has("canmount")).map((entry) => entry.name);
}

Deno.test("a first copy that is cut and goes on in the same run is not mounted at boot", async () => {
  const run = firstCopy({ cut: (stream) => stream === 0 ? { after: 2 } : undefined });
  const { state } = await replicateOnModel(run);
  assert.deepEqual(state.open(), []);
  assert.deepEqual(mountedAtBoot(run), []);
});

Deno.test("nor is the half of one that is given up", async () => {
  const run = firstCopy({ cut: () => ({ after: 0 }) });
  const { state } = await replicateOnModel({ ...run, tops: ["tank/a", "back/t"], input: { retries: 0 } });
  assert.equal(state.open().length, 1);
  assert.equal(run.target.get("back/t").partial?.isNew, true);
  assert.deepEqual(mountedAtBoot(run), []);
});

Deno.test("nor what arrived as the link was lost, once it is back", async () => {
  let lost = 0;
  const run = firstCopy({
    answer: (_, argv) =>
      argv.includes("canmount=noauto") && lost++ === 0 ? { status: 255, connection: linkDown } : undefined,
  });
  await replicateOnModel(run);
  assert.equal(lost, 2);
  assert.deepEqual(mountedAtBoot(run), []);
});

Deno.test("nor what failed streams left, when the target is silent as it is asked about that", async () => {
  for (const silent of [["zfs", "get"], ["zfs", "set"]]) {
    let count = 0;
    const isAsked = (argv: readonly string[]): boolean =>
      silent.every((word, i) => argv[i] === word) && argv.some((word) => word.includes("canmount"));
    const run = firstCopy({
      cut: (stream) => stream === 0 ? { after: 2 } : undefined,
      answer: (side, argv) =>
        side === "target" && isAsked(argv) && count++ === 0 ? { status: 255, connection: linkDown } : undefined,
    });
    const { state } = await replicateOnModel(run);
    assert.deepEqual(state.open(), []);
    assert.ok(count > 1);
    assert.deepEqual(mountedAtBoot(run), []);
  }
});

Deno.test("nor is what a killed run left, once the next run has begun", async () => {
  let killed = false;
  const run = firstCopy({
    cut: () => {
      killed = true;
      return { after: 2 };
    },
    answer: () => {
      if (killed) throw new Error("killed");
      return undefined;
    },
  });
  await assert.rejects(replicateOnModel(run), /killed/);
  assert.deepEqual(mountedAtBoot(run), ["back/t", "back/t/a", "back/t/b"]);
  const { properties } = run.target.get("back/t/a");
  properties.set("canmount", "on");
  // Every stream of the next run fails: what is there is safe all the same.
  await replicateOnModel({ ...next(run), input: { retries: 0 }, happenings: { cut: () => ({ after: 0 }) } });
  assert.deepEqual(mountedAtBoot(run), []);
  assert.equal(properties.get("canmount"), "on", "what somebody set stays");
});

Deno.test("a copy that somebody mounted is adopted as it is", async () => {
  const run = firstCopy();
  await replicateOnModel(run);
  for (const { properties } of run.target.tree("back/t")) {
    properties.delete("canmount");
    properties.set("mounted", "yes");
  }
  for (const dataset of run.source.tree("tank")) dataset.bookmarks = [];
  await replicateOnModel(next(run));
  assert.equal(mountedAtBoot(run).length, 4);
});

Deno.test("an ordinary run needs one command for all that is new, and none where nothing is", async () => {
  const run = firstCopy();
  const asked = async (of: ModelRun): Promise<string[]> =>
    (await replicateOnModel(of)).told.filter((line) => /^target: .*canmount/.test(line) && !line.includes("zfs list"));
  assert.deepEqual(await asked(run), ["target: zfs set canmount=noauto back/t back/t/a back/t/b back/t/c"]);
  assert.deepEqual(await asked(next(run)), []);
});
