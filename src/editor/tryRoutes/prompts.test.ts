import { expect, test } from "vitest";
import { testDecision } from "../../../test/support/decisions.ts";
import type { Conversation, Turn } from "../../contract/conversation.ts";
import { keptPrompts } from "./prompts.ts";

const turn = (text: string, atMs: number): Turn => ({
  id: text,
  atMs,
  prompt: { text, context: [] },
  answer: { text: `${text}!`, fallbacks: [], decision: testDecision(`a/${text}`) },
});

function chatWith(...conversations: readonly (readonly Turn[])[]) {
  const kept = new Map(
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
      [...kept.values()]
        .sort((a, b) => b.updatedAtMs - a.updatedAtMs)
        .map(({ turns, createdAtMs, ...row }) => ({
          ...row,
          answers: 0,
          nanoUsd: 0,
          costKind: "exact" as const,
        })),
    open: async (id: string) => {
      opened.push(id);
      return kept.get(id);
    },
  };
}

test("the last prompts over all conversations, the newest first, with how each was decided", async () => {
  const chat = chatWith([turn("one", 1), turn("four", 4)], [turn("two", 2), turn("three", 3)]);
  const trials = await keptPrompts(chat, 3);
  expect(trials.map(({ request }) => request.ownWords)).toEqual(["four", "three", "two"]);
  expect(trials.map(({ was }) => was?.outcome)).toMatchObject([
    { chain: [{ ref: "a/four" }] },
    { chain: [{ ref: "a/three" }] },
    { chain: [{ ref: "a/two" }] },
  ]);
});

test("each goes with what stood before it, and no further", async () => {
  const [last, first] = await keptPrompts(chatWith([turn("one", 1), turn("two", 2)]), 10);
  expect(last?.request.messages).toHaveLength(first === undefined ? 0 : first.request.messages.length + 2);
});

test("conversations that are older than all of them are not read", async () => {
  const chat = chatWith([turn("one", 1)], [turn("two", 2), turn("three", 3)]);
  await keptPrompts(chat, 2);
  expect(chat.opened).toEqual(["c1"]);
});

test("a prompt is as private as it was when it was asked", async () => {
  const privately = testDecision("a/x");
  const attributes = { ...privately.attributes, isPrivate: true };
  const answer = { text: "!", fallbacks: [], decision: { ...privately, attributes } };
  const trials = await keptPrompts(chatWith([turn("one", 1), { ...turn("two", 2), answer }]), 10);
  expect(trials.map(({ request }) => request.isPrivate)).toEqual([true, false]);
});
