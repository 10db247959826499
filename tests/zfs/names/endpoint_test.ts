import { deepEqual, equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { parseSource, parseTarget, parseTargetOf } from "../../../src/zfs/names/endpoint.ts";
import { machineOf, parseHost } from "../../../src/zfs/names/host_name.ts";

const sources: readonly (readonly [text: string, host: string | undefined, dataset: string])[] = [
  ["tank", undefined, "tank"],
  ["tank/home/ann lee", undefined, "tank/home/ann lee"],
  ["tank/a:b", undefined, "tank/a:b"],
  ["tank/a:b/c:d", undefined, "tank/a:b/c:d"],
  [":tank", undefined, "tank"],
  [":tank:a/b", undefined, "tank:a/b"],
  ["host:tank", "host", "tank"],
  ["host:tank/a:b", "host", "tank/a:b"],
  ["host:tank:a", "host", "tank:a"],
  ["ann@host.example.org:tank/home", "ann@host.example.org", "tank/home"],
  ["root@192.0.2.7:tank", "root@192.0.2.7", "tank"],
  ["[fe80::1]:tank/a:b", "fe80::1", "tank/a:b"],
  ["ann@[fe80::1%eth0]:tank", "ann@fe80::1%eth0", "tank"],
  ["tank/%recv-like", undefined, "tank/%recv-like"],
];

Deno.test("sources", async (test) => {
  for (const [text, host, dataset] of sources) {
    await test.step(text, () => deepEqual(parseSource(text), { text, host, dataset }));
  }
});

const targets: readonly (readonly [text: string, host: string | undefined, dataset: string | undefined])[] = [
  ["target", "target", undefined],
  ["ann@target", "ann@target", undefined],
  ["backup_1.example.org", "backup_1.example.org", undefined],
  ["[::1]", "::1", undefined],
  ["ann@[2001:db8::7]", "ann@2001:db8::7", undefined],
  ["target:backup", "target", "backup"],
  ["target:backup/tank a", "target", "backup/tank a"],
  [":backup/tank", undefined, "backup/tank"],
  ["[fe80::1]:tank", "fe80::1", "tank"],
];

Deno.test("targets", async (test) => {
  for (const [text, host, dataset] of targets) {
    await test.step(text, () => deepEqual(parseTarget(text), { text, host, dataset }));
  }
});

const wrongSources: readonly (readonly [text: string, says: RegExp])[] = [
  ["", /names no dataset/],
  ["-tank", /begins with '-'/],
  ["host:", /names no dataset/],
  ["host:-tank", /begins with '-'/],
  ["-host:tank", /the user|its name begins with '-'/],
  ["-oProxyCommand=x:tank", /begins with '-'/],
  ["ann@-host:tank", /begins with '-'/],
  ["-ann@host:tank", /user begins with '-'/],
  ["a b@host:tank", /user holds " "/],
  ["@host:tank", /user is empty/],
  ["ann@:tank", /its name is empty/],
  ["ho st:tank", /holds " "/],
  ["host;id:tank", /holds ";"/],
  ["host$(id):tank", /holds "\$"/],
  [".host:tank", /begins with '\.'/],
  ["tank@monday", /names a snapshot/],
  ["tank/a#mark", /names a bookmark/],
  ["host:tank@monday", /holds "@"/],
  ["tank//a", /empty part/],
  ["tank/", /empty part/],
  ["/tank", /empty part|begins with a letter/],
  ["tank/..", /'\.' or '\.\.'/],
  ["1tank", /begins with a letter/],
  ["mirror0", /reserved/],
  ["tänk", /does not allow/],
  ["tank\n", /does not allow/],
  ["[fe80::1:tank", /./],
  ["[zz]:tank", /IPv6/],
  ["[1.2.3.4]:tank", /IPv6/],
  ["[]:tank", /IPv6/],
  ["[::1%;id]:tank", /IPv6/],
  [`${"h".repeat(254)}:tank`, /longer than 253/],
  [`${"u".repeat(33)}@host:tank`, /longer than 32/],
  [`tank/${"x".repeat(251)}`, /longer than 255/],
];

Deno.test("sources that are refused, with the reason", async (test) => {
  for (const [text, says] of wrongSources) {
    await test.step(
      JSON.stringify(text).slice(0, 60),
      () => throws(() => parseSource(text), { name: "SyntaxError", message: says }),
    );
  }
});

Deno.test("targets that are refused, with the reason", async (test) => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ["", /its name is empty/],
    [":", /names no dataset/],
    ["backup/tank", /or :backup\/tank for this one/],
    ["-target", /begins with '-'/],
    ["tar get", /holds " "/],
    ["target:", /names no dataset/],
    ["::1", /begins with a letter/],
  ];
  for (const [text, says] of wrong) {
    await test.step(
      JSON.stringify(text),
      () => throws(() => parseTarget(text), { name: "SyntaxError", message: says }),
    );
  }
});

