import { describe, expect, it } from "vitest";
import { attempt, decision, summary } from "../../test/support/answers.ts";
import { attachedImage, PIXEL } from "../../test/support/views/images.ts";
import type { ContextItem } from "../contract/context.ts";
import type { Turn } from "../contract/conversation.ts";
import { textOf } from "../contract/message.ts";
import { attributesOf } from "../engine/request.ts";
import { readSettings } from "../settings/read.ts";
import { requestFor } from "./request.ts";

const code = (known: Partial<Extract<ContextItem, { kind: "selection" }>> = {}): ContextItem => ({
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

describe("requestFor", () => {
  it("sends selected code with its language and place, in a fence that the code cannot close", () => {
    const request = requestFor(empty, {
      text: "Explain this code.",
      command: "explain",
      context: [code({ text: "a\n````\nb" })],
    });
    const sent = request.messages.at(-1);
    if (sent === undefined) throw new Error("Nothing is sent.");
    expect(textOf(sent)).toBe(
      "Selected code from src/http/retry.ts:12–48:\n`````typescript\na\n````\nb\n`````\n\nExplain this code.",
    );
    expect(request).toMatchObject({
      command: "explain",
      language: "typescript",
      paths: ["src/http/retry.ts"],
    });
  });

  it("sends images before the text, and asks for a model that reads them", () => {
    const image = { kind: "image", ...attachedImage(), text: "", tokens: 0, isPrivate: false } as const;
    const request = requestFor(empty, { text: "What is this?", context: [code(), image] });
    expect(request.messages.at(-1)).toEqual({
      role: "user",
      parts: [
        { type: "image", mediaType: "image/png", data: PIXEL },
        { type: "text", text: expect.stringMatching(/^Selected code .*What is this\?$/s) },
      ],
    });
    const ids = { requestId: "r", userId: "u" };
    expect(attributesOf(request, readSettings({}).settings, ids)).toMatchObject({
      images: 1,
      needs: ["vision"],
    });
  });

  it("keeps the user's own words apart from the code, and counts the characters of both", () => {
    const request = requestFor(empty, { text: "Why?", context: [code()] });
    expect(request.ownWords).toBe("Why?");
    expect(request.characters).toBe("Why?".length + "const a = 1;".length);
  });

  it("sends earlier turns, except those without an answer", () => {
    const conversation = { ...empty, turns: [turn("one", "1"), turn("two", "")] };
    const { messages } = requestFor(conversation, { text: "three", context: [] });
    expect(messages.map(textOf).slice(1)).toEqual(["one", "1", "three"]);
  });

  it("sends no turns that the user has left out, and expects nothing of them in a cache", () => {
    const answered = (text: string, leftOut?: number): Turn => ({
      ...turn(text, `answer to ${text}`),
      answer: {
        text: `answer to ${text}`,
        fallbacks: [],
        decision: decision(),
        summary: summary({ attempts: [attempt("p/m", { kind: "answered" })] }),
      },
      leftOut,
    });
    const prompt = { text: "four", context: [code()] };
    const turns = [{ ...answered("one"), prompt }, answered("two"), answered("three")];
    const shorter = requestFor({ ...empty, turns, leftOut: 2 }, prompt);
    expect(shorter.messages.map(textOf).slice(1, -1)).toEqual(["three", "answer to three"]);
    expect(shorter.attachedNew).toBe(true);
    expect(shorter.previous).toMatchObject({ ref: "p/m", inputTokens: 0, cachedTokens: 0 });
    const next = requestFor({ ...empty, turns: [...turns, answered("four", 2)], leftOut: 2 }, prompt);
    expect(next.previous?.inputTokens).toBe(decision().expectedInputTokens);
  });

  it("holds the complexity of earlier prompts, except those left out or before the user's pick of a model", () => {
    const decided = { ...turn("two", "2"), answer: { ...turn("two", "2").answer, decision: decision() } };
    const turns = [turn("one", "1"), decided, turn("three", "")];
    const prompt = { text: "four", context: [] };
    const { number, earlier } = requestFor({ ...empty, turns, leftOut: 1 }, prompt);
    const { complexity } = decision().features;
    expect([number, earlier]).toEqual([
      4,
      [
        { ownWords: "two", characters: 3, number: 2, complexity },
        { ownWords: "three", characters: 5, number: 3 },
      ],
    ]);
    const picked = { ...turn("picked", "!"), prompt: { ...prompt, explicitModel: "p/m" } };
    expect(requestFor({ ...empty, turns: [...turns, picked] }, prompt).earlier).toEqual([]);
    const kept = decision({ attributes: { ...decision().attributes, explicitModel: "p/m" } });
    const inKept = { ...picked, prompt, answer: { ...picked.answer, decision: kept } };
    expect(requestFor({ ...empty, turns: [...turns, inKept] }, prompt).earlier).toEqual([]);
  });

  it("asks for the model and the effort that the user chose for the conversation, unless the prompt names a model", () => {
    const kept = { ...empty, choice: { model: "a/kept", effort: "high" } } as const;
    expect(requestFor(kept, { text: "Why?", context: [] })).toMatchObject({
      explicitModel: "a/kept",
      effort: { value: "high", by: "conversation" },
    });
    const once = { text: "Why?", context: [], explicitModel: "a/once" };
    expect(requestFor(kept, once).explicitModel).toBe("a/once");
    expect(requestFor(empty, { text: "Why?", context: [] }).explicitModel).toBeUndefined();
  });

  it("is private with private code, and in a conversation that had some", () => {
    expect(requestFor(empty, { text: "x", context: [code({ isPrivate: true })] }).isPrivate).toBe(true);
    expect(requestFor({ ...empty, isPrivate: true }, { text: "x", context: [] }).isPrivate).toBe(true);
    expect(requestFor(empty, { text: "x", context: [code()] }).isPrivate).toBe(false);
  });
});
