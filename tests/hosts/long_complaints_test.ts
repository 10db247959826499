// What programs complain of at length is not lost, neither here nor on the other side of ssh.

import { deepEqual, match } from "node:assert/strict";
import { fakeHosts } from "./fixtures.ts";

const complain =
  "i=0;while [ $i -lt 800 ];do echo \"cannot open 'tank/$1/a/rather/long/name@$i': $2\">&2;i=$((i+1));done;exit 1";
const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

Deno.test("hundreds of lines on stderr of each of ten commands come back, each to its own", async () => {
  await using hosts = fakeHosts();
  for (const host of [hosts.local, hosts.at("target")]) {
    const outcomes = await host.runAll(names.map((name) => ["sh", "-c", complain, "x", name, "permission denied"]));
    deepEqual(outcomes.map(({ status, connection }) => [status, connection]), Array(10).fill([1, undefined]));
    for (const [i, { stderr }] of outcomes.entries()) {
      match(stderr, new RegExp(`cannot open 'tank/${names[i]}/|left out`));
      for (const other of names) if (other !== names[i]) deepEqual(stderr.includes(`'tank/${other}/`), false);
    }
    match(outcomes[0]!.stderr, /^cannot open 'tank\/a\/a\/rather\/long\/name@0': permission denied\n/);
    match(outcomes[9]!.stderr, /name@799': permission denied\n*$/);
  }
});

Deno.test("megabytes of complaints leave the first words and the last, and a word of what is missing", async () => {
  await using hosts = fakeHosts();
  for (const host of [hosts.local, hosts.at("target")]) {
    const flood = ["sh", "-c", "echo first >&2; yes no | head -c 3000000 >&2; echo last >&2; exit 1"];
    const outcomes = await host.runAll([...Array.from({ length: 9 }, () => flood), ["sh", "-c", "exit 1"]]);
    deepEqual(outcomes.map(({ status, connection }) => [status, connection]), Array(10).fill([1, undefined]));
    match(outcomes[0]!.stderr, /^first\nno\n[^]*\[bzman left out \d+ bytes here\]/);
    for (const { stderr } of outcomes.slice(1, 8)) match(stderr, /bzman left out \d+ bytes here/);
    match(outcomes[8]!.stderr, /last\n$/);
  }
});
