import fc from "fast-check";

const codePoint = fc.oneof(
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xff }) },
  { weight: 2, arbitrary: fc.integer({ min: 0x100, max: 0xd7ff }) },
  { weight: 2, arbitrary: fc.integer({ min: 0xe000, max: 0x10ffff }) },
);

/**
 * Texts of any characters, and such as `__proto__`. For the same, `fc.string({ unit: "binary" })` makes a map of all
 * characters, which takes half a second and 100 MB.
 */
export function anyText(maxLength: number): fc.Arbitrary<string> {
  const anyCharacters = fc.array(codePoint, { maxLength }).map((each) => String.fromCodePoint(...each));
  return fc.oneof(
    { weight: 4, arbitrary: anyCharacters },
    { weight: 1, arbitrary: fc.string({ maxLength }) },
  );
}
