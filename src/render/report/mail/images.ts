/**
 * The charts of the mail, as images: the lag of a job, and the bytes of its runs. Without a word in them, so that their
 * labels are text of the mail, which every reader can read and enlarge. Their colours stand on light and dark paper.
 *
 * @module
 */

import type { JobReport, Report } from "../../../core/report/report.ts";
import { Canvas, type Colour, type PixelPoint } from "../charts/canvas.ts";
import { encodePng } from "../charts/png.ts";
import { peaks } from "../charts/lag_chart.ts";
import { bytesAxis, durationAxis } from "../charts/scale.ts";

/** Twice what the mail shows, for sharp screens. */
const width = 1184;
const height = 176;
/** The lane of failures at the bottom, and what is between. */
const lane = 16;

const accent: Colour = [56, 121, 205, 255];
const soft: Colour = [56, 121, 205, 60];
const grid: Colour = [128, 132, 138, 80];
const base: Colour = [128, 132, 138, 220];
const limit: Colour = [176, 112, 8, 255];
const bad: Colour = [204, 58, 50, 255];

/** The lag over time, with a dashed line where it warns. */
export function lagImage(job: JobReport, { now, objectiveMs }: Report): Uint8Array {
  const since = job.chartSince;
  const canvas = new Canvas(width, height);
  const warning = objectiveMs * 2;
  const axis = durationAxis(job.lag.reduce((most, { lagMs }) => Math.max(most, lagMs), warning));
  const y = (lagMs: number): number => (1 - lagMs / axis.top) * (height - 4) + 2;
  const spots = (points: JobReport["lag"]): PixelPoint[] =>
    points.map(({ at, lagMs }) => [place(Math.max(at, since), since, now), y(lagMs)]);
  for (const tick of axis.ticks) canvas.rectangle(0, y(tick) - 0.5, width, 1, grid);
  canvas.area(spots(job.lag), soft);
  for (let x = 0; x < width; x += 18) canvas.rectangle(x, y(warning) - 1, 10, 2, limit);
  canvas.line(spots(peaks(job.lag)), 3.5, accent);
  canvas.rectangle(0, height - 2, width, 2, base);
  return encodePng(canvas);
}

/** The bytes of each run, with a mark below those that failed. */
export function bytesImage(job: JobReport, { now }: Report): Uint8Array {
  const since = job.chartSince;
  const canvas = new Canvas(width, height);
  const floor = height - lane;
  const axis = bytesAxis(Math.max(1, ...job.bars.map(({ bytes }) => Number(bytes))));
  for (const tick of axis.ticks) canvas.rectangle(0, (1 - tick / axis.top) * floor, width, 1, grid);
  const step = width / Math.max(job.bars.length, 24);
  const gaps = job.bars.slice(1).map(({ at }, index) =>
    (at - (job.bars[index]?.at ?? at)) / (now - since || 1) * width
  );
  const bar = Math.max(2, Math.min(step * 0.72, 30, ...gaps.map((gap) => gap * 0.8)));
  for (const { at, bytes, failed } of job.bars) {
    const x = Math.min(place(at, since, now), width - bar);
    const tall = Math.max(bytes > 0n ? 2 : 0, Number(bytes) / axis.top * floor);
    canvas.rectangle(x, floor - tall, bar, tall, failed > 0 ? bad : accent);
    if (failed > 0) mark(canvas, x + bar / 2, floor + 4);
  }
  canvas.rectangle(0, floor - 1, width, 2, base);
  return encodePng(canvas);
}

/** A triangle that points up: told apart without colour. */
function mark(canvas: Canvas, x: number, top: number): void {
  for (let row = 0; row < 10; row += 1) canvas.rectangle(x - row * 0.6, top + row, row * 1.2 + 1, 1, bad);
}

function place(at: number, since: number, now: number): number {
  return (at - since) / (now - since || 1) * width;
}

/** How wide and high the mail shows them, in pixels. */
export const shownSize = { width: width / 2, height: height / 2 } as const;
