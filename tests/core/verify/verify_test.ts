import assert from "node:assert/strict";
import { sampleJobCommand } from "../sample_job_command.ts";
import type { Outcome } from "../../../src/core/ports.ts";
import { verifyCopy, type VerifyInput } from "../../../src/core/verify/verify.ts";
import { parseDatasetName } from "../../../src/zfs/names/names.ts";
import type { Machine } from "../model/machine.ts";
import { World } from "../model/world.ts";
import { type Behaviour, type ReadableHost, readableHost } from "./readable_host.ts";

const signal = new AbortController().signal;
const input: VerifyInput = {
  sourceTop: parseDatasetName("tank/s"),
  targetTop: parseDatasetName("back/t"),
  isExcluded: (name) => name.includes("scratch"),
  content: undefined,
  recorded: new Map(),
  verdictInputs: {
    targetHost: "target",
    job: { ...sampleJobCommand, source: "tank/s", target: "target:back/t", options: [] },
    formatBytes: (count) => `${count} B`,
  },
};

interface Scene {
  readonly source: Machine;
  readonly target: Machine;
  readonly hosts: { readonly source: ReadableHost; readonly target: ReadableHost };
  /** Replicates. */
  copy(): void;
  /** Verifies; findings as `verdict check subject`, contents as `dataset: kind`. */
  verify(changes?: Partial<VerifyInput>): Promise<{ findings: string[]; contents: string[] | undefined }>;
}

/** A tree with a child of a name with a space, a volume and an encrypted child, replicated. */
function scene(behaviour: { source?: Behaviour; target?: Behaviour } = {}): Scene {
  const world = new World({
    tops: ["tank/s", "back/t"],
    raw: "auto",
    onDivergence: "refuse",
    onForeign: "refuse",
    holds: true,
    packages: true,
    canExclude: true,
    leftOut: [],
    targetKey: "none",
  }, () => {});
  const { source, target } = world.job;
  const hosts = {
    source: readableHost("source", source, behaviour.source),
    target: readableHost("target", target, behaviour.target),
  };
  source.create("tank/s/a b");
  source.create("tank/s/vol", "volume");
  source.create("tank/s/locked", "filesystem", true);
  for (const { name } of source.tree("tank/s")) source.write(name);
  return {
    source,
    target,
    hosts,
    copy: () => world.replicate(undefined),
    async verify(changes = {}) {
      const ports = { ...hosts, clock: () => 0, signal, random: () => 0 };
      const { versionFindings, contentFindings, contents } = await verifyCopy({ ...input, ...changes }, ports);
      const findings = [...versionFindings, ...contentFindings].map(({ verdict, check, subject }) => {
        return `${verdict} ${check} ${subject}`;
      });
      return { findings, contents: contents?.map(({ dataset, result }) => `${dataset}: ${result.kind}`) };
    },
  };
}

function snapshot(machine: Machine, name: string, ...datasets: readonly string[]): void {
  machine.snapshot(datasets.length > 0 ? datasets : machine.tree("tank/s").map((dataset) => dataset.name), name);
}

function copied(behaviour: { source?: Behaviour; target?: Behaviour } = {}): Scene {
  const made = scene(behaviour);
  snapshot(made.source, "one");
  snapshot(made.source, "two");
  made.copy();
  return made;
}

Deno.test("verify: a copy is well, and contents are compared but where a key is missing", async () => {
  const { verify, hosts } = copied();
  assert.deepEqual(await verify(), { findings: [], contents: undefined });
  assert.deepEqual(hosts.target.log, []);
  assert.deepEqual(await verify({ content: "all" }), {
    findings: ["ok no-key tank/s/locked"],
    contents: ["tank/s: same", "tank/s/a b: same", "tank/s/locked: no-key", "tank/s/vol: same"],
  });
  assert.deepEqual(hosts.target.log, [
    "list back/t@two",
    "all back/t@two",
    "list back/t/a b@two",
    "all back/t/a b@two",
    "blocks back/t/vol@two inherit 0 4",
  ]);
});

