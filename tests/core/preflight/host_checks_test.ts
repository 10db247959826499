import assert from "node:assert/strict";
import type { HostInfo } from "../../../src/core/inspect/probe.ts";
import type { Finding } from "../../../src/core/finding.ts";
import { checkClock, checkFeatures, checkHost, checkPool } from "../../../src/core/preflight/host_checks.ts";
import { parseGuid } from "../../../src/zfs/names/names.ts";
import type { Pool } from "../../../src/zfs/pools/pool.ts";
import { name } from "../../zfs/sample.ts";

const pool: Pool = {
  name: name("tank"),
  guid: parseGuid("7"),
  sizeBytes: 100n,
  allocatedBytes: 1n,
  freeBytes: 99n,
  fragmentationPercent: 0,
  health: "ONLINE",
  readonly: false,
};

function facts(told: Partial<HostInfo> = {}): HostInfo {
  return {
    label: "target",
    zfs: { userland: "2.3.9", kernel: "2.3.9" },
    pools: [pool],
    clockOffsetMs: 0,
    mbuffer: undefined,
    isRoot: true,
    bootId: undefined,
    features: new Map(),
    ...told,
  };
}

/** Check and verdict of each finding; whatever is not well says what to do. */
function verdicts(findings: readonly Finding[]): string[] {
  for (const { verdict, next, where } of findings) {
    assert.equal(next !== undefined, verdict !== "ok", "advice for what is not well");
    assert.equal(where, "target");
  }
  return findings.map(({ check, verdict }) => `${check} ${verdict}`);
}

const zfs = (release: string): Partial<HostInfo> => ({ zfs: { userland: release, kernel: release } });

const hosts: Readonly<Record<string, readonly [told: Partial<HostInfo>, verdicts: string[]]>> = {
  "2.3.9": [{}, ["target-zfs ok"]],
  "2.1.11": [zfs("2.1.11-1"), ["target-zfs ok"]],
  "0.8.6": [zfs("0.8.6-1"), ["target-zfs warning"]],
  "2.2.0, which loses data": [zfs("2.2.0-1"), ["target-zfs warning"]],
  "2.2.1, which loses data": [zfs("2.2.1"), ["target-zfs warning"]],
  "2.2.10": [zfs("2.2.10-1"), ["target-zfs ok"]],
  "2.2.2": [zfs("2.2.2"), ["target-zfs ok"]],
  "no kernel module": [{ zfs: { userland: "2.3.9", kernel: undefined } }, ["target-zfs critical"]],
  "with mbuffer": [{ mbuffer: true }, ["target-zfs ok", "target-mbuffer ok"]],
  "without mbuffer": [{ mbuffer: false }, ["target-zfs ok", "target-mbuffer critical"]],
};

Deno.test("programs of a host", async (test) => {
  for (const [what, [told, expected]] of Object.entries(hosts)) {
    await test.step(what, () => assert.deepEqual(verdicts(checkHost("target", facts(told))), expected));
  }
});

Deno.test("clocks", async (test) => {
  for (
    const [ms, verdict] of [[0, "ok"], [60_000, "ok"], [-60_000, "ok"], [61_000, "warning"], [
      -3.6e6,
      "warning",
    ]] as const
  ) {
    await test.step(`${ms} ms`, () => {
      assert.deepEqual(verdicts([checkClock(facts({ clockOffsetMs: ms }))]), [`clock ${verdict}`]);
    });
  }
  assert.match(checkClock(facts({ clockOffsetMs: 90_000 })).text, /90 s ahead/);
  assert.match(checkClock(facts({ clockOffsetMs: -90_000 })).text, /90 s behind/);
});

const pools: Readonly<Record<string, readonly [side: "source" | "target", told: Partial<Pool>, verdict: string]>> = {
  "ONLINE": ["target", {}, "target-pool ok"],
  "DEGRADED": ["target", { health: "DEGRADED" }, "target-pool warning"],
  "FAULTED": ["target", { health: "FAULTED" }, "target-pool critical"],
  "SUSPENDED": ["source", { health: "SUSPENDED" }, "source-pool critical"],
  "a state nobody knows": ["target", { health: "STRANGE" }, "target-pool critical"],
  "a read-only target": ["target", { readonly: true }, "target-pool critical"],
  "a read-only source": ["source", { readonly: true }, "source-pool ok"],
};

Deno.test("pools", async (test) => {
  for (const [what, [side, told, verdict]] of Object.entries(pools)) {
    await test.step(what, () => {
      const found = checkPool(side, facts({ pools: [{ ...pool, ...told }] }), pool.name);
      assert.deepEqual(verdicts([found]), [verdict]);
    });
  }
});

Deno.test("a pool that is not imported: what is, and how to import it", () => {
  const missing = checkPool("target", facts(), name("backup"));
  assert.deepEqual(verdicts([missing]), ["target-pool critical"]);
  assert.match(missing.text, /backup is not imported there \(imported: tank\)/);
  assert.equal(missing.next, "zpool import backup");
  assert.match(checkPool("target", facts({ pools: [] }), name("backup")).text, /imported: none/);
});

const on = new Map([["large_blocks", "active"], ["bookmarks", "enabled"]]);

Deno.test("features of pools", () => {
  const check = (source: ReadonlyMap<string, string>, target: ReadonlyMap<string, string>): string[] =>
    verdicts(checkFeatures(facts({ features: source }), facts({ features: target }), name("tank"), name("backup")));
  assert.deepEqual(check(on, on), []);
  assert.deepEqual(check(new Map(), new Map()), [], "what cannot be read stops nothing");
  assert.deepEqual(check(on, new Map()), []);
  assert.deepEqual(check(on, new Map([["large_blocks", "disabled"]])), ["target-features critical"]);
  assert.deepEqual(check(new Map([["bookmarks", "disabled"]]), on), ["source-bookmarks warning"]);
});
