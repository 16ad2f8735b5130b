import { describe, expect, it } from "vitest";
import { keywordDecision } from "../../../test/support/answers.ts";
import type { Conversation, Turn } from "../../contract/conversation.ts";
import { textOf } from "../../contract/message.ts";
import { parsePromptFile, savedPrompts } from "./prompts.ts";

const turn = (text: string, atMs: number): Turn => ({
  id: text,
  atMs,
  prompt: { text, context: [] },
  answer: { text: `${text}!`, fallbacks: [], decision: keywordDecision(`a/${text}`) },
});

function chatWith(...conversations: readonly (readonly Turn[])[]) {
  const saved = new Map(
    conversations.map((turns, index): [string, Conversation] => {
      const updatedAtMs = Math.max(...turns.map(({ atMs }) => atMs));
      const id = `c${index}`;
      return [id, { id, title: "", createdAtMs: 0, updatedAtMs, isPrivate: index === 1, turns }];
    }),
  );
  const opened: string[] = [];
  return {
    opened,
    list: async () =>
      [...saved.values()]
        .sort((a, b) => b.updatedAtMs - a.updatedAtMs)
        .map(({ turns, createdAtMs, ...row }) => ({
          ...row,
          answers: 0,
          nanoUsd: 0,
          costKind: "exact" as const,
        })),
    open: async (id: string) => {
      opened.push(id);
      return saved.get(id);
    },
  };
}

describe("savedPrompts", () => {
  it("returns the last prompts of all conversations, the newest first, with their decisions", async () => {
    const chat = chatWith([turn("one", 1), turn("four", 4)], [turn("two", 2), turn("three", 3)]);
    const trials = await savedPrompts(chat, 3);
    expect(trials.map(({ request }) => request.ownWords)).toEqual(["four", "three", "two"]);
    expect(trials.map(({ was }) => was?.outcome)).toMatchObject([
      { chain: [{ ref: "a/four" }] },
      { chain: [{ ref: "a/three" }] },
      { chain: [{ ref: "a/two" }] },
    ]);
  });

  it("gives each prompt the turns before it only", async () => {
    const [last, first] = await savedPrompts(chatWith([turn("one", 1), turn("two", 2)]), 10);
    expect(last?.request.messages).toHaveLength(first === undefined ? 0 : first.request.messages.length + 2);
  });

  it("does not open conversations that are older than all of them", async () => {
    const chat = chatWith([turn("one", 1)], [turn("two", 2), turn("three", 3)]);
    await savedPrompts(chat, 2);
    expect(chat.opened).toEqual(["c1"]);
  });

  it("keeps a prompt as private as it was when it was sent", async () => {
    const privately = keywordDecision("a/x");
    const attributes = { ...privately.attributes, isPrivate: true };
    const answer = { text: "!", fallbacks: [], decision: { ...privately, attributes } };
    const trials = await savedPrompts(chatWith([turn("one", 1), { ...turn("two", 2), answer }]), 10);
    expect(trials.map(({ request }) => request.isPrivate)).toEqual([true, false]);
  });
});

const promptsIn = (name: string, text: string) =>
  parsePromptFile(name, text, []).trials.map(({ request }) => request.ownWords);

describe("parsePromptFile", () => {
  it("returns the lines of a text file, except empty ones", () => {
    expect(promptsIn("a.txt", "\uFEFFWhat is a closure?\r\n\n  Compare a and b \n")).toEqual([
      "What is a closure?",
      "Compare a and b",
    ]);
    expect(promptsIn("a.md", '{"prompt":"x"}')).toEqual(['{"prompt":"x"}']);
  });

  it("returns the objects of a .jsonl file, and the numbers of lines that are none", () => {
    const text =
      '{"prompt":"one","command":null}\nnot json\n{"text":"two"}\n[]\n\n{"prompt":"three","extra":1}';
    expect(promptsIn("a.JSONL", text)).toEqual(["one", "three"]);
    expect(parsePromptFile("a.jsonl", text, []).malformed).toEqual([2, 3, 4]);
  });

  it("decides the lines of a conversation together", () => {
    const lines = ["Compare", "why?", "x"].map((prompt, at) => ({
      prompt,
      conversation: at < 2 ? "c" : "d",
    }));
    const text = lines.map((line) => JSON.stringify(line)).join("\n");
    const { trials } = parsePromptFile("a.jsonl", text, []);
    expect(trials.map(({ request }) => request.earlier)).toEqual([
      [],
      [{ ownWords: "Compare", characters: 7, number: 1 }],
      [],
    ]);
  });

  it("passes on the attributes of a line that routes match on", () => {
    const line = {
      prompt: "Why?",
      context: "const a = 1;",
      command: "/fix",
      language: "typescript",
      paths: ["src/secret/a.ts", "src/b.ts"],
    };
    const [trial] = parsePromptFile("a.jsonl", JSON.stringify(line), ["**/secret/**"]).trials;
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
