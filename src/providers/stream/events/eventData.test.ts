import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mayHoldContent, partsOf } from "./eventData.ts";

const partsIn = (data: string) => [...partsOf(data)].map(({ isReadable, text }) => [isReadable, text]);

describe("the data of an event", () => {
  it("consists of objects that a line break, nothing or a field name separates", () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), { minLength: 1 });
    const separators = fc.constantFrom("", "\n", "\r\n", " ", "data: ", "\ndata:");
    fc.assert(
      fc.property(objects, separators, (values, separator) => {
        const parts = [...partsOf(values.map((value) => JSON.stringify(value)).join(separator))];
        expect(parts.map(({ text }) => text)).toEqual(values.map((value) => JSON.stringify(value)));
        expect(parts.every(({ isReadable }) => isReadable)).toBe(true);
      }),
    );
  });

  it("may end with [DONE], or be an array of objects", () => {
    expect(partsIn('{"a":1}\n[DONE]')).toEqual([
      [true, '{"a":1}'],
      [true, "[DONE]"],
    ]);
    expect(partsIn('[{"a":1},{"b":2}]')).toEqual([
      [true, '{"a":1}'],
      [true, '{"b":2}'],
    ]);
  });

  it("may have any number of parts", () => {
    const objects = Array.from({ length: 300_000 }, () => "{}");
    expect(partsIn(`[${objects.join(",")}]`)).toHaveLength(objects.length);
    expect(partsIn(objects.join(""))).toHaveLength(objects.length);
  });

  it("may have parts that cannot be read", () => {
    expect(partsIn('{"a":1}\nnot this\n{"b":\\}\n{"c":')).toEqual([
      [true, '{"a":1}'],
      [false, "not this"],
      [false, '{"b":\\}'],
      [false, '{"c":'],
    ]);
    expect(partsIn("[1]")).toEqual([[false, "[1]"]]);
    expect(partsIn("")).toEqual([]);
  });

  it.each([
    ['{"choices":[{"index":0,"delta":{"content":"no', true],
    ['t "}}]}', false],
    ['"delta":{"content":"t "}}]}', true],
    ['{"id":"c1","object":"chat.completion.chunk","cho', true],
    ['{"type":"content_block_delta","index":0,"del', true],
    ['{"type":"input","partial_json": "{', true],
    ['{"id":"c1","obj', true],
    ['{"type":"content_bl', true],
    ['{"id":"c1","padding":NaN}', false],
    ['{"half": ', false],
    ["ping", false],
  ])("that cannot be read, %s, is known to be a piece of an answer: %s", (text, expected) => {
    expect(mayHoldContent(text)).toBe(expected);
  });
});
