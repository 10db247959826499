/**
 * A small picture in memory, with soft edges: rectangles, lines and areas, enough for a chart.
 *
 * @module
 */

/** A colour: red, green, blue and how much it covers, each 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number, alpha: number];

/** A point, in pixels from the upper left corner. */
export type PixelPoint = readonly [x: number, y: number];

/** The picture. */
export class Canvas {
  /** Four bytes a pixel: red, green, blue, alpha. */
  readonly pixels: Uint8Array;

  /** In pixels, as is the height. */
  readonly width: number;
  readonly height: number;

  /** Begins transparent. */
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8Array(width * height * 4);
  }

  /** Lays a colour over a pixel; `cover` is the part of the pixel that it takes, 0 to 1. */
  dot(x: number, y: number, [red, green, blue, alpha]: Colour, cover: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height || cover <= 0) return;
    const at = (y * this.width + x) * 4;
    const above = Math.min(cover, 1) * alpha / 255;
    const below = (this.pixels[at + 3] ?? 0) / 255 * (1 - above);
    const both = above + below;
    const mix = (channel: number, colour: number) =>
      Math.round((colour * above + (this.pixels[at + channel] ?? 0) * below) / both);
    this.pixels.set([mix(0, red), mix(1, green), mix(2, blue), Math.round(both * 255)], at);
  }

  /** A rectangle; its edges need not lie on pixels. */
  rectangle(left: number, top: number, width: number, height: number, colour: Colour): void {
    const [right, bottom] = [left + width, top + height];
    for (let y = Math.max(0, Math.floor(top)); y < Math.min(this.height, bottom); y += 1) {
      const rows = Math.min(y + 1, bottom) - Math.max(y, top);
      for (let x = Math.max(0, Math.floor(left)); x < Math.min(this.width, right); x += 1) {
        this.dot(x, y, colour, rows * (Math.min(x + 1, right) - Math.max(x, left)));
      }
    }
  }

  /** What lies below a line that goes from left to right. */
  area(line: readonly PixelPoint[], colour: Colour): void {
    for (const [[x1, y1], [x2, y2]] of pairs(line)) {
      for (let x = Math.max(0, Math.floor(x1)); x < Math.min(this.width, x2); x += 1) {
        const [from, to] = [Math.max(x, x1), Math.min(x + 1, x2)];
        if (to <= from) continue;
        const top = y1 + (y2 - y1) * ((from + to) / 2 - x1) / (x2 - x1);
        this.rectangle(from, top, to - from, this.height - top, colour);
      }
    }
  }

  /** A line through points. */
  line(points: readonly PixelPoint[], thickness: number, colour: Colour): void {
    const reach = thickness / 2 + 1;
    // Where two pieces meet the pixels are covered once, not twice.
    const cover = new Map<number, number>();
    for (const [[x1, y1], [x2, y2]] of pairs(points)) {
      for (let y = Math.floor(Math.min(y1, y2) - reach); y <= Math.max(y1, y2) + reach; y += 1) {
        for (let x = Math.floor(Math.min(x1, x2) - reach); x <= Math.max(x1, x2) + reach; x += 1) {
          if (x < 0 || x >= this.width) continue;
          const away = distance([x + 0.5, y + 0.5], [x1, y1], [x2, y2]);
          const part = Math.min(1, Math.max(0, thickness / 2 + 0.5 - away));
          const at = y * this.width + x;
          if (part > (cover.get(at) ?? 0)) cover.set(at, part);
        }
      }
    }
    for (const [at, part] of cover) this.dot(at % this.width, Math.floor(at / this.width), colour, part);
  }
}

function* pairs(points: readonly PixelPoint[]): Generator<readonly [PixelPoint, PixelPoint]> {
  for (const [index, from] of points.entries()) {
    const to = points[index + 1];
    if (to !== undefined) yield [from, to];
  }
}

/** How far a point is from a piece of a line. */
function distance([x, y]: PixelPoint, [x1, y1]: PixelPoint, [x2, y2]: PixelPoint): number {
  const length = (x2 - x1) ** 2 + (y2 - y1) ** 2;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length));
  return Math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1));
}
