import { deepEqual, equal, ok } from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { Canvas } from "../../../../src/render/report/charts/canvas.ts";
import { encodePng } from "../../../../src/render/report/charts/png.ts";

const red = [255, 0, 0, 255] as const;

function pixel(canvas: Canvas, x: number, y: number): number[] {
  return [...canvas.pixels.subarray((y * canvas.width + x) * 4, (y * canvas.width + x) * 4 + 4)];
}

Deno.test("PNG: the parts of the file, and the pixels in them", () => {
  const canvas = new Canvas(3, 2);
  canvas.rectangle(1, 0, 1, 1, red);
  const file = encodePng(canvas);
  const view = new DataView(file.buffer);
  deepEqual([...file.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  deepEqual([view.getUint32(16), view.getUint32(20), file[24], file[25]], [3, 2, 8, 6]);
  const size = view.getUint32(33);
  const rows = inflateSync(file.subarray(41, 41 + size));
  deepEqual([...rows], [0, 0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  equal(new TextDecoder().decode(file.subarray(-8, -4)), "IEND");
});

Deno.test("a rectangle between pixels covers a part of each", () => {
  const canvas = new Canvas(4, 4);
  canvas.rectangle(0.5, 1, 1, 1, red);
  deepEqual([pixel(canvas, 0, 1), pixel(canvas, 1, 1), pixel(canvas, 2, 1)], [[255, 0, 0, 128], [255, 0, 0, 128], [
    0,
    0,
    0,
    0,
  ]]);
});

Deno.test("colours mix, and nothing is drawn outside", () => {
  const canvas = new Canvas(2, 2);
  canvas.rectangle(-5, -5, 20, 20, [0, 0, 255, 255]);
  canvas.dot(0, 0, [255, 0, 0, 128], 1);
  deepEqual(pixel(canvas, 0, 0), [128, 0, 127, 255]);
  canvas.line([[-9, -9], [9, 9]], 1, red);
  canvas.area([[-9, 0], [9, 0]], red);
  deepEqual(pixel(canvas, 1, 1), [255, 0, 0, 255]);
});

Deno.test("an area lies below its line", () => {
  const canvas = new Canvas(10, 10);
  canvas.area([[0, 10], [10, 0]], red);
  ok((pixel(canvas, 8, 9)[3] ?? 0) === 255 && (pixel(canvas, 1, 1)[3] ?? 0) === 0);
});
