import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decision as answerDecision, summary as answerSummary } from "../../test/support/answers.ts";
import { memoryFolder, placeEmptyLedger } from "../../test/support/ledgers/emptyLedger.ts";
import { ManualTimers } from "../../test/support/manualTimers.ts";
import type { AnswerEvent, AnswerSink } from "../contract/answer.ts";
import type { ContextItem } from "../contract/context.ts";
import type { Answer, Conversation, Prompt } from "../contract/conversation.ts";
import type { Escalation } from "../contract/decision.ts";
import type { FailureRecord } from "../contract/failure.ts";
import { textOf } from "../contract/message.ts";
import { alternativesIn } from "../contract/turnTree.ts";
import type { Engine } from "../engine/engine.ts";
import type { EngineRequest } from "../engine/request.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { openLedger } from "../ledger/sqlite/open.ts";
import type { TurnEvent } from "./answerRecorder.ts";
import { Chat, Interruption } from "./chat.ts";
import type { SendOptions } from "./promptPlace.ts";

let folder: string;
let ledger: Ledger;
let chat: Chat;
let timers: ManualTimers;
let privatePaths: readonly string[];
/** What the engine was asked. */
let requests: EngineRequest[];
/** The acts that the engine was asked to escalate after, with their decisions. */
let acts: (readonly string[])[];
/** What the engine escalates to. */
let stronger: Escalation | undefined;
/** The events of the engine's next answer; a function runs between two of them. */
let events: readonly (AnswerEvent | (() => void | Promise<void>))[];

const summary = answerSummary({ modelUsed: "c/m", fallbackCount: 1 });
const ESCALATION = {
  decisionId: "d",
  from: "c/m",
  to: { ref: "a/stronger" },
  reason: "regenerate",
  by: "quality",
} as const;
const text = (words: string): AnswerEvent => ({ type: "text", text: words });

beforeEach(async () => {
  folder = await mkdtemp(join(memoryFolder, "switchyard-chat-"));
  const file = join(folder, "ledger.db");
  placeEmptyLedger(file);
  ledger = await openLedger({ file, now: () => 1, randomId: randomUUID });
  events = [];
  requests = [];
  acts = [];
  stronger = ESCALATION;
  timers = new ManualTimers();
  privatePaths = [];
  const engine = {
    run: async (request: EngineRequest, sink: AnswerSink, signal: AbortSignal) => {
      requests.push(request);
      for (const each of events) {
        if (typeof each === "function") await each();
        else sink.push(each);
        await sink.drained();
      }
      const cost = events.length === 0 ? ({ kind: "exact", nanoUsd: 0 } as const) : summary.cost;
      return { ...summary, cost, ...(signal.aborted ? { ending: { kind: "stopped" } } : {}) };
    },
    escalate: async (decisionId: string, reason: string) => {
      acts.push([decisionId, reason]);
      return stronger;
    },
  } as unknown as Engine;
  chat = new Chat({
    engine: async () => engine,
    history: async () => ledger.history,
    privatePaths: () => privatePaths,
    now: () => 1,
    newId: randomUUID,
    startTimer: timers.start,
  });
});
afterEach(async () => {
  await ledger.close();
  await rm(folder, { recursive: true, force: true });
});

