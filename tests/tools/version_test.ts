import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { executable, packaging, version } from "../../src/version.ts";

Deno.test("version: one version in the code and in deno.json", () => assert.equal(version, config.version));

Deno.test("version: a checkout knows that it is none of the packages", () => {
  assert.equal(packaging(), "source");
  assert.equal(executable(), undefined);
});
