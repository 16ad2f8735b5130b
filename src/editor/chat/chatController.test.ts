import { beforeEach, describe, expect, test, vi } from "vitest";
import { ScriptedChat } from "../../../test/support/scriptedChat.ts";
import type { TurnEvent } from "../../assistant/chat.ts";
import type { AnswerSummary } from "../../contract/answer.ts";
import type { BlockReason } from "../../contract/decision.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import type { BudgetWarning } from "../budget/budgetWarning.ts";
import { ConversationHost } from "./chatController.ts";

vi.mock("vscode", () => import("../../../test/support/fakeVscode.ts"));

const summary: AnswerSummary = {
  decisionId: "d",
  ending: { kind: "complete" },
  modelUsed: "a/one",
  fallbackCount: 0,
  attempts: [],
  cost: { kind: "exact", nanoUsd: 1 },
  tookMs: 1,
};
const END: TurnEvent = { type: "answer", answer: { text: "whole", fallbacks: [], summary } };

/** A point that answers wait at until the test opens it. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { reached: promise, open: resolve };
}

let chat: ScriptedChat;
let posted: ToView[];
let busy: boolean[];
let raised: ("day" | "month")[];
let host: ConversationHost;

beforeEach(() => {
  chat = new ScriptedChat();
  posted = [];
  busy = [];
  raised = [];
  host = new ConversationHost({
    chat: chat.asChat(),
    connections: { onlySimulated: async () => false, all: async () => new Map() },
    spend: { view: { spentNanoUsd: 0, unknown: false }, refresh: async () => {} },
    warning: { percentFor: () => null } as unknown as BudgetWarning,
    privatePaths: () => [],
    now: () => 0,
    post: (message) => posted.push(message),
    showView: async () => {},
    onBusy: (is) => busy.push(is),
    onAnswered: () => {},
    changeBudget: async (period) => {
      raised.push(period);
      return true;
    },
  });
});

const send = (text: string, conversationId: string | null = null) =>
  host.handle({ type: "send", conversationId, text });
const last = <T extends ToView["type"]>(type: T) =>
  posted.findLast((message): message is Extract<ToView, { type: T }> => message.type === type);
/** Starts an answer that waits at a gate after its first words; resolves once it is there. */
async function startAnswer(text: string, then: () => AsyncGenerator<TurnEvent> = end) {
  const begun = gate();
  const rest = gate();
  chat.script.push(async function* () {
    yield { type: "text", text: "half" };
    begun.open();
    await rest.reached;
    yield* then();
  });
  const ended = send(text);
  await begun.reached;
  return { finish: rest.open, ended };
}

async function* end(): AsyncGenerator<TurnEvent> {
  yield END;
}

describe("an error inside an answer", () => {
  test("before the prompt is a turn: it goes back to the input with its chips, and the view is at rest", async () => {
    chat.failBeforeTurn = new Error("The ledger is busy.");
    const code = { kind: "file", path: "a.ts", language: "ts", startLine: 1, endLine: 2, text: "x" } as const;
    const prompt = { text: "Why?", command: "fix", context: [{ ...code, tokens: 1, isPrivate: false }] };
    await expect(host.askAbout(prompt)).rejects.toThrow("The ledger is busy.");
    expect(last("input")).toEqual({ type: "input", text: "Why?" });
    expect(last("attached")).toMatchObject({ context: [{ path: "a.ts" }], command: "fix" });
    expect(last("conversation")).toMatchObject({ conversation: null, busyTurnId: null });
    expect(busy).toEqual([true, false]);
    chat.failBeforeTurn = undefined;
    await send("Why?");
    expect(chat.asked).toEqual([{ prompt, options: {} }]);
  });

  test("after that: the torn turn stays with its words, nothing is being written, and nothing goes back", async () => {
    chat.script.push(async function* () {
      yield { type: "text", text: "half an answer" };
      throw new Error("The disk is full.");
    });
    await expect(send("Why?")).rejects.toThrow("The disk is full.");
    const shown = last("conversation");
    expect(shown?.busyTurnId).toBeNull();
    expect(shown?.conversation?.turns).toMatchObject([{ id: "t1", answer: { text: "half an answer" } }]);
    expect(last("input")).toBeUndefined();
    await host.handle({ type: "retry", turnId: "t1" });
    expect(chat.asked.at(-1)?.options).toEqual({ replaces: "t1" });
  });

  test("in a conversation that is not shown any more, it leaves the one that is shown alone", async () => {
    const { finish, ended } = await startAnswer("Why?", async function* () {
      yield { type: "restart" };
      throw new Error("The disk is full.");
    });
    host.startNew();
    posted.length = 0;
    finish();
    await expect(ended).rejects.toThrow();
    expect(posted).toEqual([]);
  });
});

