import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type * as vscode from "vscode";
import { decision, summary } from "../../../../test/support/answers.ts";
import { createTestLedger } from "../../../../test/support/ledgers/testLedger.ts";
import { Memento, messages } from "../../../../test/support/views/fakeVscode.ts";
import { Chat } from "../../../assistant/chat.ts";
import { startTimer } from "../../../base/time/timer.ts";
import type { AnswerSink } from "../../../contract/answer.ts";
import type { ToView } from "../../../contract/view/protocol.ts";
import type { Engine } from "../../../engine/engine.ts";
import type { EngineRequest } from "../../../engine/request.ts";
import type { BudgetWarning } from "../../budget/spendWatch.ts";
import { ChatController } from "../chatController.ts";
import { WindowState } from "../windowState.ts";

vi.mock("vscode", () => import("../../../../test/support/views/fakeVscode.ts"));

/** Long enough for a busy machine. */
const IN_TIME = { timeout: 20_000, interval: 5 };

/** An answer that the test writes. */
type Writing = {
  readonly request: EngineRequest;
  readonly sink: AnswerSink;
  readonly signal: AbortSignal;
  readonly end: (ending?: "complete" | "stopped") => void;
};

/** A window with a controller, a view and a ledger connection of its own. */
async function openWindow(ledgerFile: ReturnType<typeof createTestLedger>, pid: number, dead: Set<number>) {
  const identity = { host: "here", pid, isAlive: (each: number) => !dead.has(each) };
  const ledger = await ledgerFile.open({ pollMs: 1, process: identity });
  let begun = Promise.withResolvers<Writing>();
  const engine = {
    reach: async () => ({ firstRemote: undefined, isRemote: () => false }),
    run: async (request: EngineRequest, sink: AnswerSink, signal: AbortSignal) => {
      const ended = Promise.withResolvers<"complete" | "stopped">();
      signal.addEventListener("abort", () => ended.resolve("stopped"));
      begun.resolve({ request, sink, signal, end: (ending = "complete") => ended.resolve(ending) });
      return summary({ ending: { kind: await ended.promise } });
    },
    forecast: vi.fn(async () => decision()),
  } as unknown as Engine;
  let ids = 0;
  const posted: ToView[] = [];
  const badges: number[] = [];
  const view = {
    isReady: false,
    post: (message: ToView) => {
      if (view.isReady) posted.push(message);
    },
    reveal: async () => {},
    setBadge: (count: number) => badges.push(count),
  };
  const history = async () => ledger.history;
  const controller = new ChatController({
    chat: new Chat({
      engine: async () => engine,
      history,
      privatePaths: () => [],
      now: () => (ledgerFile.clock.nowMs += 1),
      newId: () => `${pid}-${++ids}`,
      startTimer: (callback) => startTimer(callback, 1),
    }),
    history,
    view,
    code: { handle: async () => {} },
    providers: async () => ({ onlySimulated: async () => false, all: async () => new Map() }),
    spend: {
      view: { spentNanoUsd: 0, unknown: false },
      conversation: async ({ id }) => ({
        conversationId: id,
        spentNanoUsd: 0,
        replaced: { inputTokens: 0, cachedTokens: 0, outputTokens: 0 },
        budgetNanoUsd: null,
      }),
      refresh: async () => {},
    },
    warning: { percentFor: () => null } as unknown as BudgetWarning,
    state: new WindowState(new Memento() as unknown as vscode.Memento, fail),
    privatePaths: () => [],
    dial: () => "balanced",
    commands: { list: async () => [], fill: async (prompt) => ({ kind: "prompt", prompt }) },
    terminal: { gather: () => ({ kind: "none", reason: "" }) },
    now: () => ledgerFile.clock.nowMs,
    onBusy: () => {},
    onAnswered: () => {},
    changeBudget: async () => false,
    onError: fail,
  });
  const show = async () => {
    view.isReady = true;
    await controller.postAll();
  };
  const hide = () => {
    view.isReady = false;
    controller.pause();
  };
  onTestFinished(hide);
  await show();
  return {
    controller,
    engine,
    ledger,
    posted,
    badges,
    show,
    hide,
    /** Sends a prompt in a conversation, and resolves when its answer has begun. `ended`: when it has ended. */
    send: async (text: string, conversationId: string | null) => {
      begun = Promise.withResolvers();
      const ended = controller.handle({ type: "send", conversationId, text });
      return { ...(await begun.promise), ended };
    },
    open: (id: string) => controller.handle({ type: "open", id }),
    last: <T extends ToView["type"]>(type: T) =>
      posted.findLast((message): message is Extract<ToView, { type: T }> => message.type === type),
    /** Resolves when a message of this type was posted that has this property. */
    posts: <T extends ToView["type"]>(
      type: T,
      has: (message: Extract<ToView, { type: T }>) => boolean = () => true,
    ) =>
      vi.waitFor(() => {
        const found = posted.find(
          (message): message is Extract<ToView, { type: T }> =>
            message.type === type && has(message as Extract<ToView, { type: T }>),
        );
        if (found === undefined) throw new Error(`No such message: ${type}`);
        return found;
      }, IN_TIME),
  };
}