describe("Chat.send", () => {
  const signal = new AbortController().signal;
  const prompt = { text: "Why?", context: [] };

  it("pushes the turn first, then the text as it comes, and returns the answer that it saves", async () => {
    events = [text("one "), text("two")];
    const pushed: TurnEvent[] = [];
    const conversation = chat.start();
    const answer = await chat.send(conversation, prompt, {}, { push: (event) => pushed.push(event) }, signal);
    expect(answer).toMatchObject({ text: "one two", summary });
    expect(pushed.map(({ type }) => type)).toEqual(["turn", "text", "text"]);
    const saved = await chat.open(conversation.id);
    expect(saved?.title).toBe("Why?");
    expect(saved?.turns).toEqual([{ id: expect.any(String), atMs: 1, prompt, answer }]);
  });

  it("saves an answer while it is being written, also where its stream pauses", async () => {
    const conversation = chat.start();
    const saved: (string | undefined)[] = [];
    const look = async () => {
      saved.push((await chat.open(conversation.id))?.turns[0]?.answer.text);
    };
    const timePasses = () => timers.fire();
    events = [text("one "), look, text("two "), timePasses, look, text("three"), look, timePasses, look];
    await chat.send(conversation, prompt, {}, { push: () => {} }, signal);
    expect(saved).toEqual(["", "one two ", "one two ", "one two three"]);
    expect(timers.running).toBe(0);
  });

  it.each([
    { by: "the user", reason: undefined, ending: { kind: "stopped" } },
    {
      by: "the editor that closes",
      reason: new Interruption(),
      ending: { kind: "stopped", interrupted: true },
    },
  ])("saves who ended an answer early: $by", async ({ reason, ending }) => {
    const conversation = chat.start();
    const abort = new AbortController();
    events = [text("one "), () => abort.abort(reason), text("two")];
    await chat.send(conversation, prompt, {}, { push: () => {} }, abort.signal);
    const answer = (await chat.open(conversation.id))?.turns[0]?.answer;
    expect(answer).toMatchObject({ text: "one two", summary: { ending } });
    expect(answer?.summary?.ending).toEqual(ending);
  });

  it("is private from then on if a file that was attached before has become private", async () => {
    const conversation = chat.start();
    const send = async (sent: Prompt) => {
      await chat.send(
        (await chat.open(conversation.id)) ?? conversation,
        sent,
        {},
        { push: () => {} },
        signal,
      );
      return requests.at(-1)?.isPrivate;
    };
    const file = {
      kind: "file",
      path: "plans/a.md",
      language: "markdown",
      text: "a",
      isPrivate: false,
    } as const;
    const context = [{ ...file, startLine: 1, endLine: 1, tokens: 1 }];
    expect(await send({ text: "Why?", context })).toBe(false);
    privatePaths = ["plans/**"];
    expect(await send(prompt)).toBe(true);
    privatePaths = [];
    expect(await send(prompt)).toBe(true);
  });
});

