/**
 * A fault campaign of 12 rounds. `make chaos` runs a longer one: `SEED` makes it repeatable, `ROUNDS` says how long, `FAULTS`
 * narrows it down.
 *
 * @module
 */

import { bzman } from "./support/bzman.ts";
import { campaign, type CampaignReport } from "./chaos/campaign.ts";
import { sharedLab } from "./support/shared_lab.ts";

const lab = sharedLab();

Deno.test("chaos: whatever happens, both sides come to agree and nothing is lost", async () => {
  const seed = Number(Deno.env.get("SEED") ?? "20261122");
  const rounds = Number(Deno.env.get("ROUNDS") ?? "12");
  const report: CampaignReport = { rounds: 0, runs: 0, met: {} };
  console.log(`seed ${seed}, ${rounds} rounds`);
  const began = performance.now();
  try {
    await campaign(lab, seed, rounds, report, (line) => console.log(`  ${line}`));
  } catch (error) {
    console.log((await bzman(lab.source, ["log", "--limit", "5"])).stdout);
    throw error;
  } finally {
    const minutes = (performance.now() - began) / 60_000;
    console.log(`seed ${seed}: ${report.rounds} rounds, ${report.runs} runs, ${minutes.toFixed(1)} minutes`);
    for (const [name, { struck, late }] of Object.entries(report.met).sort()) {
      console.log(`  ${name}: ${struck}${late > 0 ? ` (and ${late} too late)` : ""}`);
    }
  }
});