function fail(error: unknown): never {
  throw error;
}

let dead: Set<number>;
let one: Awaited<ReturnType<typeof openWindow>>;
let two: Awaited<ReturnType<typeof openWindow>>;
let ledgerFile: ReturnType<typeof createTestLedger>;
let id: string;

/** Two windows that show the same conversation with one answer. */
beforeEach(async () => {
  messages.length = 0;
  dead = new Set();
  ledgerFile = createTestLedger();
  one = await openWindow(ledgerFile, 1, dead);
  two = await openWindow(ledgerFile, 2, dead);
  const first = await one.send("First?", null);
  first.sink.push({ type: "text", text: "Yes." });
  first.end();
  await first.ended;
  id = (await one.ledger.history.conversations("", 1))[0]?.id ?? "";
  await two.open(id);
  for (const { posted } of [one, two]) posted.length = 0;
});

describe("two windows on one conversation", () => {
  it("both show an answer, while it is written and when it has ended", async () => {
    const answer = await one.send("Second?", id);
    const begun = await two.posts("synced");
    expect(begun).toMatchObject({ busyTurnId: begun.turns[0]?.id, turns: [{ prompt: { text: "Second?" } }] });
    answer.sink.push({ type: "text", text: "No." });
    await two.posts("synced", ({ turns }) => turns[0]?.answer.text === "No.");
    answer.end();
    await answer.ended;
    const ended = await two.posts("synced", ({ busyTurnId }) => busyTurnId === null);
    expect(ended.turns).toMatchObject([
      { answer: { text: "No.", summary: { ending: { kind: "complete" } } } },
    ]);
    expect(two.posted.some(({ type }) => type === "conversation")).toBe(false);
  });

  it("keep the turns of both, and send them with the next prompt", async () => {
    const second = await one.send("Second?", id);
    second.sink.push({ type: "text", text: "No." });
    second.end();
    await second.ended;
    const third = await two.send("Third?", id);
    expect(JSON.stringify(third.request.messages)).toContain("Second?");
    third.end();
    await third.ended;
    const stored = await one.ledger.history.conversation(id);
    expect(stored?.turns.map(({ prompt }) => prompt.text)).toEqual(["First?", "Second?", "Third?"]);
  });

  it("answer one prompt at a time: the other window queues its prompt, and sends it when the answer has ended", async () => {
    const answer = await one.send("Second?", id);
    await two.controller.handle({ type: "send", conversationId: id, text: "Third?" });
    expect(two.last("queued")).toMatchObject({ prompts: [{ prompt: { text: "Third?" } }] });
    expect(two.last("conversation")).toMatchObject({ isElsewhere: true });
    expect((await one.ledger.history.conversation(id))?.turns).toHaveLength(2);
    answer.end();
    await answer.ended;
    await two.posts("turn", ({ turn }) => turn.prompt.text === "Third?");
    const stored = await one.ledger.history.conversation(id);
    expect(stored?.turns.map(({ prompt }) => prompt.text)).toEqual(["First?", "Second?", "Third?"]);
  });

  it("send a queued prompt also if the answer before it has ended while the view was hidden", async () => {
    const answer = await one.send("Second?", id);
    await two.controller.handle({ type: "send", conversationId: id, text: "Third?" });
    two.hide();
    answer.end();
    await answer.ended;
    await two.show();
    await two.posts("turn", ({ turn }) => turn.prompt.text === "Third?");
  });

  it("show the changes of the other one while a prompt that was queued is answered", async () => {
    const answer = await one.send("Second?", id);
    await two.controller.handle({ type: "send", conversationId: id, text: "Third?" });
    answer.end();
    await answer.ended;
    await two.posts("turn", ({ turn }) => turn.prompt.text === "Third?");
    await two.controller.handle({ type: "list", query: "" });
    await one.controller.handle({ type: "rename", id, title: "Better" });
    await two.posts("conversations", ({ rows }) => rows[0]?.title === "Better");
  });

  it("say so where an answer is asked for again while the other one answers", async () => {
    const stored = await two.ledger.history.conversation(id);
    const answer = await one.send("Second?", id);
    await two.controller.handle({ type: "retry", turnId: stored?.turns[0]?.id ?? "" });
    expect(messages).toEqual([expect.stringContaining("Another window is writing an answer")]);
    answer.end();
    await answer.ended;
  });

  it("can both stop the answer", async () => {
    const answer = await one.send("Second?", id);
    await two.posts("synced");
    await two.controller.handle({ type: "stop" });
    await answer.ended;
    await two.posts("synced", ({ turns }) => turns[0]?.answer.summary?.ending.kind === "stopped");
  });

  it("show a new title, a deletion, and what is in the list", async () => {
    await one.controller.handle({ type: "rename", id, title: "Better" });
    expect(await two.posts("synced")).toMatchObject({ title: "Better", turns: [] });
    await two.controller.handle({ type: "list", query: "" });
    await one.controller.handle({ type: "rename", id, title: "Best" });
    await two.posts("conversations", ({ rows }) => rows[0]?.title === "Best");
    await two.open(id);
    await one.controller.handle({ type: "delete", id });
    await two.posts("conversation", ({ conversation }) => conversation === null);
  });

  it("stop an answer in a conversation that is deleted in the other one", async () => {
    const answer = await one.send("Second?", id);
    await two.controller.handle({ type: "delete", id });
    await answer.ended;
    expect(await two.ledger.history.conversations("", 1)).toEqual([]);
  });

  it("send no list again while only the text of an answer changes", async () => {
    const answer = await one.send("Second?", id);
    await two.controller.handle({ type: "list", query: "" });
    two.posted.length = 0;
    for (const text of ["No", ",", " never"]) {
      const saved = Promise.withResolvers<void>();
      const stop = two.ledger.history.onConversationsChange(saved.resolve);
      answer.sink.push({ type: "text", text });
      await saved.promise;
      stop();
    }
    answer.end();
    await answer.ended;
    await two.posts("conversations", ({ rows }) => rows[0]?.answers === 2);
    expect(two.posted.filter(({ type }) => type === "conversations")).toHaveLength(1);
  });

  it("offer to continue an answer whose window was killed", async () => {
    const answer = await one.send("Second?", id);
    await two.posts("synced");
    dead.add(1);
    await two.hide();
    two.posted.length = 0;
    await two.show();
    expect(two.last("conversation")).toMatchObject({ busyTurnId: null, isElsewhere: false });
    const turnId = two.last("conversation")?.conversation?.turns.at(-1)?.id ?? "";
    void two.controller.handle({ type: "continue", turnId });
    await two.posts("turn", ({ turn }) => turn.prompt.text === "Continue where you stopped.");
    answer.end();
  });
});

