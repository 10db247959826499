// A receiver that an earlier run left is ended only where that run is provably gone.

import { deepEqual, match, notEqual } from "node:assert/strict";
import type { ReplicatePorts } from "../../../src/core/engine/input.ts";
import { World } from "../model/world.ts";