describe("a prompt that is sent again, or edited", () => {
  const { signal } = new AbortController();

  /** A conversation of prompts that are answered by their own text, in capitals. */
  async function conversationOf(...prompts: readonly string[]): Promise<Conversation> {
    let conversation = chat.start();
    for (const each of prompts) conversation = await sent(conversation, each);
    return conversation;
  }

  async function sent(
    conversation: Conversation,
    prompt: string,
    options: SendOptions = {},
    answer: string = prompt.toUpperCase(),
  ): Promise<Conversation> {
    events = answer === "" ? [] : [text(answer)];
    let started = conversation;
    const sink = {
      push: (event: TurnEvent) => {
        if (event.type === "turn") started = event.conversation;
      },
    };
    await chat.send(conversation, { text: prompt, context: [] }, options, sink, signal);
    const saved = await chat.open(conversation.id);
    if (saved === undefined) throw new Error("The conversation is not saved.");
    // What is in memory while the answer runs is what is stored.
    expect(started.turns.map(({ id }) => id)).toEqual(saved.turns.map(({ id }) => id));
    expect(started.tree).toEqual(saved.tree);
    return saved;
  }

  const answersOf = ({ turns }: Conversation) => turns.map(({ answer }) => answer.text);
  const idAt = ({ turns }: Conversation, index: number) => turns.at(index)?.id ?? "";
  const alternativesAt = (conversation: Conversation, index: number) =>
    alternativesIn(conversation)(idAt(conversation, index));

  it("keeps the earlier answer, which can be shown again", async () => {
    const first = await conversationOf("one", "two");
    const again = await sent(first, "two", { replaces: idAt(first, 1) }, "again");
    expect(answersOf(again)).toEqual(["ONE", "again"]);
    expect(requests.at(-1)?.messages.map(textOf).slice(1)).toEqual(["one", "ONE", "two"]);
    expect(alternativesAt(again, 1)?.answers).toEqual([idAt(first, 1), idAt(again, 1)]);
    expect(alternativesAt(again, 1)?.prompts).toEqual([idAt(again, 1)]);
    expect(alternativesAt(again, 0)).toBeUndefined();
    const third = await sent(again, "two", { replaces: idAt(again, 1) }, "third");
    expect(alternativesAt(third, 1)?.answers).toHaveLength(3);
    const back = await chat.show(third, idAt(first, 1));
    expect(answersOf(back)).toEqual(["ONE", "TWO"]);
    expect(await chat.open(back.id)).toEqual(back);
  });

  it("branches in the middle of the conversation, and each branch keeps the turns after it", async () => {
    const first = await conversationOf("one", "two", "three");
    const edited = await sent(first, "zwei", { edits: idAt(first, 1) });
    expect(answersOf(edited)).toEqual(["ONE", "ZWEI"]);
    const longer = await sent(edited, "drei");
    expect(requests.at(-1)?.messages.map(textOf).slice(1)).toEqual(["one", "ONE", "zwei", "ZWEI", "drei"]);
    expect(alternativesAt(longer, 1)).toEqual({
      answers: [idAt(longer, 1)],
      prompts: [idAt(first, 1), idAt(longer, 1)],
    });
    const back = await chat.show(longer, idAt(first, 1));
    expect(answersOf(back)).toEqual(["ONE", "TWO", "THREE"]);
    expect(answersOf(await chat.show(back, idAt(longer, 1)))).toEqual(["ONE", "ZWEI", "DREI"]);
  });

  it("offers of every other prompt the answer that was shown last", async () => {
    const first = await conversationOf("one");
    const again = await sent(first, "one", { replaces: idAt(first, 0) }, "again");
    const back = await chat.show(again, idAt(first, 0));
    const edited = await sent(back, "eins", { edits: idAt(back, 0) });
    expect(alternativesAt(edited, 0)?.prompts).toEqual([idAt(first, 0), idAt(edited, 0)]);
  });

  it("leaves nothing behind of an attempt without text that cost nothing", async () => {
    const blocked = await sent(await conversationOf("one"), "two", {}, "");
    const again = await sent(blocked, "two", { replaces: idAt(blocked, 1) });
    expect(idAt(again, 1)).toBe(idAt(blocked, 1));
    expect(again.tree).toBeUndefined();
  });

  it("counts with all that the conversation has cost", async () => {
    const first = await conversationOf("one");
    const [before] = await chat.list("");
    await sent(first, "one", { replaces: idAt(first, 0) });
    const [after] = await chat.list("");
    expect(after?.nanoUsd).toBe(2 * (before?.nanoUsd ?? Number.NaN));
    expect(after?.answers).toBe(2);
  });

  it("shows the earlier answer again when the prompt was blocked and is discarded", async () => {
    const first = await conversationOf("one", "two");
    const blocked = await sent(first, "two", { replaces: idAt(first, 1) }, "");
    const dropped = await chat.dropLast(blocked);
    expect(dropped).toEqual(first);
    const [nothing] = [await chat.dropLast(await chat.dropLast(dropped))];
    expect(nothing?.turns).toEqual([]);
  });

  it("leaves no turn out of a branch that was not left out before it", async () => {
    const first = await conversationOf("one", "two", "three");
    await chat.leaveOut(first, 2);
    const edited = await sent({ ...first, leftOut: 2 }, "zwei", { edits: idAt(first, 1) });
    expect(edited.leftOut).toBe(1);
    await chat.leaveOut(edited, 2);
    expect((await chat.show(edited, idAt(first, 1))).leftOut).toBe(1);
    expect((await chat.open(first.id))?.leftOut).toBe(1);
  });
});

