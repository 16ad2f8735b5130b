import fc from "fast-check";
import { expect, test } from "vitest";
import { rawMembers } from "./rawMembers.ts";

// Without backslashes: Node 24.21 itself takes the name "\"" for "\\" where an object before it had that one.
const name = fc
  .oneof(fc.string(), fc.constantFrom("messages", 'a"b', "é", "__proto__"))
  .map((drawn) => drawn.replaceAll("\\", ""));
const object = fc.dictionary(name, fc.jsonValue({ maxDepth: 4 }), { maxKeys: 6 });

test("each member is what parsing the whole says, however it is written", () => {
  fc.assert(
    fc.property(object, fc.constantFrom(0, 2, "\t", "\r\n "), (value, space) => {
      const text = `\n ${JSON.stringify(value, undefined, space)} `;
      const parsed = JSON.parse(text);
      const read = [...(rawMembers(text, parsed) ?? [])].map(([key, raw]) => [key, JSON.parse(raw)]);
      expect(read).toEqual(Object.entries(parsed));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['{"a":1,"\\u0061" : [2, "]}"]}'],
  ['{"messages":[{"content":"all that is paid for","content":"x"}]}'],
])("where a name comes twice, what was parsed is not all that is written: %s", (text) => {
  expect(rawMembers(text, JSON.parse(text))).toBeUndefined();
});

test("a string with many quotes and backslashes ends where it ends", () => {
  const text = JSON.stringify({ a: `${"\\".repeat(9)}"${'"\\'.repeat(50_000)}`, b: 1 });
  expect(rawMembers(text, JSON.parse(text))?.get("b")).toBe("1");
});
