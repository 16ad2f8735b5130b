import { describe, expect, it } from "vitest";
import { readPromptLine } from "./promptLine.ts";

describe("a line of the input", () => {
  it("has a prompt, and may have all that is known of it", () => {
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
    };
    expect(readPromptLine(JSON.stringify(prompt))).toEqual({ kind: "prompt", prompt, unknown: [] });
  });

  it("leaves out what is null, and names what nobody knows", () => {
    expect(readPromptLine('{"prompt":"a","language":null,"label":1}')).toEqual({
      kind: "prompt",
      prompt: { prompt: "a" },
      unknown: ["label"],
    });
  });

  it.each([
    ["{", "Not JSON"],
    ["3", "No JSON object"],
    ["[]", "No JSON object"],
    ["null", "No JSON object"],
    ["{}", "prompt: This is missing."],
    ['{"prompt":1}', "prompt: Expected a string, found 1."],
    ['{"prompt":"a","paths":["x",2]}', "paths[1]: Expected a string, found 2"],
    ['{"prompt":"a","paths":"x"}', 'paths: Expected an array, found "x"'],
    ['{"prompt":"a","tier":"premum"}', 'Did you mean "premium"?'],
    ['{"prompt":"a","expectedOutputTokens":-1}', "expectedOutputTokens: -1 is too small."],
  ])("%s is malformed: %s", (text, words) => {
    const read = readPromptLine(text);
    expect(read.kind).toBe("malformed");
    expect(read).toHaveProperty("error", expect.stringContaining(words));
  });
});