describe("a hidden view", () => {
  it("gets no message and reads nothing, and catches up when it is shown", async () => {
    two.hide();
    const reads = vi.spyOn(two.ledger.history, "changeOf");
    const answer = await one.send("Second?", id);
    answer.sink.push({ type: "text", text: "No." });
    answer.end();
    await answer.ended;
    await one.posts("answer", ({ busy }) => !busy);
    expect(two.posted).toEqual([]);
    expect(reads).not.toHaveBeenCalled();
    await two.show();
    expect(two.last("conversation")?.conversation?.turns).toHaveLength(2);
  });

  it("decides nothing for a draft, and again when it is shown", async () => {
    await two.controller.handle({ type: "draft", text: "/fix" });
    two.hide();
    vi.mocked(two.engine.forecast).mockClear();
    await two.controller.refreshCommand();
    await two.controller.postCommands();
    expect(two.engine.forecast).not.toHaveBeenCalled();
    await two.show();
    expect(two.last("forecast")).toMatchObject({ draft: "/fix" });
    expect(two.engine.forecast).toHaveBeenCalledOnce();
  });

  it("gets no message while its own window writes an answer", async () => {
    const answer = await one.send("Second?", id);
    one.hide();
    one.posted.length = 0;
    for (let n = 0; n < 100; n++) answer.sink.push({ type: "text", text: "more " });
    answer.end();
    await answer.ended;
    expect(one.posted).toEqual([]);
    await one.show();
    expect(one.last("conversation")).toMatchObject({ busyTurnId: null });
    expect(one.last("conversation")?.conversation?.turns[1]?.answer.text).toBe("more ".repeat(100));
  });
});

describe("an answer that ends unseen", () => {
  const statusIn = async (window: typeof one) =>
    (await window.ledger.history.conversations("", 1))[0]?.status;

  it("is counted on the view's icon and marked in the list, until it is seen", async () => {
    two.hide();
    const answer = await one.send("Second?", id);
    expect(await statusIn(two)).toBe("running");
    one.hide();
    answer.end();
    await answer.ended;
    await vi.waitFor(async () => expect(await statusIn(two)).toBe("unread"), IN_TIME);
    expect(one.badges).toEqual([1]);
    await one.show();
    await vi.waitFor(async () => expect(await statusIn(two)).toBeUndefined(), IN_TIME);
    expect(one.badges).toEqual([1, 0]);
  });

  it("is not counted if the user stopped it, or if another conversation's list shows it", async () => {
    const answer = await one.send("Second?", id);
    await one.controller.handle({ type: "stop" });
    await answer.ended;
    expect(one.badges).toEqual([]);
    const third = await one.send("Third?", id);
    await one.controller.handle({ type: "list", query: "" });
    third.end();
    await third.ended;
    await one.posts("conversations", ({ rows }) => rows[0]?.status === "unread");
    expect(one.badges).toEqual([1]);
    await one.open(id);
    expect(one.badges).toEqual([1, 0]);
  });
});
