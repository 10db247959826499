import assert from "node:assert/strict";
import { circleThrough, neighboursOf } from "../../tools/lint/circles.ts";

const files: Readonly<Record<string, string>> = {
  "/src/a.ts": 'import type { B } from "./b.ts";\nimport { c } from "../other/c.ts";',
  "/src/b.ts": 'import {\n  c,\n} from "./c.ts";',
  "/src/c.ts": 'export { a } from "./a.ts";',
  "/src/d.ts": 'import { a } from "./a.ts";\nconst later = await import("./e.ts");',
  "/src/e.ts": 'import { d } from "./d.ts";',
};
const read = (path: string): string | undefined => files[path];

Deno.test("circles: neighbours are the imports of the same folder, types too", () => {
  assert.deepEqual(neighboursOf("/src/a.ts", files["/src/a.ts"] ?? ""), ["/src/b.ts"]);
});

Deno.test("circles: the way back is found, the shortest one", () => {
  assert.deepEqual(circleThrough("/src/a.ts", "/src/b.ts", read), ["/src/a.ts", "/src/b.ts", "/src/c.ts", "/src/a.ts"]);
});

Deno.test("circles: who leads into a circle is in none, and what is loaded lazily makes none", () => {
  assert.equal(circleThrough("/src/d.ts", "/src/a.ts", read), undefined);
  assert.equal(circleThrough("/src/e.ts", "/src/d.ts", read), undefined);
});
