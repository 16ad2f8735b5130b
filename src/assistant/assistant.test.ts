import { describe, expect, test } from "vitest";
import type { ContextItem, Turn } from "../contract/conversation.ts";
import { textOf } from "../contract/message.ts";
import { requestFor } from "./request.ts";
import { titleOf } from "./title.ts";

const code = (known: Partial<ContextItem> = {}): ContextItem => ({
  kind: "selection",
  path: "src/http/retry.ts",
  language: "typescript",
  startLine: 12,
  endLine: 48,
  text: "const a = 1;",
  tokens: 5,
  isPrivate: false,
  ...known,
});

const turn = (text: string, answer: string): Turn => ({
  id: text,
  atMs: 0,
  prompt: { text, context: [] },
  answer: { text: answer, fallbacks: [] },
});

const empty = { id: "c", isPrivate: false, turns: [] };

describe("a prompt as the engine takes it", () => {
  test("selected code goes along with its language, file and place, in a fence that it cannot close", () => {
    const request = requestFor(empty, {
      text: "Explain this code.",
      command: "explain",
      context: [code({ text: "a\n````\nb" })],
    });
    const sent = request.messages.at(-1);
    if (sent === undefined) throw new Error("Nothing is sent.");
    expect(textOf(sent)).toBe(
      "From src/http/retry.ts:12–48:\n`````typescript\na\n````\nb\n`````\n\nExplain this code.",
    );
    expect(request).toMatchObject({
      command: "explain",
      language: "typescript",
      paths: ["src/http/retry.ts"],
    });
  });

  test("the user's own words are told apart from code, and both count as characters", () => {
    const request = requestFor(empty, { text: "Why?", context: [code()] });
    expect(request.ownWords).toBe("Why?");
    expect(request.characters).toBe("Why?".length + "const a = 1;".length);
  });

  test("earlier turns go along, and those without an answer do not", () => {
    const conversation = { ...empty, turns: [turn("one", "1"), turn("two", "")] };
    const { messages } = requestFor(conversation, { text: "three", context: [] });
    expect(messages.map(textOf).slice(1)).toEqual(["one", "1", "three"]);
  });

  test("private code makes the request private, and a private conversation stays so", () => {
    expect(requestFor(empty, { text: "x", context: [code({ isPrivate: true })] }).isPrivate).toBe(true);
    expect(requestFor({ ...empty, isPrivate: true }, { text: "x", context: [] }).isPrivate).toBe(true);
    expect(requestFor(empty, { text: "x", context: [code()] }).isPrivate).toBe(false);
  });
});

describe("a conversation's title", () => {
  test("names the action and the place for code", () => {
    expect(titleOf({ text: "Find and fix …", command: "fix", context: [code()] })).toBe("Fix retry.ts:12–48");
  });

  test("is the first line else, cut between words", () => {
    expect(titleOf({ text: "  Why?\nmore", context: [] })).toBe("Why?");
    const long = titleOf({ text: "word ".repeat(30), context: [] });
    expect(long.endsWith("word…")).toBe(true);
    expect(long.length).toBeLessThanOrEqual(61);
  });
});
