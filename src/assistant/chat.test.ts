import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AnswerEvent, AnswerSummary } from "../contract/answer.ts";
import type { Answer } from "../contract/conversation.ts";
import type { FailureRecord } from "../contract/failure.ts";
import type { Engine } from "../engine/engine.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { openLedger } from "../ledger/sqlite/open.ts";
import { Chat } from "./chat.ts";

let folder: string;
let ledger: Ledger;
let chat: Chat;
/** What the engine tells of the next answer. */
let told: readonly AnswerEvent[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-chat-"));
  ledger = await openLedger({ file: join(folder, "ledger.db"), now: () => 1, randomId: randomUUID });
  told = [];
  const engine = {
    run: async function* () {
      yield* told;
    },
  } as unknown as Engine;
  chat = new Chat({
    engine: async () => engine,
    history: async () => ledger.history,
    now: () => 1,
    newId: randomUUID,
  });
});
afterEach(async () => {
  await ledger.close();
  await rm(folder, { recursive: true, force: true });
});

test("a renamed conversation is given back as it is kept, a blank name and an unkept one change nothing", async () => {
  const { turns, ...header } = { ...chat.start(), title: "First" };
  await ledger.history.saveConversation(header);
  const turn = { id: "t", atMs: 1, prompt: { text: "x", context: [] }, answer: { text: "y", fallbacks: [] } };
  await ledger.history.saveTurn(header.id, turn);
  const renamed = { ...header, title: "Second", turns: [turn] };
  expect(await chat.rename(header.id, "  Second ")).toEqual(renamed);
  expect(await chat.rename(header.id, " ")).toBeUndefined();
  expect(await chat.open(header.id)).toEqual(renamed);
  expect(await chat.rename("nobody", "Third")).toBeUndefined();
});

describe("an answer that was torn", () => {
  const cut: FailureRecord = { kind: "cut", provider: "a", message: "socket hang up" };
  const busy: FailureRecord = { kind: "overloaded", provider: "b", message: "Busy" };
  const badKey: FailureRecord = { kind: "auth", provider: "b", message: "Who are you?" };
  const text = (words: string): AnswerEvent => ({ type: "text", text: words });
  const failedOver = (from: string, to: string, failure: FailureRecord): AnswerEvent => ({
    type: "failedOver",
    from: `${from}/m`,
    to: `${to}/m`,
    failure,
  });
  const continued = (from: string, by: string): AnswerEvent => ({
    type: "resumed",
    from: `${from}/m`,
    to: `${by}/m`,
    method: "anchor",
  });
  const summary: AnswerSummary = {
    decisionId: "d",
    ending: { kind: "complete" },
    modelUsed: "c/m",
    fallbackCount: 1,
    attempts: [],
    cost: { kind: "exact", nanoUsd: 1 },
    tookMs: 1,
  };

  /** What is shown and kept of an answer of which this is told. */
  async function kept(...events: readonly AnswerEvent[]): Promise<Answer | undefined> {
    told = [...events, { type: "end", summary }];
    const conversation = chat.start();
    const prompt = { text: "Why?", context: [] };
    for await (const _ of chat.ask(conversation, prompt, {}, new AbortController().signal));
    return (await chat.open(conversation.id))?.turns.at(-1)?.answer;
  }

  test("is kept with the places where others went on, and says so there alone", async () => {
    const events = [
      failedOver("z", "a", busy),
      text("one "),
      text("two "),
      failedOver("a", "b", cut),
      failedOver("b", "c", busy),
      continued("a", "c"),
      text("three "),
      failedOver("c", "d", cut),
      continued("c", "d"),
      text("four"),
    ];
    expect(await kept(...events)).toMatchObject({
      text: "one two three four",
      handoffs: [
        { at: 8, from: "a/m", to: "c/m" },
        { at: 14, from: "c/m", to: "d/m" },
      ],
      fallbacks: [{ from: "z/m", to: "a/m" }],
    });
  });

  test("tells of a refused key all the same: only the user can mend it", async () => {
    const events = [
      text("one "),
      failedOver("a", "b", cut),
      failedOver("b", "c", badKey),
      continued("a", "c"),
    ];
    expect((await kept(...events))?.fallbacks).toEqual([{ from: "b/m", to: "c/m", failure: badKey }]);
  });

  test("has no seams once it was taken back, and names whoever answered in the end", async () => {
    const events = [
      text("one "),
      failedOver("a", "b", cut),
      continued("a", "b"),
      text("two "),
      failedOver("b", "c", cut),
      failedOver("b", "d", cut),
      { type: "restarted" } as const,
      text("new"),
    ];
    const answer = await kept(...events);
    expect(answer).toMatchObject({ text: "new", fallbacks: [{ from: "b/m", to: "d/m" }] });
    expect(answer?.handoffs ?? []).toEqual([]);
  });
});
