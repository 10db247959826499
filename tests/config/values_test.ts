import { deepEqual, equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { countBetween } from "../../src/config/values/count.ts";
import { formatDuration, parseDuration } from "../../src/config/values/duration.ts";
import { parseFilePath } from "../../src/config/values/file_path.ts";
import { formatKeep, parseKeep } from "../../src/config/values/keep.ts";
import { parsePattern } from "../../src/config/values/pattern.ts";
import { parsePrefix } from "../../src/config/values/prefix.ts";
import { parseBufferSize, parseRate, parseSize } from "../../src/config/values/size.ts";
import { parseMailAddress, parseMailAddresses } from "../../src/mail_address.ts";
import { checkSmtpUrl, parseSmtpUrl } from "../../src/smtp_url.ts";

/** A reader, what it makes of good words, and what it says of bad ones. */
interface Table {
  readonly name: string;
  readonly read: (text: string) => unknown;
  readonly good: readonly (readonly [text: string, value: unknown])[];
  readonly bad: readonly (readonly [text: string, says: RegExp])[];
}

const day = 86_400_000;

const tables: readonly Table[] = [
  {
    name: "duration",
    read: parseDuration,
    good: [["1s", 1000], ["90s", 90_000], ["10m", 600_000], ["24h", day], ["7d", 7 * day], ["2w", 14 * day], [
      "1d12h",
      1.5 * day,
    ]],
    bad: [
      ["", /is not a time; write/],
      ["7", /is not a time/],
      ["7 d", /is not a time/],
      ["-7d", /is not a time/],
      ["7D", /is not a time/],
      ["1.5h", /is not a time/],
      ["0s", /shortest is 1s/],
      ["36501d", /longer than 100 years/],
      ["9999999999d", /is not a time/],
    ],
  },
  {
    name: "keep",
    read: parseKeep,
    good: [
      ["7d", { kind: "age", ms: 7 * day }],
      ["504", { kind: "count", count: 504 }],
      ["none", { kind: "none" }],
      ["0", { kind: "none" }],
    ],
    bad: [
      ["", /not an age \(7d\), a number of snapshots \(504\) or none/],
      ["7x", /not an age/],
      ["forever", /not an age/],
      ["-1", /not an age/],
      ["1e3", /not an age/],
      ["0d", /shortest/],
      ["100001", /allowed are 0 to 100000/],
    ],
  },
  {
    name: "size",
    read: parseSize,
    good: [["1", 1], ["1k", 1024], ["1K", 1024], ["1.5M", 1_572_864], ["1GiB", 1 << 30], ["2TB", 2 * 1024 ** 4], [
      "5B",
      5,
    ]],
    bad: [["", /is not a size; write/], ["M", /not a size/], ["1P", /not a size/], ["-1M", /not a size/], [
      "1 M",
      /not a size/,
    ]],
  },
  {
    name: "rate",
    read: parseRate,
    good: [["50M", 50 * 1024 ** 2], ["50M/s", 50 * 1024 ** 2], ["1K", 1024]],
    bad: [["1", /1K to 1T a second/], ["2T", /1K to 1T a second/], ["fast", /not a size/]],
  },
  {
    name: "buffer",
    read: parseBufferSize,
    good: [["256M", "256M"], ["1G", "1024M"], ["1.5M", "1536k"], ["2097152", "2M"]],
    bad: [["1K", /1M to 1T/], ["2T", /1M to 1T/], ["256M -x", /not a size/]],
  },
  {
    name: "prefix",
    read: parsePrefix,
    good: [["incremental", "incremental"], ["a:b_c.d-e", "a:b_c.d-e"]],
    bad: [
      ["", /cannot be empty/],
      ["-x", /begins with '-'/],
      ["a b", /holds " "/],
      ["a/b", /holds "\/"/],
      ["a@b", /holds "@"/],
      ["é", /holds/],
      ["a\n", /holds "\\n"/],
      ["x".repeat(65), /longer than 64/],
    ],
  },
  {
    name: "pattern",
    read: parsePattern,
    good: [["scratch", "scratch"], ["vm/*", "vm/*"], ["ann lee/a:b", "ann lee/a:b"]],
    bad: [["", /empty/], ["/a", /relative/], ["-a", /begins with '-'/], ["a//b", /empty part/], ["a;b", /holds ";"/], [
      "a/",
      /empty part/,
    ]],
  },
  {
    name: "mail address",
    read: parseMailAddress,
    good: [["root", "root"], ["ann.lee+x@example.org", "ann.lee+x@example.org"], ["a@localhost", "a@localhost"]],
    bad: [
      ["", /is not a mail address/],
      ["-root", /not a mail address/],
      ["-oQ/tmp@x.org", /not a mail address/],
      ["|id", /not a mail address/],
      ["/etc/passwd", /not a mail address/],
      ["a@", /not a mail address/],
      ["@b", /not a mail address/],
      ["a@-b", /not a mail address/],
      ["a@b..c", /not a mail address/],
      ["a@b\r\nBcc: c@d", /not a mail address/],
      ["a@b\n", /not a mail address/],
      ["a b@c", /not a mail address/],
      ["a@b,c@d", /not a mail address/],
      [`${"a".repeat(65)}@b`, /not a mail address/],
      [`${"a".repeat(64)}@${"d.".repeat(95)}d`, /longer than a mail address/],
    ],
  },
  {
    name: "mail addresses",
    read: parseMailAddresses,
    good: [["root", ["root"]], ["a@b.org, root", ["a@b.org", "root"]]],
    bad: [[",", /not a mail address/], ["a,", /not a mail address/]],
  },
  {
    name: "SMTP URL",
    read: checkSmtpUrl,
    good: [
      ["smtp://localhost:25", "smtp://localhost:25"],
      ["smtps://u:p@mail.example.org/", "smtps://u:p@mail.example.org/"],
      ["smtp://[::1]:25", "smtp://[::1]:25"],
      ["smtp://u%40x:p%25@h:587?starttls=never&verify=no", "smtp://u%40x:p%25@h:587?starttls=never&verify=no"],
    ],
    bad: [
      ["", /not a URL/],
      ["mail.example.org", /not a URL/],
      ["http://x", /neither with smtp/],
      ["smtp://", /not a URL|names no host/],
      ["smtp://h/path", /behind the host/],
      ["smtp://h\n", /not a URL/],
      ["smtp://-h", /names no host/],
      ["smtp://h o", /not a URL/],
      ["smtp://h:0", /port is 0/],
      ["smtp://h?tls=yes", /unknown option; known are starttls and verify/],
      ["smtp://h?starttls=maybe", /starttls must be one of offered, required, never/],
      ["smtp://h?verify=yes&verify=", /verify must be one of yes, no/],
      ["smtp://u%zz@h", /not written as %25/],
      ["smtp://u:100%@h", /not written as %25/],
    ],
  },
  {
    name: "path",
    read: parseFilePath,
    good: [["/root", "/root"], ["a b", "a b"], ["-x", "-x"]],
    bad: [["", /empty/], ["a\0b", /control character/], ["a\nb", /control character/]],
  },
  {
    name: "count",
    read: countBetween(1, 20),
    good: [["1", 1], ["020", 20]],
    bad: [["0", /allowed are 1 to 20/], ["21", /allowed are 1 to 20/], ["1e1", /whole number/], ["", /whole number/], [
      "9".repeat(400),
      /allowed/,
    ]],
  },
];

for (const { name, read, good, bad } of tables) {
  Deno.test(`values: ${name}`, async (test) => {
    for (const [text, value] of good) {
      await test.step(`reads ${JSON.stringify(text)}`, () => deepEqual(read(text), value));
    }
    for (const [text, says] of bad) {
      await test.step(`refuses ${JSON.stringify(text).slice(0, 40)}`, () =>
        throws(() => read(text), { message: says }));
    }
  });
}

Deno.test("values: no text makes a reader throw anything but SyntaxError or RangeError, on one short line", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string()), (text) => {
      for (const { read } of tables) {
        try {
          read(text);
        } catch (error) {
          equal(error instanceof SyntaxError || error instanceof RangeError, true, String(error));
          equal((error as Error).message.includes("\n"), false);
        }
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("values: a password is never shown", () => {
  for (const url of ["http://u:hunter2@h", "smtp://u:hunter2@h/x", "smtp://u:hunter2@", "u:hunter2@h"]) {
    throws(() => parseSmtpUrl(url), (error: Error) => !error.message.includes("hunter2"));
  }
});

Deno.test("values: what is kept is written as it is typed", () => {
  for (const text of ["7d", "36h", "90m", "45s", "504", "none"]) equal(formatKeep(parseKeep(text)), text);
  fc.assert(fc.property(fc.integer({ min: 1, max: 1e8 }), (seconds) => {
    equal(parseDuration(formatDuration(seconds * 1000)), seconds * 1000);
  }));
});
