import { describe, expect, it } from "vitest";
import { readJsonc } from "./jsonc.ts";

describe("a settings file", () => {
  it("can contain comments and trailing commas", () => {
    const text = '// mine\n{ "switchyard.user": "ann", /* old */ "switchyard.breaker": { "failures": 2, }, }';
    expect(readJsonc(text)).toEqual({
      raw: { "switchyard.user": "ann", "switchyard.breaker": { failures: 2 } },
      errors: [],
    });
  });

  it("is read up to a syntax error, which has a line and a column", () => {
    const { raw, errors } = readJsonc('{\n  "switchyard.user": "ann"\r\n  "switchyard.secondUsd": 1\n}');
    expect(raw["switchyard.user"]).toBe("ann");
    expect(errors[0]).toEqual({ line: 3, column: 3, message: "Comma expected." });
  });

  it("must contain an object", () => {
    expect(readJsonc("[1]")).toEqual({ raw: {}, errors: [expect.objectContaining({ line: 1, column: 1 })] });
  });

  it("can be empty", () => {
    expect(readJsonc("")).toEqual({ raw: {}, errors: [] });
  });
});