Deno.test("verify: a sample takes the same files and pieces on both sides", async () => {
  const { verify, hosts } = copied();
  assert.deepEqual((await verify({ content: 2 })).findings, ["ok no-key tank/s/locked"]);
  const files = hosts.source.log.filter((line) => line.startsWith("some"));
  assert.deepEqual(files, ["some tank/s@two 1p;3p", "some tank/s/a b@two 1p;3p"]);
  assert.deepEqual(hosts.target.log.filter((line) => line.startsWith("some")).map((line) => line.slice(-5)), [
    "1p;3p",
    "1p;3p",
  ]);
  assert.ok(hosts.target.log.includes("blocks back/t/vol@two inherit 0 1 3 1"));
});

/** A clone of `a b@two` was copied, and then promoted on the source. */
function promotedSince({ source, copy }: Scene): void {
  source.clone("tank/s/a b@two", "tank/s/clone");
  snapshot(source, "three");
  copy();
  source.promote("tank/s/clone");
}

const cases: Readonly<
  Record<string, readonly [happens: (made: Scene) => void, findings: readonly string[]]>
> = {
  "promoted since": [promotedSince, ["warning promotion tank/s/clone"]],
  "promoted since, and its origin's dataset destroyed": [
    (made) => {
      promotedSince(made);
      made.source.destroyTree("tank/s/a b");
    },
    ["warning promotion tank/s/clone", "ok only-on-target target"],
  ],
  "promoted since, and then replicated": [
    (made) => {
      promotedSince(made);
      snapshot(made.source, "four");
      made.copy();
    },
    [],
  ],
  "an orphan on which a copy depends, and no promotion tells why": [
    (made) => {
      promotedSince(made);
      made.source.destroyTree("tank/s/a b");
      for (const name of ["one", "two"]) made.source.destroySnapshot(`tank/s/clone@${name}`);
    },
    ["warning needed-orphan tank/s/clone", "ok only-on-target target"],
  ],
  "a snapshot destroyed on the target": [
    ({ target }) => target.destroySnapshot("back/t/a b@one"),
    ["warning gap tank/s/a b"],
  ],
  "one in the middle destroyed on the target": [
    ({ source, target, copy }) => {
      snapshot(source, "three");
      copy();
      target.destroySnapshot("back/t/a b@two");
    },
    ["warning gap tank/s/a b"],
  ],
  "the newest destroyed on the target": [
    ({ target }) => target.destroySnapshot("back/t/a b@two"),
    ["critical destroyed-on-target tank/s/a b"],
  ],
  "the newest destroyed on the target, and a newer one not copied yet": [
    ({ source, target }) => {
      snapshot(source, "three");
      target.destroySnapshot("back/t/a b@two");
    },
    ["critical destroyed-on-target tank/s/a b", "ok behind target"],
  ],
  "the newest destroyed on the target, so that what it held counts as written": [
    ({ target }) => {
      target.destroySnapshot("back/t/a b@two");
      target.write("back/t/a b");
    },
    ["critical destroyed-on-target tank/s/a b", "critical diverged tank/s/a b"],
  ],
  "the newest destroyed on both sides": [
    ({ source, target }) => {
      source.destroySnapshot("tank/s/a b@two");
      target.destroySnapshot("back/t/a b@two");
    },
    ["critical destroyed-on-target tank/s/a b"],
  ],
  "all snapshots destroyed on the target": [
    ({ target }) => {
      target.destroySnapshot("back/t/a b@one");
      target.destroySnapshot("back/t/a b@two");
    },
    ["critical destroyed-on-target tank/s/a b", "critical foreign-data tank/s/a b"],
  ],
  "the newest destroyed on the target, and sent again": [
    ({ target, copy }) => {
      target.destroySnapshot("back/t/a b@two");
      copy();
    },
    [],
  ],
  "written to on the target": [
    ({ target }) => target.write("back/t/a b"),
    ["critical diverged tank/s/a b"],
  ],
  "a snapshot of its own on the target": [
    ({ target }) => snapshot(target, "mine", "back/t/a b"),
    ["critical diverged tank/s/a b"],
  ],
  "a child removed on the target": [
    ({ target }) => target.destroyTree("back/t/a b"),
    ["critical missing tank/s/a b"],
  ],
  "a subtree removed on the target is told once": [
    ({ source, target, copy }) => {
      source.create("tank/s/a b/c");
      source.create("tank/s/a b/d");
      snapshot(source, "three");
      copy();
      target.destroyTree("back/t/a b");
    },
    ["critical missing tank/s/a b"],
  ],
  "nothing on the target": [
    ({ target }) => target.destroyTree("back/t"),
    ["critical missing tank/s"],
  ],
  "a child made since": [
    ({ source }) => {
      source.create("tank/s/new");
      snapshot(source, "x", "tank/s/new");
    },
    ["warning new tank/s/new"],
  ],
  "a child made since, without snapshots": [
    ({ source }) => void source.create("tank/s/new"),
    ["warning no-snapshot tank/s/new"],
  ],
  "a child that is left out": [
    ({ source }) => {
      source.create("tank/s/scratch");
      snapshot(source, "x", "tank/s/scratch");
    },
    ["ok excluded target"],
  ],
  "a child that only the target has": [
    ({ target }) => void target.create("back/t/old"),
    ["ok only-on-target target"],
  ],
  "a child destroyed on the source": [
    ({ source }) => source.destroyTree("tank/s/a b"),
    ["ok only-on-target target"],
  ],
  "a child renamed on the source": [
    ({ source }) => source.rename("tank/s/a b", "tank/s/c"),
    ["warning renamed tank/s/c"],
  ],
  "newer snapshots on the source": [
    ({ source }) => snapshot(source, "three"),
    ["ok behind target"],
  ],
  "the common snapshot destroyed on the source, its bookmark left": [
    ({ source }) => source.destroySnapshot("tank/s/a b@two"),
    ["ok bookmark tank/s/a b"],
  ],
  "no snapshot left on the source, nor a bookmark": [
    ({ source }) => {
      source.get("tank/s/a b").snapshots = [];
      source.get("tank/s/a b").bookmarks = [];
    },
    ["critical foreign-data tank/s/a b"],
  ],
  "the other type on the target": [
    ({ target }) => {
      target.destroyTree("back/t/a b");
      target.create("back/t/a b", "volume");
    },
    ["critical type-mismatch tank/s/a b"],
  ],
  "another snapshot of the same name": [
    ({ source, target }) => {
      source.destroySnapshot("tank/s/a b@two");
      source.destroySnapshot("tank/s/a b@one");
      snapshot(source, "one", "tank/s/a b");
      assert.ok(target.get("back/t/a b"));
    },
    ["critical name-taken tank/s/a b", "ok bookmark tank/s/a b", "ok behind target"],
  ],
};