Deno.test("a target without a dataset gets the source's", () => {
  const source = parseSource("tank/home");
  deepEqual(parseTargetOf(source, parseTarget("ann@target")), {
    text: "ann@target",
    host: "ann@target",
    dataset: "tank/home",
  });
});

const pairs: readonly (readonly [source: string, target: string, says: RegExp | undefined])[] = [
  ["tank", "target", undefined],
  ["tank", ":backup", undefined],
  ["tank", ":tank2", undefined],
  ["tank/a", ":tank/ab", undefined],
  ["tank", ":tank", /same dataset/],
  ["tank", ":tank/backup", /TARGET "tank\/backup" lies within SOURCE "tank"/],
  ["tank/a", ":tank", /SOURCE "tank\/a" lies within TARGET "tank"/],
  ["tank", "localhost", /same dataset/],
  ["tank", "root@127.0.0.1", /same dataset/],
  ["tank", "[::1]", /same dataset/],
  ["localhost:tank", ":tank/x", /lies within/],
  ["host:tank", "ann@HOST", /same dataset/],
  ["host:tank", "host.:tank/x", /lies within/],
  ["host:tank", "other:tank/x", undefined],
];

Deno.test("a tree is not sent into itself", async (test) => {
  for (const [source, target, says] of pairs) {
    await test.step(`${source} ${target}`, () => {
      const settle = () => parseTargetOf(parseSource(source), parseTarget(target));
      if (says === undefined) settle();
      else throws(settle, { name: "SyntaxError", message: says });
    });
  }
});

Deno.test("machines are compared without user, case and final dot", () => {
  equal(machineOf("ann@Host.Example.org."), "host.example.org");
  equal(machineOf(undefined), "localhost");
});

Deno.test("whatever is typed, what comes out is safe to hand to ssh and zfs", () => {
  const piece = fc.constantFrom(
    "tank",
    "host",
    ":",
    "/",
    "@",
    "-",
    "[",
    "]",
    "::1",
    " ",
    ".",
    "%",
    "\n",
    "$(id)",
    "é",
    "#",
  );
  const typed = fc.oneof(fc.string(), fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")));
  fc.assert(
    fc.property(typed, (text) => {
      for (const parse of [parseSource, parseTarget]) {
        let end;
        try {
          end = parse(text);
        } catch (error) {
          equal((error as Error).name, "SyntaxError");
          continue;
        }
        if (end.host !== undefined) {
          equal(/^(?:[A-Za-z0-9._][A-Za-z0-9._-]*@)?[A-Za-z0-9_:][A-Za-z0-9._:%-]*$/.test(end.host), true, end.host);
        }
        if (end.dataset !== undefined) {
          equal(/^[A-Za-z][A-Za-z0-9_.:%\/ -]*$/.test(end.dataset), true, end.dataset);
        }
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("hosts keep what ssh needs and nothing else", () => {
  equal(parseHost("ann@[fe80::1%eth0]"), "ann@fe80::1%eth0");
  throws(() => parseHost("ann@lee@host"), { message: /the user holds "@"/ });
});
