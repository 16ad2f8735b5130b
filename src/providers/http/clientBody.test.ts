import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clientBodyText } from "./clientBody.ts";

// Without backslashes: Node 24.21 itself parses the name "\"" as "\\" after an object with that name.
const name = fc
  .oneof(fc.string(), fc.constantFrom("messages", 'a"b', "é", "__proto__"))
  .map((drawn) => drawn.replaceAll("\\", ""));
const object = fc.dictionary(name, fc.jsonValue({ maxDepth: 4 }), { maxKeys: 6 });

const copy = (text: string): string => clientBodyText(text, JSON.parse(text), {}, []);

describe("clientBodyText", () => {
  it("copies the JSON of each field, however it is written", () => {
    fc.assert(
      fc.property(object, fc.constantFrom("", " ", "\t", "\r\n "), (value, space) => {
        const fields = Object.entries(value).map(([key, field]) => ({
          key: JSON.stringify(key),
          json: JSON.stringify(field, undefined, space),
        }));
        const written = fields.map(({ key, json }) => `${space}${key}${space}:${space}${json}${space}`);
        const copied = fields.map(({ key, json }) => `${key}:${json}`);
        expect(copy(`\n {${written.join(",")}} `)).toBe(`{${copied.join(",")}}`);
      }),
      { numRuns: 1000 },
    );
  });

  it("replaces and drops fields of the client", () => {
    const text = '{ "model": "auto", "n" : 1e0, "seed": 9007199254740993 }';
    expect(clientBodyText(text, JSON.parse(text), { model: "m", stream: true }, ["n"])).toBe(
      '{"seed":9007199254740993,"model":"m","stream":true}',
    );
  });

  it.each([
    ['{"a":1,"\\u0061" : [2, "]}"]}', '{"a":[2,"]}"]}'],
    ['{"messages":[{"content":"all that is counted","content":"x"}]}', '{"messages":[{"content":"x"}]}'],
  ])("serializes only what was parsed if an object has a name twice: %s", (text, expected) => {
    expect(copy(text)).toBe(expected);
  });

  it("finds the end of a string with many quotes and backslashes", () => {
    const text = JSON.stringify({ a: `${"\\".repeat(9)}"${'"\\'.repeat(50_000)}`, b: 1 });
    expect(copy(text)).toBe(text);
  });
});