for (const [name, [happens, findings]] of Object.entries(cases)) {
  Deno.test(`verify: ${name}`, async () => {
    const made = copied();
    happens(made);
    assert.deepEqual((await made.verify()).findings, findings);
  });
}

Deno.test("verify: what retention was about to take on both sides is looked at once more", async () => {
  let lists = 0;
  const made = copied({
    source: {
      instead(argv) {
        // The third listing is the second one of versions: by then the source's retention is through too.
        if (argv[1] === "list" && argv.includes("tank/s") && ++lists === 3) made.source.destroySnapshot("tank/s@one");
        return undefined;
      },
    },
  });
  made.target.destroySnapshot("back/t@one");
  assert.deepEqual((await made.verify()).findings, []);
});

Deno.test("verify: contents that differ and files that cannot be read are critical", async () => {
  const damaged = "sha256sum: ./file: Input/output error\n";
  const { verify, target } = copied({
    target: {
      instead: (argv) =>
        argv.includes("back/t/a b@two") && /split/.test(argv.join(" ")) ? { stderr: damaged } : undefined,
    },
  });
  for (const name of ["back/t", "back/t/vol"]) {
    Object.assign(target.snapshotAt(`${name}@two`), { content: 12345 });
    target.get(name).content = 12345;
  }
  assert.deepEqual((await verify({ content: "all" })).findings, [
    "critical content-differs tank/s@two",
    "critical content-unreadable tank/s/a b@two",
    "ok no-key tank/s/locked",
    "critical content-differs tank/s/vol@two",
  ]);
});

Deno.test("verify: nothing comparable at all is a warning, no root and other failures are unknown", async () => {
  const made = copied();
  const onlyLocked = { content: 5, isExcluded: (name: string) => !/locked|s$/.test(name) };
  made.source.destroyTree("tank/s/a b");
  for (const name of ["one", "two"]) made.target.destroySnapshot(`back/t@${name}`);
  const { findings } = await made.verify(onlyLocked);
  assert.deepEqual(findings.filter((line) => !line.startsWith("ok")), [
    "critical destroyed-on-target tank/s",
    "critical foreign-data tank/s",
    "warning no-content-compared target",
  ]);

  const powerless = copied({ target: { isRoot: false } });
  assert.deepEqual(await powerless.verify({ content: 5 }), {
    findings: ["unknown content-not-compared target"],
    contents: [],
  });
  const broken = copied({
    source: { instead: (argv) => argv[0] === "unshare" ? { status: 127, stderr: "" } : undefined },
  });
  assert.deepEqual((await broken.verify({ content: 5 })).findings, [
    "unknown content-not-compared tank/s@two",
    "unknown content-not-compared tank/s/a b@two",
    "ok no-key tank/s/locked",
  ]);
});