describe("while an answer is written, its conversation is asked nothing else", () => {
  test("what is sent there goes back to the input", async () => {
    const { finish, ended } = await startAnswer("one");
    await send("two", "c1");
    expect(last("input")).toEqual({ type: "input", text: "two" });
    finish();
    await ended;
    expect(chat.asked).toHaveLength(1);
  });

  test("neither continuing, nor retrying, nor a choice about the budget does anything", async () => {
    const { finish, ended } = await startAnswer("one");
    posted.length = 0;
    await host.handle({ type: "continue", turnId: "t1" });
    await host.handle({ type: "retry", turnId: "t1" });
    for (const choice of ["cheapest", "free", "raise", "discard"] as const)
      await host.handle({ type: "budgetChoice", turnId: "t1", choice });
    expect(posted).toEqual([]);
    expect(raised).toEqual([]);
    finish();
    await ended;
    expect(chat.asked).toHaveLength(1);
  });
});

test("only the last turn is continued", async () => {
  await send("one");
  await send("two", "c1");
  await host.handle({ type: "continue", turnId: "t1" });
  expect(chat.asked).toHaveLength(2);
  await host.handle({ type: "continue", turnId: "t2" });
  expect(chat.asked.at(-1)?.prompt.text).toBe("Go on where you stopped.");
});

test("a prompt written in another conversation than is shown goes back to the input", async () => {
  await send("one");
  host.startNew();
  await send("two", "c1");
  expect(last("input")).toEqual({ type: "input", text: "two" });
  await send("three");
  expect(chat.asked.map(({ prompt }) => prompt.text)).toEqual(["one", "three"]);
});

describe("a conversation that is renamed while it is answered", () => {
  test("keeps its new name", async () => {
    const { finish, ended } = await startAnswer("one");
    await host.handle({ type: "rename", id: "c1", title: " Better " });
    finish();
    await ended;
    await host.ready();
    expect(last("conversation")?.conversation).toMatchObject({ title: "Better" });
  });

  test("keeps its old one where the new one is blank", async () => {
    await send("one");
    await host.handle({ type: "rename", id: "c1", title: "  " });
    await host.ready();
    expect(last("conversation")?.conversation).toMatchObject({ title: "one" });
  });
});

describe("where the budget does not carry a prompt", () => {
  const stopped = (period: "day" | "month"): TurnEvent => {
    const figures = { expectedNanoUsd: 9, leftNanoUsd: 1, budgetNanoUsd: 5, choices: [] };
    const stop: BlockReason = { kind: "over-budget", ...figures, period };
    const { modelUsed, ...rest } = summary;
    return {
      type: "answer",
      answer: { text: "", fallbacks: [], summary: { ...rest, ending: { kind: "not-sent", reason: stop } } },
    };
  };
  const stopFor = async (period: "day" | "month") => {
    chat.script.push(async function* () {
      yield stopped(period);
    });
    await send("one");
  };

  test.each(["day", "month"] as const)("the %s’s is raised where that is the tighter", async (period) => {
    await stopFor(period);
    await host.handle({ type: "budgetChoice", turnId: "t1", choice: "raise" });
    expect(raised).toEqual([period]);
    expect(chat.asked.at(-1)?.options).toEqual({ replaces: "t1" });
  });

  test("a discarded prompt stands in the input again", async () => {
    await stopFor("day");
    await host.handle({ type: "budgetChoice", turnId: "t1", choice: "discard" });
    expect(last("conversation")).toMatchObject({ conversation: null, busyTurnId: null });
    expect(last("input")).toEqual({ type: "input", text: "one" });
  });
});
