import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText } from "../../test/support/anyText.ts";
import { DATA_DIR, readGolden } from "../../test/support/routing/embeddingReference.ts";
import { plainTokens } from "../../test/support/routing/plainTokenizer.ts";
import { Tokenizer } from "./tokenizer.ts";
import { Vocabulary } from "./vocabulary.ts";

const file = readFileSync(join(DATA_DIR, "vocab.txt"));
const words = file.toString("utf8").trimEnd().split("\n");
const rowOf = new Map(words.map((word, row) => [word, row]));
const tokenizer = new Tokenizer(new Vocabulary(file));

function tokens(text: string): readonly (string | undefined)[] {
  return [...tokenizer.rows(text)].map((row) => words[row]);
}

describe("the tokenizer", () => {
  it.each(readGolden().texts)("splits $text into the reference tokens", ({ text, ids }) => {
    expect([...tokenizer.rows(text)]).toEqual(ids);
  });

  it("splits camel case, except for names that are words of the vocabulary", () => {
    expect(tokens("getUserName")).toEqual(["get", "user", "name"]);
    expect(tokens("HTTPServer")).toEqual(["http", "server"]);
    expect(tokens("GitHub")).toEqual(["github"]);
  });

  it("drops accents and control characters without ending the word", () => {
    expect(tokens("Café na\u0000ïve")).toEqual(tokens("cafe naive"));
    expect(tokens("da\u200Bta\u000Bbase")).toEqual(["database"]);
  });

  it("treats each punctuation mark and symbol as a word", () => {
    expect(tokens("a+b→c")).toEqual(["a", "+", "b", "→", "c"]);
  });

  it("finds the words between Chinese, Japanese and Korean characters, which have no tokens", () => {
    expect(tokens("请写API，天人。")).toEqual(["api"]);
    expect(tokens("テストはpythonで、")).toEqual(["python"]);
    expect(tokens("React로 버튼")).toEqual(["react"]);
  });

  it("returns no token for a word that cannot be split or has more than 100 characters", () => {
    expect(tokens("data ծ data")).toEqual(["data", "data"]);
    expect(tokens(`data${"a".repeat(96)}`)).not.toEqual([]);
    expect(tokens(`data${"a".repeat(97)} data`)).toEqual(["data"]);
  });

  it("stops at 512 tokens, even within a word", () => {
    expect(tokens("data ".repeat(600))).toHaveLength(512);
    const [first, ...rest] = tokens("unbelievablenesses");
    expect(rest.length).toBeGreaterThan(0);
    expect(tokens(`${"a ".repeat(511)}unbelievablenesses b`).slice(511)).toEqual([first]);
  });

  it("keeps no state between texts", () => {
    tokens(`${"a ".repeat(511)}${"data".repeat(10)}`);
    expect(tokens("data")).toEqual(["data"]);
  });

  it("returns what the plain implementation of the rules returns, for any text", () => {
    const wordy = fc
      .array(
        fc.constantFrom(...words, "getUser", "JSON", "3D", "İ", "ΑΣ", "\u0301", "\uD800", "\u2028", "\r"),
        {
          maxLength: 60,
        },
      )
      .map((parts) => parts.join(""));
    const anything = fc.oneof(
      wordy,
      anyText(300),
      fc.string({ unit: "grapheme", maxLength: 300 }),
      fc.string({
        unit: fc.constantFrom("a", "B", "c", "1", " ", "é", "\u0000", "#", "𝒳", "天", "が", "한"),
        maxLength: 300,
      }),
    );
    fc.assert(
      fc.property(anything, (text) => {
        expect([...tokenizer.rows(text)]).toEqual(plainTokens(text, rowOf));
      }),
      { numRuns: 200 },
    );
  });
});

describe("the vocabulary", () => {
  it("finds every entry and nothing else", () => {
    const vocabulary = new Vocabulary(file);
    expect(vocabulary.size).toBe(words.length);
    const ascii = words.filter((word) => !/[^ -~]/.test(word));
    expect(ascii.filter((word) => !vocabulary.has(word))).toEqual([]);
    expect(["", "zzzzqx", "theof", "x".repeat(1000)].filter((word) => vocabulary.has(word))).toEqual([]);
  });

  it("rejects a file without a final line feed or with too many entries", () => {
    expect(() => new Vocabulary(Buffer.from("a\nb"))).toThrow("no end");
    const many = Array.from({ length: 70_000 }, (_, entry) => `${entry}\n`).join("");
    expect(() => new Vocabulary(Buffer.from(many))).toThrow("room");
  });
});