describe("Chat.leaveOut", () => {
  const signal = new AbortController().signal;
  const sendIn = (conversation: Conversation, words: string) =>
    chat.send(conversation, { text: words, context: [] }, {}, { push: () => {} }, signal);
  const opened = async (id: string): Promise<Conversation> => {
    const found = await chat.open(id);
    if (found === undefined) throw new Error("The conversation is not saved.");
    return found;
  };

  it("keeps the oldest turns out of later requests until they are sent again", async () => {
    events = [text("word ".repeat(100))];
    const { id } = chat.start();
    await sendIn({ ...chat.start(), id }, "one");
    await sendIn(await opened(id), "two");
    const all = chat.earlierTokens(await opened(id));
    await chat.leaveOut(await opened(id), 1);
    expect(chat.earlierTokens(await opened(id))).toBeLessThan(all / 1.5);
    await sendIn(await opened(id), "three");
    expect(requests.at(-1)?.messages.map(textOf)).not.toContain("one");
    expect((await opened(id)).turns.map(({ leftOut }) => leftOut)).toEqual([undefined, undefined, 1]);
    await chat.leaveOut(await opened(id), 0);
    await sendIn(await opened(id), "four");
    expect(requests.at(-1)?.messages.map(textOf)).toContain("one");
  });
});

describe("Chat.rename", () => {
  it("saves and returns the conversation with its new title; a blank title and an unknown id change nothing", async () => {
    const { turns, ...header } = { ...chat.start(), title: "First" };
    await ledger.history.saveConversation(header);
    const answer = { text: "y", fallbacks: [] };
    const turn = { id: "t", atMs: 1, prompt: { text: "x", context: [] }, answer };
    await ledger.history.saveTurn(header.id, turn);
    const renamed = { ...header, title: "Second", turns: [turn] };
    expect(await chat.rename(header.id, "  Second ")).toEqual(renamed);
    expect(await chat.rename(header.id, " ")).toBeUndefined();
    expect(await chat.open(header.id)).toEqual(renamed);
    expect(await chat.rename("unknown", "Third")).toBeUndefined();
  });
});

describe("an answer whose stream broke", () => {
  const cut: FailureRecord = { kind: "cut", provider: "a", message: "socket hang up" };
  const busy: FailureRecord = { kind: "overloaded", provider: "b", message: "Busy" };
  const badKey: FailureRecord = { kind: "auth", provider: "b", message: "Who are you?" };
  const failedOver = (from: string, to: string, failure: FailureRecord): AnswerEvent => ({
    type: "failedOver",
    from: `${from}/m`,
    to: `${to}/m`,
    failure,
  });
  const resumed = (from: string, to: string): AnswerEvent => ({
    type: "resumed",
    from: `${from}/m`,
    to: `${to}/m`,
    method: "anchor",
  });

  /** Sends a prompt that is answered with these events, and returns the answer as it is saved. */
  async function saved(...answer: readonly AnswerEvent[]): Promise<Answer | undefined> {
    events = answer;
    const conversation = chat.start();
    const prompt = { text: "Why?", context: [] };
    await chat.send(conversation, prompt, {}, { push: () => {} }, new AbortController().signal);
    return (await chat.open(conversation.id))?.turns.at(-1)?.answer;
  }

  it("is saved with its handoff points, and shows those failures nowhere else", async () => {
    const answer = await saved(
      failedOver("z", "a", busy),
      text("one "),
      text("two "),
      failedOver("a", "b", cut),
      failedOver("b", "c", busy),
      resumed("a", "c"),
      text("three "),
      failedOver("c", "d", cut),
      resumed("c", "d"),
      text("four"),
    );
    expect(answer).toMatchObject({
      text: "one two three four",
      handoffs: [
        { at: 8, from: "a/m", to: "c/m" },
        { at: 14, from: "c/m", to: "d/m" },
      ],
      fallbacks: [{ from: "z/m", to: "a/m" }],
    });
  });

  it("keeps the note about a rejected key, which only the user can replace", async () => {
    const answer = await saved(
      text("one "),
      failedOver("a", "b", cut),
      failedOver("b", "c", badKey),
      resumed("a", "c"),
    );
    expect(answer?.fallbacks).toEqual([{ from: "b/m", to: "c/m", failure: badKey }]);
  });

  it("has no handoff points once it was restarted, and names the model that answered in the end", async () => {
    const answer = await saved(
      text("one "),
      failedOver("a", "b", cut),
      resumed("a", "b"),
      text("two "),
      failedOver("b", "c", cut),
      failedOver("b", "d", cut),
      { type: "restarted" },
      text("new"),
    );
    expect(answer).toMatchObject({ text: "new", fallbacks: [{ from: "b/m", to: "d/m" }] });
    expect(answer?.handoffs ?? []).toEqual([]);
  });
});

