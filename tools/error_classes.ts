/**
 * Writes `docs/errors.md`, the page of error classes, from the tables that bzman itself decides by:
 * `tools/deno run --quiet tools/error_classes.ts > docs/errors.md`, then `tools/deno fmt`. A fast test holds the page to them.
 *
 * @module
 */

import { errorClasses } from "../src/zfs/parsers/error_classes.ts";
import { sshFaults } from "../src/hosts/ssh/ssh_faults.ts";

/** Classes that bzman itself finds, without a message of zfs or ssh: what each means, and what to do. */
const ownClasses: Readonly<Record<string, readonly [meaning: string, next: string]>> = {
  "command-failed": ["a command ended with an error that no table knows", "run it by hand there"],
  "command-timeout": ["a command gave no answer within its limit", "`zpool status -x` there; a pool may be suspended"],
  "dataset": ["a conflict between both sides at the top, or everywhere: refused", "`bzman preflight` explains each"],
  "dataset-missing": ["the dataset named is not there", "`zfs list -o name` there"],
  "defect": ["bzman failed because of a bug in bzman", "run with `--debug` and report what it prints"],
  "interrupted": ["INT, TERM or HUP stopped the run", "run again: it resumes where it stopped"],
  "internal": ["bzman failed because of a bug in bzman", "run with `--debug` and report what it prints"],
  "killed": ["the run's process disappeared: killed, or the machine went down", "nothing: the next run fixes it"],
  "locked": ["another run replicates to the same dataset", "nothing: that run goes on"],
  "mail-unsent": ["a mail could not be sent", "`bzman mail test` shows the way it takes"],
  "no-job": ["no job has run yet, or all were retired", "`bzman replicate SOURCE TARGET`"],
  "no-such-job": ["the record has no job of this name", "`bzman status` names them"],
  "not-arrived": [
    "every stage ended well, but the target does not show the GUID",
    "run again; then compare both sides",
  ],
  "not-retired": ["the record could not note that a job is wanted no more", "what it says: the record, or the clock"],
  "output-too-large": ["a command wrote more than fits", "report this as a bug"],
  "output-unreadable": ["a command printed what bzman cannot read", "run it by hand, and report this as a bug"],
  "output-unwritable": ["the file to be written cannot be", "name another place"],
  "package-incomplete": [
    "a dataset that belongs to the same stream did not arrive",
    "run again",
  ],
  "parent-missing": ["the parent of a dataset did not arrive", "fix the parent; its children follow"],
  "pipeline-failed": ["a stream ended and no stage told why", "run again with `--debug`"],
  "preflight": ["a check refused the run", "`bzman preflight SOURCE TARGET`"],
  "protect-failed": [
    "received snapshots could not be bookmarked on the source",
    "fix the cause; the next run makes up for it",
  ],
  "prune-failed": ["retention could not destroy a snapshot", "fix the cause; the next run makes up for it"],
  "record-place": ["there is no place for the record, or the file is not bzman's", "name one with `--db PATH`"],
  "record-unreadable": ["the record cannot be read", "name it with `--db PATH`; see what the message says"],
  "retries-over": ["five minutes passed without progress, so it was not retried", "run again: it goes on"],
  "source-missing": ["the source has no such dataset", "`zfs list -o name` there"],
  "ssh-command-refused": ["the login shell there does not run commands", "`ssh HOST \"sh -c 'echo ok'\"`"],
  "stage-failed": ["a stage of the stream failed with words that no table knows", "run again with `--debug`"],
  "stale-stages": ["the stages of an earlier run could not be looked for", "run again in a minute"],
  "stalled": [
    "no byte moved for too long (5 min, more for many snapshots or a target that needed more, or `--stall`)",
    "run again: it resumes where it stopped; or a longer `--stall TIME`",
  ],
  "usage": ["the command line or the configuration is wrong", "`bzman help COMMAND`"],
};

/** The page. */
export function errorPage(): string {
  const row = (name: string, ...cells: string[]) =>
    `| \`${name}\` | ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const yes = (temporary: boolean) => temporary ? "yes" : "no";
  const zfs = errorClasses.map(({ name, temporary, next }) => row(name, yes(temporary), next));
  const ssh = sshFaults.map(({ errorClass, temporary, next }) =>
    row(errorClass, yes(temporary), next.replaceAll("{host}", "HOST"))
  );
  const own = Object.entries(ownClasses).map(([name, cells]) => row(name, ...cells));
  return `# Error classes

Every run that fails carries one of these in the record, in the mail and in \`--json\` (\`errorClass\`). A class that may pass is
tried again within the run, with growing pauses, for five minutes at most after the last progress; the others are not. Pauses, looks at both
sides and steps share these five minutes: none is begun later, and none is waited for longer. A stream that was begun in time goes on as
long as it moves; when it does not, \`--stall\` ends it.

## Of zfs and zpool

From \`src/zfs/parsers/error_classes.ts\`: the first whose text is found in what the program wrote. \`DATASET\` and \`HOST\` stand for those
concerned.

| class | may pass | what to do |
| --- | --- | --- |
${zfs.join("\n")}

## Of ssh

From \`src/hosts/ssh/ssh_faults.ts\`, which names the place of each text in OpenSSH.

| class | may pass | what to do |
| --- | --- | --- |
${[...new Set(ssh)].join("\n")}

## Of bzman

| class | what it means | what to do |
| --- | --- | --- |
${own.join("\n")}

A conflict of one dataset has the kind of conflict as its class: \`empty-source\`, \`foreign-data\`, \`diverged\`, \`name-taken\`,
\`type-mismatch\`, \`encrypted-root\`, \`raw-mismatch\`, \`key-needed\`, \`name-too-long\`, \`source-is-replica\`, \`parent-missing\`;
the message names both sides and the choices. A check of \`bzman preflight\` that refuses a run is named as there.
`;
}

if (import.meta.main) console.log(errorPage().trimEnd());
