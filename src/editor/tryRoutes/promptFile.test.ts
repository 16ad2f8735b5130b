import { describe, expect, test } from "vitest";
import { textOf } from "../../contract/message.ts";
import { promptsIn } from "./promptFile.ts";

const wordsIn = (name: string, text: string) =>
  promptsIn(name, text, []).trials.map(({ request }) => request.ownWords);

describe("prompts from a file", () => {
  test("are its lines, without the empty ones", () => {
    expect(wordsIn("a.txt", "\uFEFFWhat is a closure?\r\n\n  Compare a and b \n")).toEqual([
      "What is a closure?",
      "Compare a and b",
    ]);
    expect(wordsIn("a.md", '{"prompt":"x"}')).toEqual(['{"prompt":"x"}']);
  });

  test("are the objects of a .jsonl, and a line that is none is named by its number", () => {
    const text =
      '{"prompt":"one","command":null}\nnot json\n{"text":"two"}\n[]\n\n{"prompt":"three","extra":1}';
    expect(wordsIn("a.JSONL", text)).toEqual(["one", "three"]);
    expect(promptsIn("a.jsonl", text, []).malformed).toEqual([2, 3, 4]);
  });

  test("carry what a line says of them to where routes match on it", () => {
    const line = {
      prompt: "Why?",
      context: "const a = 1;",
      command: "/fix",
      language: "typescript",
      paths: ["src/secret/a.ts", "src/b.ts"],
    };
    const [trial] = promptsIn("a.jsonl", JSON.stringify(line), ["**/secret/**"]).trials;
    expect(trial?.request).toMatchObject({
      ownWords: "Why?",
      characters: "Why?".length + "const a = 1;".length,
      command: "fix",
      language: "typescript",
      paths: ["src/secret/a.ts", "src/b.ts"],
      isPrivate: true,
    });
    expect(trial?.request.messages.map(textOf).at(-1)).toContain("const a = 1;");
  });
});
