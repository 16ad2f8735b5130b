import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KEY_SHAPES, shownPieces, someKey } from "../../../test/support/providers/keyShapes.ts";
import { Redaction } from "./redaction.ts";

const KEY = "sk-proj-Zq81mVkT0pLw93XnB7cRyD2e";

describe("a redacted text", () => {
  it.each(Object.entries(KEY_SHAPES))("shows at most seven characters in a row of a key %s", (_, shape) => {
    fc.assert(
      fc.property(someKey, fc.nat(), fc.constantFrom("", "Bad key: ", '{"message":"'), (key, n, before) => {
        const text = `${before}${shape(key, n)}. See the documentation.`;
        const redaction = new Redaction(key);
        const redacted = redaction.redact(text);
        expect(redacted).toContain("[key]");
        expect(shownPieces(redacted, [key])).toEqual([]);
        expect(redacted).toContain("the documentation.");
        expect(redaction.isIn(text)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [`The key ${KEY} is wrong.`, "The key [key] is wrong."],
    ["The key sk-proj-Z…yD2e is wrong.", "The key [key] is wrong."],
    ["The key sk-pr***********D2e is wrong.", "The key [key] is wrong."],
    ["The key that ends in ...yD2e is wrong.", "The key that ends in [key] is wrong."],
    ["The key sk-proj- Zq81mVkT 0pLw93Xn B7cRyD2e is wrong.", "The key [key] is wrong."],
    [`?key=${KEY}&alt=sse`, "?key=[key]&alt=sse"],
    [`${KEY}\n${KEY}`, "[key]\n[key]"],
  ])("keeps what is not of the key: %j", (text, expected) => {
    expect(new Redaction(KEY).redact(text)).toBe(expected);
  });

  it.each([
    "sk-ant-api03-abcdefghijk",
    "sk-proj-****abcd",
    "gsk_abcdefghijklmnop",
    "AIzaSyA1234567890abcdef",
    "hf_abcdefghijklmnopqrst",
    "ghp_abcdefghijklmnopqrst",
    "key-0123456789abcdef",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    "Bearer abcdef",
    "Basic dXNlcjpwYXNz",
  ])("has no text that looks like a key: %s", (text) => {
    expect(new Redaction(undefined).redact(`It is (${text}).`)).toMatch(/^It is \(\[key\]\)?\.?$/);
  });

  it("is made in time that grows with its length", () => {
    const hostile = "key-".repeat(4000);
    for (let time = 0; time < 50; time++) expect(new Redaction(undefined).redact(hostile)).toBe(hostile);
  });

  it.each([
    "The model gpt-4o does not exist.",
    "key_expired",
    "tok_limit_exceeded",
    "req_011CSHoEeqs5C35K2UUqR7Fy",
    "Rate limit reached for gpt-6-luna... Please try again in 20s.",
    "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
    "ask-me-anything, task-force",
  ])("stays as it is without a key: %s", (text) => {
    expect(new Redaction(KEY).redact(text)).toBe(text);
    expect(new Redaction(undefined).redact(text)).toBe(text);
    expect(new Redaction(KEY).isIn(text)).toBe(false);
  });
});
