import { deepEqual } from "node:assert/strict";
import { projection } from "../../../src/render/report/charts/fill_chart.ts";

Deno.test("a forecast bends where the pool is full or empty, on the day it is", () => {
  deepEqual(projection(0.5, 0.01, 30), [[0, 0.5], [30, 0.8]]);
  deepEqual(projection(0.75, 0.0125, 30), [[0, 0.75], [20, 1], [30, 1]]);
  deepEqual(projection(0.25, -0.0125, 30), [[0, 0.25], [20, 0], [30, 0]]);
  deepEqual(projection(0.5, 0, 30), [[0, 0.5], [30, 0.5]]);
});
