import { equal } from "node:assert/strict";
import { completeNext } from "../../src/core/complete_next.ts";
import { replicateCommand } from "../../src/core/job_command.ts";
import { sampleJobCommand as job } from "./sample_job_command.ts";
import { errorClasses } from "../../src/zfs/parsers/error_classes.ts";

const command = "bzman replicate tank ann@backup:backup/tank --keep 30d --exclude 'a b/*' --db '/srv/my record.db'";

Deno.test("the same command is spelled out, on whatever line it stands", () => {
  equal(replicateCommand(job), command);
  equal(completeNext("it goes on: run the same command again", job), `it goes on: ${command}`);
  equal(completeNext("journalctl -k\nrun the same command again", job), `journalctl -k\n${command}`);
  equal(
    completeNext("as root, what this prints: run preflight for the same job", { ...job, options: [["--no-snapshot"]] }),
    "as root, what this prints: bzman preflight tank ann@backup:backup/tank",
  );
  equal(completeNext("run the same command again with --debug", job), `${command} --debug`);
});

Deno.test("an option that is given anew stands once", () => {
  equal(replicateCommand(job, { set: ["--keep", "7d"], drop: "--exclude" }).match(/--keep/g)?.length, 1);
  equal(replicateCommand(job, { add: ["--exclude", "x"] }).match(/--exclude/g)?.length, 2);
});

Deno.test("no advice about an error of zfs says to run again without the line that is spelled out", () => {
  for (const { next } of errorClasses) {
    equal(/\brun again\b|command again(?!$| with --debug$)/m.test(next), false, next);
  }
});
