import { expect, it } from "vitest";
import { attempt, decision, summary } from "../../test/support/answers.ts";
import type { Turn } from "../contract/conversation.ts";
import { departureOf } from "./departure.ts";

const isRemote = (ref: string) => ref.startsWith("openai/");
const turn = (id: string, ref: string, isSimulated = false): Turn => ({
  id,
  atMs: 0,
  prompt: { text: id, context: [] },
  answer: {
    text: "Yes.",
    fallbacks: [],
    summary: summary({ attempts: [attempt(ref, { kind: "answered" })] }),
    decision: decision({
      outcome: {
        kind: "chosen",
        chain: [{ ref, expectedNanoUsd: 0, ...(isSimulated ? { simulated: true } : {}) }],
      },
    }),
  },
});
const unread = (...before: readonly Turn[]) =>
  departureOf({ firstRemote: "openai/gpt-6-luna", isRemote }, before)?.unread.map(({ id }) => id);

it("has the turns that only models on this machine have read: none before one that another machine has read", () => {
  const here = turn("local", "ollama/llama");
  expect(unread(here, turn("remote", "openai/gpt-6-luna"), turn("local too", "ollama/llama"))).toEqual([
    "local too",
  ]);
  expect(unread(here, here)).toEqual(["local", "local"]);
});

it("has a turn that was left out when another machine read a later one", () => {
  const later = { ...turn("remote", "openai/gpt-6-luna"), leftOut: 1 };
  expect(unread(turn("first", "ollama/llama"), turn("second", "ollama/llama"), later)).toEqual(["first"]);
});

it("takes an answer of the automatic simulator for one of this machine", () => {
  expect(unread(turn("simulated", "openai/gpt-6-luna", true))).toEqual(["simulated"]);
});

it("is nothing while every model runs on this machine", () => {
  expect(departureOf({ firstRemote: undefined, isRemote }, [turn("a", "ollama/llama")])).toBeUndefined();
});
