import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rawMembers } from "./clientBody.ts";

// Without backslashes: Node 24.21 itself parses the name "\"" as "\\" after an object with that name.
const name = fc
  .oneof(fc.string(), fc.constantFrom("messages", 'a"b', "é", "__proto__"))
  .map((drawn) => drawn.replaceAll("\\", ""));
const object = fc.dictionary(name, fc.jsonValue({ maxDepth: 4 }), { maxKeys: 6 });

describe("rawMembers", () => {
  it("finds the members that parsing finds, however they are written", () => {
    fc.assert(
      fc.property(object, fc.constantFrom(0, 2, "\t", "\r\n "), (value, space) => {
        const text = `\n ${JSON.stringify(value, undefined, space)} `;
        const parsed = JSON.parse(text);
        const members = [...(rawMembers(text, parsed) ?? [])].map(([key, raw]) => [key, JSON.parse(raw)]);
        expect(members).toEqual(Object.entries(parsed));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['{"a":1,"\\u0061" : [2, "]}"]}'],
    ['{"messages":[{"content":"all that is paid for","content":"x"}]}'],
  ])("rejects a text in which an object has a name twice, of which parsing keeps one: %s", (text) => {
    expect(rawMembers(text, JSON.parse(text))).toBeUndefined();
  });

  it("finds the end of a string with many quotes and backslashes", () => {
    const text = JSON.stringify({ a: `${"\\".repeat(9)}"${'"\\'.repeat(50_000)}`, b: 1 });
    expect(rawMembers(text, JSON.parse(text))?.get("b")).toBe("1");
  });
});
