/**
 * What the commands that check share on the command line.
 *
 * @module
 */

import { message } from "@optique/core/message";
import { multiple } from "@optique/core/modifiers";
import { argument } from "@optique/core/primitives";
import { parsePoolRef } from "../../zfs/names/pool_ref.ts";
import { value } from "./value.ts";

export const pools = multiple(
  argument(value("POOL", parsePoolRef, "tank"), {
    description: message`A pool of this machine, or [USER@]HOST:POOL. Default: every pool of this machine.`,
  }),
);
