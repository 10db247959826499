import assert from "node:assert/strict";
import fc from "fast-check";
import {
  displayCommand,
  parseShellCommand,
  parseWords,
  quoteWord,
  quoteWords,
  shellCommand,
} from "../../../src/hosts/remote/quote.ts";
import { shells, testWith } from "../fixtures.ts";

/** Any word that may be quoted: no control character, no half surrogate pair. */
const word = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(...`'"\\$\`!{}()~*?[]#&;|<> %^=-éz\u{1f600}\ufeff`) }),
  // deno-lint-ignore no-control-regex -- the very characters that are refused
).filter((text) => !/[\u0000-\u001f\u007f]/.test(text));

const argv = fc.array(word, { minLength: 1, maxLength: 6 });

Deno.test("what was quoted is read back as it was", () => {
  fc.assert(fc.property(argv, (words) => assert.deepEqual(parseWords(quoteWords(words)), words)));
  fc.assert(fc.property(argv, (words) => {
    const script = quoteWords(words);
    assert.equal(parseShellCommand(shellCommand(script)), script);
  }));
});

Deno.test("the text that leaves is printable ASCII without a single quote or two backslashes in a row", () => {
  fc.assert(fc.property(argv, (words) => assert.match(quoteWords(words), /^(?:(?!\\\\)[ -&(-~])*$/)));
});

Deno.test("only the one spelling is read", () => {
  const refused = [
    "",
    "zfs",
    "'zfs'",
    '"zfs',
    '"zfs" ',
    ' "zfs"',
    '"zfs"  "list"',
    '"zfs";"reboot"',
    '"zfs"\n"list"',
    '"$HOME"',
    '"`id`"',
    '"$(id)"',
    '"a$(printf "\\141")"',
    '"$(printf "\\047")$(printf "\\047")"',
    '"$(printf "\\012")"',
    '"$(printf "\\377")"',
    '"$(printf "\\747")"',
    '"$(printf "\\047"; id)"',
    '"a\\"b"',
    '"é"',
    '"!!"',
  ];
  for (const text of refused) assert.throws(() => parseWords(text), SyntaxError, text);
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."\"$(printf\\047) 'a;") }), (text) => {
    let words: readonly string[];
    try {
      words = parseWords(text);
    } catch (error) {
      return assert.ok(error instanceof SyntaxError);
    }
    assert.equal(quoteWords(words), text);
  }));
});

Deno.test("control characters, broken text and empty commands are refused", () => {
  for (const text of ["a\nb", "\0", "\x1b[2J", "\x7f", "\ud800"]) assert.throws(() => quoteWord(text), RangeError);
  assert.throws(() => quoteWords([]), RangeError);
  for (const script of ["it's", "a\nb", "a\\\\b", "x".repeat(130_000)]) {
    assert.throws(() => shellCommand(script), RangeError);
  }
  const head = "/usr/bin/env -i /bin/sh -c";
  assert.equal(parseShellCommand(`${head} 'a'`), "a");
  for (const text of ["''x'", " 'a'", "'a';id", "'a\n'", "'a'\n"]) {
    assert.throws(() => parseShellCommand(`${head} ${text}`), SyntaxError, text);
  }
  for (const text of ["sh -c 'a'", "/bin/sh -c 'a'", "env -i /bin/sh -c 'a'", ` ${head} 'a'`]) {
    assert.throws(() => parseShellCommand(text), SyntaxError, text);
  }
});

Deno.test("a command is shown as a person would type it", () => {
  assert.equal(displayCommand(["zfs", "list", "-o", "name", "tank/my data"]), "zfs list -o name 'tank/my data'");
  assert.equal(displayCommand(["echo", "it's", "", "a\x1bb"]), "echo 'it'\\''s' '' 'a?b'");
});

const hard = [
  "plain",
  "",
  " a  b ",
  "it's",
  'say "hi"',
  "back\\slash\\\\two",
  "$HOME ${x} $(id) `id`",
  "!! !1 wow!",
  "*?[a-z]{a,b}~ ~root",
  "# ; & | < > ( ) % ^ = @ + , - _ : . /",
  "-n",
  "%s\\n%d",
  "Größe ☃ \u{1f600}",
  "'; echo owned >&2; '",
  "end\\",
  "^a^b",
  "@2024:x",
];

for (const { name, path } of shells) {
  testWith(`every hard word survives ${name} as the login shell`, [name], async () => {
    const text = shellCommand(`printf "[%s]" ${quoteWords(hard)}`);
    assert.equal(await shellOutput(path!, text), hard.map((each) => `[${each}]`).join(""));
    const sample = fc.sample(fc.array(word, { minLength: 1, maxLength: 8 }), { numRuns: 30, seed: 7 });
    for (const words of sample) {
      const output = await shellOutput(path!, shellCommand(`printf "[%s]" ${quoteWords(words)}`));
      assert.equal(output, words.map((each) => `[${each}]`).join(""));
    }
  });

  testWith(`a command near the limit passes ${name}`, [name], async () => {
    const long = `tank/${"x".repeat(110_000)}`;
    assert.equal(await shellOutput(path!, shellCommand(`printf %s ${quoteWord(long)}`)), long);
  });
}

async function shellOutput(shell: string, text: string): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(shell, { args: ["-c", text] }).output();
  assert.equal(new TextDecoder().decode(stderr), "");
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(stdout);
}
