/**
 * Others who use bzman at the same time, and one pool on both sides.
 *
 * @module
 */

import { strictEqual } from "node:assert/strict";
import type { Lab } from "../../../../lab/lab.ts";
import { type ChaosFault, disturb, type Disturbed, type Scene } from "../fault.ts";
import { bzman } from "../../support/bzman.ts";
import { fingerprint } from "../../support/trees.ts";

/** What a user needs on the source to replicate as root does. */
const allowances = "send,hold,release,snapshot,bookmark,destroy,mount,userprop";

/** Makes the user alice, who reaches the target as root; and `twin`, by which the source reaches itself. */
export async function makeUsers(lab: Lab): Promise<void> {
  await lab.source.sh(`id alice >/dev/null 2>&1 || useradd -m alice
    mkdir -p -m 700 /home/alice/.ssh && cp /root/.ssh/id_ed25519 /root/.ssh/known_hosts /home/alice/.ssh/
    printf 'Host target\\n User root\\n' >/home/alice/.ssh/config && chown -R alice: /home/alice/.ssh
    key=$(cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub)
    grep -q '^twin ' /root/.ssh/known_hosts || echo "twin $key" >>/root/.ssh/known_hosts
    grep -q ' twin$' /etc/hosts || echo '10.99.0.1 twin' >>/etc/hosts`);
}

/** Allows alice on a new pool what she needs. */
export async function allowUsers(lab: Lab): Promise<void> {
  await lab.source.sh(`zfs allow alice ${allowances} tank`);
}

/** Root's run, with one of somebody else's to the same target that begins at a moment of it. */
async function withOther(scene: Scene, user: string | undefined): Promise<Disturbed> {
  let other: Promise<{ readonly code: number; readonly stderr: string }> | undefined;
  const args = scene.args;
  const first = await disturb(scene, ":", () => {
    other = bzman(scene.lab.source, ["replicate", ...args], user === undefined ? {} : { user });
    return Promise.resolve();
  });
  const second = await other;
  // One finds the other at work (4) or over; they never fight for a dataset.
  if (second !== undefined && ![0, 4].includes(second.code)) {
    throw new Error(`the second run ended with ${second.code}:\n${second.stderr}`);
  }
  return first;
}

/** The source under another name is no target, whatever the policy says, and whatever part of it is meant. */
async function intoItself({ lab: { source }, chance }: Scene): Promise<Disturbed> {
  const before = await fingerprint(source, "tank");
  const [from, target] = chance.pick([["tank", "twin"], ["tank", "root@10.99.0.1"], ["tank/one", "twin:tank/one"]]);
  const policy = chance.pick(["refuse", "rollback", "keep-both"]);
  const run = await bzman(source, ["replicate", "--on-divergence", policy, from!, target!]);
  strictEqual(await fingerprint(source, "tank"), before, `replicating ${from} to ${target} changed the source`);
  return { ...run, hit: true };
}

/** Two users at once; two runs of one user; one pool on both sides. */
export const userFaults: readonly ChaosFault[] = [
  { name: "the target is the source", strike: intoItself, exits: [3] },
  {
    name: "a second run at the same time",
    strike: (scene) => withOther(scene, undefined),
    exits: [0, 4],
    untold: true,
  },
  {
    name: "another user at the same time",
    strike: (scene) => withOther(scene, "alice"),
    exits: [0, 4],
    untold: true,
  },
];
