import fc from "fast-check";

/** Code points among which control characters, separators and direction marks are frequent, and lone surrogates occur. */
const codePoint = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 0xff }) },
  { weight: 2, arbitrary: fc.integer({ min: 0x2000, max: 0x206f }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0x10ffff }) },
);

/** Hostile text. */
export const anyText: fc.Arbitrary<string> = fc.array(codePoint, { maxLength: 60 })
  .map((points) => points.map((point) => String.fromCodePoint(point)).join(""));
