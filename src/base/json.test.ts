import { describe, expect, it } from "vitest";
import { JsonTooDeep, JsonTooManyValues, MAX_JSON_DEPTH, parseBoundedJson } from "./json.ts";

const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

describe("JSON of bounded depth", () => {
  it("is parsed up to the limit, and rejected beyond it", () => {
    expect(parseBoundedJson(nested(MAX_JSON_DEPTH))).toEqual([expect.anything()]);
    for (const levels of [MAX_JSON_DEPTH + 1, 5_000, 1_000_000]) {
      expect(() => parseBoundedJson(nested(levels))).toThrow(JsonTooDeep);
      // Even if it is not complete.
      expect(() => parseBoundedJson("[".repeat(levels))).toThrow(JsonTooDeep);
    }
  });

  it("counts no brackets in strings, whatever is escaped in them", () => {
    const text = JSON.stringify({
      a: `"\\" ${"[".repeat(1000)} \\`,
      b: "\\".repeat(501),
      c: "{".repeat(600),
    });
    expect(parseBoundedJson(text)).toEqual(JSON.parse(text));
  });

  it("counts depth, not brackets", () => {
    const text = `[${Array.from({ length: 1000 }, () => nested(3)).join(",")}]`;
    expect(parseBoundedJson(text)).toHaveLength(1000);
  });

  it("names the member that is too deep", () => {
    const text = `{"first": "value", "second": {"inner": 1}, "third": ${nested(MAX_JSON_DEPTH)}}`;
    expect(() => parseBoundedJson(text)).toThrow(expect.objectContaining({ member: "third" }));
  });

  it("is rejected with more values than its reader takes, wherever they are, and however many strings hold", () => {
    const text = JSON.stringify({ a: [[], {}, "x,y"], b: { c: 1, d: [",[", 2] }, padding: ",[".repeat(500) });
    expect(parseBoundedJson(text, 12)).toEqual(JSON.parse(text));
    expect(() => parseBoundedJson(text, 11)).toThrow(JsonTooManyValues);
  });

  it("may start with a byte order mark", () => {
    expect(parseBoundedJson('\uFEFF{"a":1}')).toEqual({ a: 1 });
  });
});
