import assert from "node:assert/strict";
import { parseCount, parseRows } from "../../../src/zfs/arguments/command.ts";
import {
  joinVersions,
  listDatasets,
  listNamedDatasets,
  listNamedSnapshots,
  listVersions,
  parseVersions,
} from "../../../src/zfs/parsers/list.ts";
import { bookmark, name, snapshot } from "../sample.ts";

const columns = "name,type,guid,createtxg,used,usedbysnapshots,usedbyrefreservation,available,referenced,written," +
  "origin,encryption,encryptionroot,keystatus,receive_resume_token,canmount,mounted,readonly";

/** A row of the listing of datasets, with some fields told. */
function row(told: Readonly<Record<string, string>>): string {
  const usual: Record<string, string> = {
    name: "tank",
    type: "filesystem",
    guid: "18446744073709551615",
    createtxg: "1",
    used: "98304",
    usedbysnapshots: "4096",
    usedbyrefreservation: "0",
    available: "9007199254740993",
    referenced: "24576",
    written: "0",
    origin: "-",
    encryption: "off",
    encryptionroot: "-",
    keystatus: "none",
    receive_resume_token: "-",
    canmount: "on",
    mounted: "yes",
    readonly: "off",
  };
  return columns.split(",").map((column) => told[column] ?? usual[column]).join("\t") + "\n";
}

const tree = listDatasets(name("tank"));

Deno.test("the listings ask for what is needed and no more", () => {
  assert.deepEqual(tree.argv, ["zfs", "list", "-H", "-p", "-t", "filesystem,volume", "-r", "-o", columns, "tank"]);
  assert.deepEqual(
    listNamedDatasets([name("tank/a"), name("tank")]).argv,
    ["zfs", "list", "-H", "-p", "-t", "filesystem,volume", "-d", "0", "-o", columns, "tank/a", "tank"],
  );
  assert.deepEqual(
    listVersions(name("tank")).argv,
    ["zfs", "list", "-H", "-p", "-t", "snapshot,bookmark", "-r", "-o", "name,guid,createtxg", "tank"],
  );
  assert.deepEqual(
    listNamedSnapshots(["tank@a", "tank/b c@d"]).argv,
    ["zfs", "list", "-H", "-p", "-t", "snapshot", "-o", "name,guid,createtxg", "tank@a", "tank/b c@d"],
  );
});

Deno.test("a filesystem", () => {
  assert.deepEqual(tree.parse(row({})), [{
    name: "tank",
    type: "filesystem",
    guid: "18446744073709551615",
    createtxg: 1n,
    usedBytes: 98304n,
    usedBySnapshotsBytes: 4096n,
    usedByRefreservationBytes: 0n,
    availableBytes: 9007199254740993n,
    referencedBytes: 24576n,
    writtenBytes: 0n,
    origin: undefined,
    encryption: "off",
    encryptionRoot: undefined,
    keyStatus: "none",
    resumeToken: undefined,
    canmount: "on",
    mounted: true,
    readonly: false,
  }]);
});

Deno.test("a volume, a clone, an encrypted one, one with a token: `-` where a property does not apply", () => {
  const [dataset] = tree.parse(row({
    name: "tank/vol 1",
    type: "volume",
    origin: "tank/a@b",
    encryption: "aes-256-gcm",
    encryptionroot: "tank",
    keystatus: "unavailable",
    receive_resume_token: "1-abc-def-0123",
    canmount: "-",
    mounted: "-",
    readonly: "on",
    written: "-",
  }));
  assert.equal(dataset?.type, "volume");
  assert.equal(dataset?.origin, "tank/a@b");
  assert.equal(dataset?.encryptionRoot, "tank");
  assert.equal(dataset?.keyStatus, "unavailable");
  assert.equal(dataset?.resumeToken, "1-abc-def-0123");
  assert.equal(dataset?.canmount, undefined);
  assert.equal(dataset?.mounted, false);
  assert.equal(dataset?.readonly, true);
  assert.equal(dataset?.writtenBytes, 0n);
});

Deno.test("an old pool says `-` for encryption", () => {
  assert.equal(tree.parse(row({ encryption: "-", keystatus: "-" }))[0]?.encryption, "off");
});

