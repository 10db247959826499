/**
 * A short fault campaign. `make chaos` runs a longer one: `SEED` makes it repeatable, `ROUNDS` says how long.
 *
 * @module
 */

import { campaign } from "./chaos/campaign.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { makePools } from "./support/trees.ts";

const lab = sharedLab();

Deno.test("chaos: whatever happens, both sides come to agree and nothing is lost", async () => {
  const seed = Number(Deno.env.get("SEED") ?? "20261122");
  const rounds = Number(Deno.env.get("ROUNDS") ?? "3");
  await makePools(lab);
  console.log(`seed ${seed}, ${rounds} rounds`);
  const report = await campaign(lab, seed, rounds, (line) => console.log(`  ${line}`));
  console.log(`${report.rounds} rounds, ${report.runs} runs, survived: ${JSON.stringify(report.survived)}`);
});
