/**
 * Writes a picture as PNG: the one form of images that every mail program shows. The format's own parts are three, and
 * all that is hard in it, deflate and CRC, is built in.
 *
 * @module
 */

import { crc32, deflateSync } from "node:zlib";
import type { Canvas } from "./canvas.ts";

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The picture as the bytes of a file. */
export function encodePng({ width, height, pixels }: Canvas): Uint8Array {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  // Eight bits a channel; red, green, blue and alpha.
  header.setUint8(8, 8);
  header.setUint8(9, 6);
  // Each row begins with the number of its filter: 0, none.
  const rows = new Uint8Array(height * (width * 4 + 1));
  for (let y = 0; y < height; y += 1) {
    rows.set(pixels.subarray(y * width * 4, (y + 1) * width * 4), y * (width * 4 + 1) + 1);
  }
  const parts = [
    signature,
    chunk("IHDR", new Uint8Array(header.buffer)),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array()),
  ];
  return concat(parts);
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const named = concat([new TextEncoder().encode(name), data]);
  const size = new DataView(new ArrayBuffer(4));
  size.setUint32(0, data.length);
  const check = new DataView(new ArrayBuffer(4));
  check.setUint32(0, crc32(named));
  return concat([new Uint8Array(size.buffer), named, new Uint8Array(check.buffer)]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
