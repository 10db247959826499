/**
 * What the commands that check share on the command line.
 *
 * @module
 */

import { message } from "@optique/core/message";
import { multiple } from "@optique/core/modifiers";
import { argument } from "@optique/core/primitives";
import { parsePoolRef } from "../zfs/pool_ref.ts";
import { value } from "./value.ts";

/** POOL…. */
export const pools = multiple(
  argument(value("POOL", parsePoolRef, "tank"), {
    description: message`POOL here, or [USER@]HOST:POOL. Without any: every pool of this machine.`,
  }),
);
