import { describe, expect, it } from "vitest";
import { type Line, LineSplitter, readPrompt } from "./input.ts";

function split(chunks: readonly (string | Uint8Array)[], maxLength?: number): readonly Line[] {
  const splitter = new LineSplitter(maxLength);
  const lines = chunks.map((chunk) => splitter.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk));
  return [...lines.flat(), ...splitter.end()];
}

const textsOf = (chunks: readonly (string | Uint8Array)[]) => split(chunks).map(({ text }) => text);

describe("a line", () => {
  it("ends with a line feed, with or without a carriage return, wherever chunks end", () => {
    expect(textsOf(["one\ntw", "o\r", "\n\nfo", "ur"])).toEqual(["one", "two", "", "four"]);
  });

  it("has a number that counts from one and includes empty lines", () => {
    expect(split(["a\n\nb\n"]).map(({ number, text }) => `${number}${text}`)).toEqual(["1a", "2", "3b"]);
  });

  it("keeps characters that are split between chunks", () => {
    const bytes = Buffer.from("grün 🙂\n");
    expect(textsOf([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(["grün 🙂"]);
  });

  it("has no byte order mark if it is the first one", () => {
    expect(textsOf(["\uFEFF{}\n\uFEFF{}\n"])).toEqual(["{}", "\uFEFF{}"]);
  });

  it("can be too long, and the next one is read", () => {
    const lines = split(["short\n", "x".repeat(50), "x".repeat(50), "x\nnext\n", "y".repeat(99)], 60);
    expect(lines).toEqual([
      { number: 1, text: "short", isTooLong: false },
      { number: 2, text: "", isTooLong: true },
      { number: 3, text: "next", isTooLong: false },
      { number: 4, text: "", isTooLong: true },
    ]);
  });

  it("is returned as soon as it is complete", () => {
    const splitter = new LineSplitter();
    expect(splitter.push(Buffer.from("first\nsec"))).toEqual([
      { number: 1, text: "first", isTooLong: false },
    ]);
    expect(splitter.push(Buffer.from("ond\n"))).toEqual([{ number: 2, text: "second", isTooLong: false }]);
    expect(splitter.end()).toEqual([]);
  });
});

describe("the prompt of a line", () => {
  const read = (text: string) => readPrompt({ text, isTooLong: false });

  it("can have everything that is known about it", () => {
    const prompt = {
      prompt: "Explain",
      context: "const a = 1;",
      command: "explain",
      language: "typescript",
      paths: ["src/a.ts"],
      user: "u",
      tier: "premium",
      conversation: "c",
      expectedOutputTokens: 100,
      act: "regenerate",
    };
    expect(read(JSON.stringify(prompt))).toEqual({ kind: "prompt", prompt, unknownFields: [] });
  });

  it("can have fields that are null or unknown", () => {
    expect(read('{"prompt":"a","language":null,"label":1}')).toEqual({
      kind: "prompt",
      prompt: { prompt: "a" },
      unknownFields: ["label"],
    });
  });

  it("is not read from a line that is too long", () => {
    expect(readPrompt({ text: "", isTooLong: true })).toEqual({
      kind: "invalid",
      error: "The line is longer than 16777216 characters.",
    });
  });

  it.each([
    ["{", "Invalid JSON: "],
    ["3", "Expected a JSON object."],
    ["[]", "Expected a JSON object."],
    ["null", "Expected a JSON object."],
    ["{}", "prompt: This is missing."],
    ['{"prompt":1}', "prompt: Expected a string, found 1."],
    ['{"prompt":"a","paths":["x",2]}', "paths[1]: Expected a string, found 2."],
    ['{"prompt":"a","paths":"x"}', 'paths: Expected an array, found "x".'],
    ['{"prompt":"a","tier":"premum"}', 'Did you mean "premium"?'],
    ['{"prompt":"a","expectedOutputTokens":-1}', "expectedOutputTokens: -1 is too small."],
  ])("is invalid in %s: %s", (text, message) => {
    const result = read(text);
    expect(result.kind).toBe("invalid");
    expect(result).toHaveProperty("error", expect.stringContaining(message));
  });
});
