import assert from "node:assert/strict";
import { inspectPools } from "../../../src/core/health/inspect_pools.ts";
import type { Host, Outcome } from "../../../src/core/ports.ts";
import type { DatasetName } from "../../../src/zfs/names/names.ts";

const status = (name: string, state = "ONLINE") =>
  `  pool: ${name}\n state: ${state}\nconfig:\n\n\tNAME        STATE     READ WRITE CKSUM\n\t${name}  ONLINE       0     0     0\n` +
  "\t  sdb       ONLINE       0     0     0\n\nerrors: No known data errors\n";

/** A host whose pools have these states; `hangs` answers no command that opens it, nor the commands behind it. */
function fakeHost(pools: Readonly<Record<string, "ONLINE" | "SUSPENDED" | "hangs" | "odd">>, kernelTells = true) {
  const asked: string[] = [];
  const outcome = (changes: Partial<Outcome>): Outcome => ({
    status: 0,
    stdout: "",
    stderr: "",
    elapsedMs: 1,
    ...changes,
  });
  const answer = (argv: readonly string[]): Outcome => {
    const name = argv.at(-1) ?? "";
    const pool = pools[name];
    if (argv[0] === "date") return outcome({ stdout: "+0130\n" });
    if (argv[0] === "sh") {
      if (!kernelTells) return outcome({ status: 126 });
      return outcome({
        stdout: Object.entries(pools).map(([known, state]) => `${state === "SUSPENDED" ? state : "ONLINE"} ${known}\n`)
          .join(""),
      });
    }
    asked.push(`${argv.slice(0, 2).join(" ")} ${name}`);
    if (pool === undefined) return outcome({ status: 1, stderr: `cannot open '${name}': no such pool\n` });
    if (pool === "hangs") return outcome({ status: 137, stopped: "timeout", abandoned: true });
    if (argv[1] === "status") return outcome({ stdout: pool === "odd" ? "?" : status(name, pool) });
    if (argv[0] === "zpool") return outcome({ stdout: `${name}\t17\t1000\t250\t750\t3\tONLINE\toff\n` });
    return pool === "SUSPENDED"
      ? outcome({ status: 1, stderr: `cannot open '${name}': pool I/O is currently suspended\n` })
      : outcome({ stdout: "240\t700\t1700000000\n" });
  };
  const host: Host = {
    label: "alpha",
    isLocal: true,
    run: (argv) => Promise.resolve(answer(argv)),
    runAll: (commands) => {
      let hung = false;
      return Promise.resolve(commands.map((argv) => {
        const own = hung ? outcome({ status: 255, stopped: "timeout" }) : answer(argv);
        hung ||= own.stopped !== undefined;
        return own;
      }));
    },
    close: () => Promise.resolve(),
  };
  return { host, asked };
}

const options = { signal: new AbortController().signal, limitMs: 1000 };
const names = (...list: string[]) => list as DatasetName[];
const kinds = (looks: readonly { kind: string; pool: string }[]) => looks.map(({ kind, pool }) => `${pool} ${kind}`);

Deno.test("all pools of a host are found and seen", async () => {
  const { host } = fakeHost({ tank: "ONLINE", "my pool": "ONLINE" });
  const looks = await inspectPools(host, [], options);
  assert.deepEqual(kinds(looks), ["my pool answered", "tank answered"]);
  const [look] = looks;
  assert.ok(look?.kind === "answered");
  assert.deepEqual(look.space, { usedBytes: 240n, availableBytes: 700n, createdAt: 1_700_000_000_000 });
  assert.equal(look.zoneOffsetMs, 90 * 60_000);
});

Deno.test("a pool that the kernel calls suspended is not touched", async () => {
  const { host, asked } = fakeHost({ bad: "SUSPENDED", tank: "ONLINE" });
  assert.deepEqual(kinds(await inspectPools(host, [], options)), ["bad suspended", "tank answered"]);
  assert.deepEqual(asked.filter((line) => line.includes("bad")), []);
});

Deno.test("where the kernel does not tell, zpool itself does", async () => {
  const { host } = fakeHost({ bad: "SUSPENDED", tank: "ONLINE" }, false);
  assert.deepEqual(kinds(await inspectPools(host, names("bad", "tank", "gone"), options)), [
    "bad suspended",
    "tank answered",
    "gone missing",
  ]);
});

Deno.test("a pool that hangs does not hide those behind it, and many that hang end soon", async () => {
  const { host } = fakeHost({ a: "hangs", b: "ONLINE", c: "hangs", d: "ONLINE" });
  const looks = await inspectPools(host, names("a", "b", "c", "d"), options);
  assert.deepEqual(kinds(looks), ["a unresponsive", "b answered", "c unresponsive", "d answered"]);
  assert.ok(looks[0]?.kind === "unresponsive" && looks[0].stuck);
  const many = fakeHost(Object.fromEntries([..."abcdefgh"].map((name) => [name, "hangs" as const])));
  const silent = await inspectPools(many.host, names(..."abcdefgh"), options);
  assert.deepEqual(silent.map(({ kind }) => kind), Array.from("abcdefgh", () => "unresponsive"));
  assert.equal(many.asked.filter((line) => line.startsWith("zpool status")).length, 4);
});

Deno.test("output that cannot be read is told, not thrown", async () => {
  const { host } = fakeHost({ tank: "odd" });
  const [look] = await inspectPools(host, names("tank"), options);
  assert.ok(look?.kind === "unreachable");
  assert.equal(look.fault.errorClass, "output-unreadable");
});

Deno.test("a host that cannot be reached gives one look for each pool that was wanted", async () => {
  const { host } = fakeHost({});
  const fault = { errorClass: "ssh-timeout", temporary: true, why: "timed out", next: "ping target" };
  const lost: Host = {
    ...host,
    run: () => Promise.resolve({ status: 255, stdout: "", stderr: "", elapsedMs: 1, connection: fault }),
  };
  assert.deepEqual(kinds(await inspectPools(lost, names("tank", "two"), options)), [
    "tank unreachable",
    "two unreachable",
  ]);
  assert.deepEqual(kinds(await inspectPools(lost, [], options)), [" unreachable"]);
});
