import { equal } from "node:assert/strict";
import { copyCommand, orphanCommand } from "../../../src/core/status/next_steps.ts";

const jobs = [
  { source: "alpha:tank/home", target: "vault:backup/home" },
  { source: "alpha:tank", target: "vault:backup/tank" },
  { source: "alpha:fast", target: "alpha:slow/fast" },
  { source: "beta:far", target: "alpha:far" },
];

Deno.test("what no job copies is copied to where the nearest job would put it", () => {
  const table: [dataset: string, command: string | undefined][] = [
    ["tank/scratch", "bzman replicate tank/scratch vault:backup/tank/scratch"],
    ["tank/home/ann lee", "bzman replicate 'tank/home/ann lee' 'vault:backup/home/ann lee'"],
    ["fast/a", "bzman replicate fast/a :slow/fast/a"],
    ["other/a", undefined],
    ["far/a", undefined],
  ];
  for (const [dataset, command] of table) equal(copyCommand(dataset, jobs, "alpha"), command, dataset);
  const [home] = jobs;
  equal(copyCommand("tank/vm", [home!], "alpha"), "bzman replicate tank/vm vault:tank/vm");
});

Deno.test("what only the target has is looked at there", () => {
  const look = "zfs list -r -t all -o name,used,creation backup/home/old";
  equal(orphanCommand("backup/home/old", jobs[0]!, "alpha"), `ssh vault ${look}`);
  equal(orphanCommand("backup/home/old", jobs[0]!, "vault"), look);
});