describe("the title of a conversation", () => {
  const titleAfter = async (prompt: Prompt) => {
    const conversation = chat.start();
    await chat.send(conversation, prompt, {}, { push: () => {} }, new AbortController().signal);
    return (await chat.open(conversation.id))?.title ?? "";
  };

  it("names the action and the place of code", async () => {
    const code: ContextItem = {
      kind: "selection",
      path: "src/http/retry.ts",
      language: "typescript",
      startLine: 12,
      endLine: 48,
      text: "const a = 1;",
      tokens: 5,
      isPrivate: false,
    };
    const prompt = { text: "Find and fix …", command: "fix", context: [code] };
    expect(await titleAfter(prompt)).toBe("Fix retry.ts:12–48");
  });

  it("is the first line of any other prompt, cut between words", async () => {
    expect(await titleAfter({ text: "  Why?\nmore", context: [] })).toBe("Why?");
    const long = await titleAfter({ text: "word ".repeat(30), context: [] });
    expect(long.endsWith("word…")).toBe(true);
    expect(long.length).toBeLessThanOrEqual(61);
  });
});

describe("an answer that was not good enough", () => {
  let decided: AnswerEvent;
  beforeEach(() => {
    decided = { type: "decided", decision: answerDecision(), tookMs: 1 };
  });

  /** Sends a prompt, then sends it again for this reason. */
  async function regenerated(prompt: Prompt, escalate: "regenerate" | "stronger") {
    events = [decided, text("No.")];
    let conversation = chat.start();
    const sink = {
      push: (event: TurnEvent) => {
        if (event.type === "turn") conversation = event.conversation;
      },
    };
    const { signal } = new AbortController();
    const answer = await chat.send(conversation, prompt, {}, sink, signal);
    const [turn] = conversation.turns;
    if (turn === undefined) throw new Error("There is no turn.");
    const answered = { ...conversation, turns: [{ ...turn, answer }] };
    await chat.send(answered, prompt, { replaces: turn.id, escalate }, sink, signal);
    return requests.at(-1);
  }

  it("is replaced by that of a stronger model, and reported to the engine", async () => {
    expect(await regenerated({ text: "Why?", context: [] }, "regenerate")).toMatchObject({
      escalation: ESCALATION,
      ownWords: "Why?",
    });
    expect(acts).toEqual([[answerDecision().id, "regenerate"]]);
  });

  it("is given again by the model of the last escalation if no other one is stronger", async () => {
    const base = answerDecision();
    const attributes = {
      ...base.attributes,
      escalation: { ...ESCALATION, to: { ref: "openai/gpt-6-luna" } },
    };
    decided = { type: "decided", decision: { ...base, attributes }, tookMs: 1 };
    stronger = undefined;
    const again = await regenerated({ text: "Why?", context: [] }, "regenerate");
    expect(again?.escalation).toEqual(attributes.escalation);
  });

  it("is given again by a model that the user picked, unless a stronger one is asked for", async () => {
    const prompt = { text: "Why?", context: [], explicitModel: "c/m" };
    const again = await regenerated(prompt, "regenerate");
    expect(again).toMatchObject({ explicitModel: "c/m" });
    expect(again?.escalation).toBeUndefined();
    const stronger = await regenerated(prompt, "stronger");
    expect(stronger).toMatchObject({ escalation: ESCALATION });
    expect(stronger?.explicitModel).toBeUndefined();
  });
});