Deno.test("verify: after a lost connection nothing more is tried", async () => {
  const connection = { errorClass: "ssh-lost", temporary: true, why: "the connection ended", next: "run again" };
  let tried = 0;
  const { verify } = copied({
    target: { instead: (argv) => argv[0] === "unshare" && ++tried ? { status: 255, connection } : undefined },
  });
  assert.deepEqual((await verify({ content: "all" })).contents, [
    "tank/s: failed",
    "tank/s/a b: failed",
    "tank/s/locked: no-key",
    "tank/s/vol: failed",
  ]);
  assert.equal(tried, 1);
});

Deno.test("verify: what retention took away in the meantime is compared by the next pair", async () => {
  let first = true;
  const made = copied({
    source: {
      instead(argv) {
        if (argv[0] !== "unshare" || !first) return undefined;
        first = false;
        for (const machine of [made.source, made.target]) {
          machine.destroySnapshot(`${machine === made.source ? "tank/s" : "back/t"}@two`);
        }
        return undefined;
      },
    },
  });
  const { contents } = await made.verify({ content: "all" });
  assert.equal(contents?.[0], "tank/s: same");
  assert.ok(made.hosts.target.log.includes("all back/t@one"), made.hosts.target.log.join("\n"));
});

Deno.test("verify: what an earlier look left behind is put back first, and again where the script could not", async () => {
  const stuck = (argv: readonly string[]): Partial<Outcome> | undefined =>
    argv[0] === "sh" ? { status: 137, stopped: "timeout", abandoned: true } : undefined;
  for (const instead of [undefined, stuck]) {
    const { verify, hosts } = copied({ target: instead ? { instead } : {} });
    await hosts.target.run(["zfs", "set", "bzman:snapdev=received", "back/t/vol"]);
    await hosts.target.run(["zfs", "set", "snapdev=visible", "back/t/vol"]);
    hosts.target.log.length = 0;
    const { contents } = await verify({ content: "all" });
    assert.equal(contents?.at(-1), `tank/s/vol: ${instead ? "failed" : "same"}`);
    const about = hosts.target.log.filter((line) => line.includes("back/t/vol"));
    assert.deepEqual(about.slice(0, 2), ["inherit -S snapdev back/t/vol", "inherit bzman:snapdev back/t/vol"]);
  }
});

Deno.test("verify: a source that is not there, and a pool that is not, cannot be told", async () => {
  const { verify } = copied();
  await assert.rejects(verify({ sourceTop: parseDatasetName("tank/none") }), /there is no dataset tank\/none/);
  await assert.rejects(verify({ targetTop: parseDatasetName("none/t") }), /pool none is not imported/);
});

Deno.test("verify: without a bookmark the record proves that the newest had been received", async () => {
  const made = copied();
  for (const { name } of made.source.tree("tank/s")) made.source.get(name).bookmarks = [];
  const { guid } = made.source.snapshotAt("tank/s/a b@two");
  made.target.destroySnapshot("back/t/a b@two");
  assert.deepEqual((await made.verify()).findings, ["ok behind target"]);
  const recorded = new Map([["back/t/a b", String(guid)]]);
  assert.deepEqual((await made.verify({ recorded })).findings, ["critical destroyed-on-target tank/s/a b"]);
});

Deno.test("verify: a run that ends between the listings of both sides destroyed nothing", async () => {
  let lists = 0;
  const made: Scene = copied({
    source: {
      instead(argv) {
        // Each look lists the source after the target: by then one more snapshot has arrived there.
        if (argv[1] === "list" && argv.includes("tank/s")) {
          lists += 1;
          snapshot(made.source, `later-${lists}`);
          made.copy();
        }
        return undefined;
      },
    },
  });
  assert.deepEqual((await made.verify()).findings.filter((line) => !line.startsWith("ok")), []);
  assert.ok(lists > 2);
});