Deno.test("the hidden half of a cut receive is no dataset", () => {
  const text = row({}) + row({ name: "tank/%recv" }) + row({ name: "tank/a/%recv" }) + row({ name: "tank/a" });
  assert.deepEqual(tree.parse(text).map((dataset) => dataset.name), ["tank", "tank/a"]);
});

const hostile: Readonly<Record<string, string>> = {
  "a column too few": row({}).replace("\toff\n", "\n"),
  "a column too many": row({}).replace("\n", "\tmore\n"),
  "a banner before it": `Welcome to target!\n${row({})}`,
  "a snapshot": row({ type: "snapshot" }),
  "a name with an option": row({ name: "-o" }),
  "a name with a shell word": row({ name: "tank/$(id)" }),
  "a name with an escape": row({ name: "tank/\u001b[2J" }),
  "a size with a unit": row({ used: "1.5G" }),
  "a negative number": row({ available: "-5" }),
  "a GUID in hexadecimal": row({ guid: "0xdead" }),
  "a GUID of 65 bits": row({ guid: "18446744073709551616" }),
  "spaces for tabs": row({}).replaceAll("\t", "  "),
};

Deno.test("what ZFS does not print is refused", async (test) => {
  for (const [what, text] of Object.entries(hostile)) {
    await test.step(what, () => assert.throws(() => tree.parse(text), SyntaxError));
  }
  assert.deepEqual(tree.parse(""), [], "nothing is nothing");
});

Deno.test("versions", () => {
  assert.deepEqual(
    parseVersions("tank@a\t18446744073709551615\t9007199254740993\ntank/b c#m\t7\t8\n"),
    [snapshot("tank@a", (1n << 64n) - 1n, 9007199254740993n), bookmark("tank/b c#m", 7, 8)],
  );
  assert.deepEqual(parseVersions("tank/%recv@a\t1\t2\n"), [], "of the hidden half of a cut receive");
});

Deno.test("hostile versions are refused", async (test) => {
  const texts = [
    "tank\t1\t2\n",
    "tank@a#b\t1\t2\n",
    "tank@a@b\t1\t2\n",
    "@a\t1\t2\n",
    "tank@\t1\t2\n",
    "tank@a\t1\n",
    "tank@a\t1\t2\t3\n",
    "tank@a\t-\t2\n",
    "tank@a\t1\tx\n",
    "tank@a;id\t1\t2\n",
    "-tank@a\t1\t2\n",
    "ssh: connect to host\n",
  ];
  for (const text of texts) {
    await test.step(JSON.stringify(text), () => assert.throws(() => parseVersions(text), SyntaxError));
  }
});

Deno.test("versions join their datasets, oldest first, whatever their names", () => {
  const datasets = tree.parse(row({}) + row({ name: "tank/a" }));
  const versions = parseVersions(
    "tank@new\t3\t30\ntank@a\t1\t10\ntank@mid\t2\t20\ntank#z\t1\t10\ntank#a\t2\t20\n" +
      "tank/a@x\t4\t5\ntank/a@%tmp\t9\t9\ntank/gone@x\t5\t6\n",
  );
  const [top, child] = joinVersions(datasets, versions);
  assert.deepEqual(top?.snapshots.map((version) => version.name), ["a", "mid", "new"]);
  assert.deepEqual(top?.bookmarks.map((version) => version.name), ["z", "a"]);
  assert.deepEqual(child?.snapshots.map((version) => version.name), ["x"], "a running receive's own one is left out");
  assert.deepEqual(child?.bookmarks, []);
});

Deno.test("rows and numbers", () => {
  assert.deepEqual(parseRows("a\tb\nc\t\n", 2), [["a", "b"], ["c", ""]]);
  assert.throws(() => parseRows("a\n", 2), /expected 2 fields separated by tabs, got 1: a/);
  assert.equal(parseCount("18446744073709551616"), 1n << 64n);
  assert.equal(parseCount("-"), 0n);
  for (const text of ["", "1k", "-1", "1.0", " 1"]) assert.throws(() => parseCount(text), SyntaxError);
});
