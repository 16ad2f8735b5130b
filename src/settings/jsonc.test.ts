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

  it("is not read if it is nested too deep, and names the place", () => {
    const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    for (const levels of [4_700, 200_000]) {
      expect(readJsonc(`{\n // [[\n  "switchyard.routes": ${nested(levels)}}`)).toEqual({
        raw: {},
        errors: [{ line: 3, column: 523, message: expect.stringContaining("more than 500 levels deep") }],
      });
    }
    // A string ends with its line.
    expect(readJsonc(`{"a\n${nested(200_000)}`).errors).toHaveLength(1);
    expect(readJsonc(`// [\r${nested(200_000)}`).errors).toHaveLength(1);
    expect(readJsonc(`{"a": ${nested(499)} /* ${nested(999)} */}`).errors).toEqual([]);
  });

  it("has few errors, whatever it contains", () => {
    const { errors } = readJsonc(`{${"x 1 ".repeat(5_000)}}`);
    expect(errors).toHaveLength(11);
    expect(errors.at(-1)?.message).toMatch(/^\d+ more syntax errors follow\.$/);
  });

  it("must contain an object", () => {
    expect(readJsonc("[1]")).toEqual({ raw: {}, errors: [expect.objectContaining({ line: 1, column: 1 })] });
  });

  it("can be empty", () => {
    expect(readJsonc("")).toEqual({ raw: {}, errors: [] });
  });
});
