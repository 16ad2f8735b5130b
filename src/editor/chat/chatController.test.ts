import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { decision, summary } from "../../../test/support/answers.ts";
import { ChatWindow } from "../../../test/support/views/chatWindow.ts";
import { configuration, type Memento, user } from "../../../test/support/views/fakeVscode.ts";
import type { AnswerScript, ScriptedChat } from "../../../test/support/views/scriptedChat.ts";
import type { BudgetScope } from "../../contract/budget.ts";
import type { BlockReason } from "../../contract/skipped.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import type { ChatController } from "./chatController.ts";

vi.mock("vscode", () => import("../../../test/support/views/fakeVscode.ts"));

let window: ChatWindow;
let chat: ScriptedChat;
let posted: ToView[];
let busy: readonly boolean[];
let raised: readonly BudgetScope[];
let controller: ChatController;
let storage: Memento;

beforeEach(() => {
  window = new ChatWindow();
  ({ chat, posted, busy, raised, controller, storage } = window);
});

/** Loads the window again: its view is empty. */
function openWindow(): void {
  window.reload();
  ({ posted, controller } = window);
}

const send = (text: string, conversationId: string | null = null) => window.send(text, conversationId);
const lastPosted = <T extends ToView["type"]>(type: T) => window.lastPosted(type);
const startAnswer = (text: string, rest?: AnswerScript) => window.startAnswer(text, rest);

describe("an error during an answer", () => {
  it("returns the prompt to the input with its attachments if it is not a turn yet", async () => {
    chat.failBeforeTurn = new Error("The ledger is busy.");
    const code = { kind: "file", path: "a.ts", language: "ts", startLine: 1, endLine: 2, text: "x" } as const;
    const prompt = { text: "Why?", command: "fix", context: [{ ...code, tokens: 1, isPrivate: false }] };
    await expect(controller.send(prompt)).rejects.toThrow("The ledger is busy.");
    expect(lastPosted("input")).toEqual({ type: "input", text: "Why?" });
    expect(lastPosted("attached")).toMatchObject({ context: [{ path: "a.ts" }], command: "fix" });
    expect(lastPosted("conversation")).toMatchObject({ conversation: null, busyTurnId: null });
    expect(busy).toEqual([true, false]);
    chat.failBeforeTurn = undefined;
    await send("Why?");
    expect(chat.sent).toEqual([{ prompt, options: {} }]);
  });

  it("keeps the turn with its text so far if it is a turn already", async () => {
    chat.scripts.push(async (sink) => {
      sink.push({ type: "text", text: "half an answer" });
      throw new Error("The disk is full.");
    });
    await expect(send("Why?")).rejects.toThrow("The disk is full.");
    const shown = lastPosted("conversation");
    expect(shown?.busyTurnId).toBeNull();
    expect(shown?.conversation?.turns).toMatchObject([{ id: "t1", answer: { text: "half an answer" } }]);
    expect(lastPosted("input")).toBeUndefined();
    await controller.handle({ type: "retry", turnId: "t1" });
    expect(chat.sent.at(-1)?.options).toEqual({ replaces: "t1" });
  });

  it("posts nothing if another conversation is shown", async () => {
    const { finish, ended } = await startAnswer("Why?", async (sink) => {
      sink.push({ type: "restarted" });
      throw new Error("The disk is full.");
    });
    controller.startNew();
    posted.length = 0;
    finish();
    await expect(ended).rejects.toThrow();
    expect(posted).toEqual([]);
  });
});

describe("a conversation with a running answer", () => {
  it("ignores continue, retry and budget choices", async () => {
    const { finish, ended } = await startAnswer("one");
    posted.length = 0;
    await controller.handle({ type: "continue", turnId: "t1" });
    await controller.handle({ type: "retry", turnId: "t1" });
    for (const choice of ["cheapest", "free", "raise", "discard"] as const)
      await controller.handle({ type: "budgetChoice", turnId: "t1", choice });
    expect(posted).toEqual([]);
    expect(raised).toEqual([]);
    finish();
    await ended;
    expect(chat.sent).toHaveLength(1);
  });

  it("is shown with its text so far when it is opened again", async () => {
    const { finish, ended } = await startAnswer("one");
    controller.startNew();
    await controller.handle({ type: "open", id: "c1" });
    expect(lastPosted("conversation")).toMatchObject({
      conversation: { id: "c1", turns: [{ answer: { text: "half" } }] },
      busyTurnId: "t1",
    });
    finish();
    await ended;
  });
});

describe("a window that is loaded again", () => {
  const code = {
    kind: "selection",
    path: "a.ts",
    language: "ts",
    startLine: 1,
    endLine: 2,
    text: "x",
  } as const;
  const prompt = { text: "Why?", command: "ask", context: [{ ...code, tokens: 1, isPrivate: true }] };

  it("shows the same conversation", async () => {
    await startAnswer("Why?");
    openWindow();
    await controller.postAll();
    expect(lastPosted("conversation")).toMatchObject({
      conversation: { id: "c1", turns: [{ prompt: { text: "Why?" } }] },
      busyTurnId: null,
    });
    await send("And?", "c1");
    expect(chat.sent.map(({ prompt: { text } }) => text)).toEqual(["Why?", "And?"]);
  });

  it("shows a new conversation if that was shown, or if the last one is deleted", async () => {
    await send("one");
    controller.startNew();
    openWindow();
    await controller.postAll();
    expect(lastPosted("conversation")?.conversation).toBeNull();
    await send("two");
    chat.saved.clear();
    openWindow();
    await controller.postAll();
    expect(lastPosted("conversation")?.conversation).toBeNull();
  });

  it("does not replace what was opened while the last conversation was loading", async () => {
    await send("one");
    openWindow();
    const posting = controller.postAll();
    controller.startNew();
    await posting;
    expect(lastPosted("conversation")?.conversation).toBeNull();
  });

  it("restores the draft and the reading position", async () => {
    const state = { draft: "Wh", readings: [{ conversationId: "c1", article: 3, offset: 20 }], changes: 4 };
    await controller.handle({ type: "save", state });
    openWindow();
    await controller.postAll();
    expect(lastPosted("restore")).toEqual({ type: "restore", state });
  });

  it("does not restore the draft of a prompt that was sent just before", async () => {
    const readings = [{ conversationId: "c1", article: 3, offset: 20 }];
    await controller.handle({ type: "save", state: { draft: "Why?", readings, changes: 4 } });
    await send("Why?");
    openWindow();
    await controller.postAll();
    expect(lastPosted("restore")?.state).toEqual({ draft: "", readings, changes: 4 });
  });

  it("keeps attached code and the command until they are sent", async () => {
    chat.failBeforeTurn = new Error("The ledger is busy.");
    await expect(controller.send(prompt)).rejects.toThrow();
    chat.failBeforeTurn = undefined;
    openWindow();
    await controller.postAll();
    expect(lastPosted("attached")).toMatchObject({ context: [{ path: "a.ts" }], command: "ask" });
    await send("Why?");
    expect(chat.sent).toEqual([{ prompt, options: {} }]);
    openWindow();
    await controller.postAll();
    expect(lastPosted("attached")).toEqual({ type: "attached", context: [] });
  });

  it("starts empty if its storage holds something else", async () => {
    await storage.update("switchyard.attached", { context: ["a.ts"] });
    await storage.update("switchyard.shownConversation", 7);
    openWindow();
    await controller.postAll();
    expect(lastPosted("attached")).toEqual({ type: "attached", context: [] });
    expect(lastPosted("conversation")?.conversation).toBeNull();
  });
});

describe("sending a prompt", () => {
  it("continues the last turn only", async () => {
    await send("one");
    await send("two", "c1");
    await controller.handle({ type: "continue", turnId: "t1" });
    expect(chat.sent).toHaveLength(2);
    await controller.handle({ type: "continue", turnId: "t2" });
    expect(chat.sent.at(-1)?.prompt.text).toBe("Continue where you stopped.");
  });

  it("returns a prompt to the input that was written in another conversation", async () => {
    await send("one");
    controller.startNew();
    await send("two", "c1");
    expect(lastPosted("input")).toEqual({ type: "input", text: "two" });
    await send("three");
    expect(chat.sent.map(({ prompt }) => prompt.text)).toEqual(["one", "three"]);
  });
});

describe("a long conversation", () => {
  afterEach(() => {
    user.pick = () => undefined;
  });

  const sendTurns = async (count: number) => {
    await send("1");
    for (let n = 2; n <= count; n++) await send(`${n}`, "c1");
  };
  const notSent: AnswerScript = async () => {
    const { modelUsed, ...blocked } = summary({
      ending: { kind: "not-sent", reason: { kind: "no-model-available" } },
    });
    return { text: "", fallbacks: [], summary: blocked };
  };

  it("reports to the view how many tokens of a prompt are earlier turns", async () => {
    await sendTurns(3);
    await controller.handle({ type: "draft", text: "And?" });
    expect(lastPosted("forecast")).toMatchObject({ forecast: { earlierTokens: 3000 }, draft: "And?" });
    await controller.handle({ type: "new" });
    expect(lastPosted("forecast")).toMatchObject({ forecast: { earlierTokens: 0 }, draft: "And?" });
  });

  it("leaves out the turns that the user chooses, and says what each choice sends", async () => {
    await sendTurns(7);
    let offered: unknown;
    user.pick = (items) => {
      offered = items;
      return items.find(({ label }) => label === "The last 5 turns");
    };
    await controller.handle({ type: "draft", text: "And?" });
    await controller.handle({ type: "leaveOut", turnId: null });
    expect(offered).toMatchObject([
      { label: "All 7 turns", description: "about 7k tokens", detail: "As now" },
      { label: "The last 5 turns", description: "about 5k tokens" },
      { label: "The last 2 turns", description: "about 2k tokens" },
      { label: "The last turn", description: "about 1k tokens" },
    ]);
    expect(lastPosted("conversation")?.conversation).toMatchObject({ id: "c1", leftOut: 2 });
    expect(lastPosted("forecast")).toMatchObject({ forecast: { earlierTokens: 5000 } });
    expect(chat.saved.get("c1")?.leftOut).toBe(2);
    expect(chat.sent).toHaveLength(7);
    user.pick = (items) => items[0];
    await controller.handle({ type: "leaveOut", turnId: null });
    expect(lastPosted("conversation")?.conversation).toMatchObject({ id: "c1", leftOut: 0 });
  });

  it("stays as it is if the user cancels", async () => {
    await sendTurns(2);
    posted.length = 0;
    await controller.handle({ type: "leaveOut", turnId: null });
    expect(lastPosted("conversation")).toBeUndefined();
  });

  it("sends a prompt that was too long again, without the oldest turns", async () => {
    await sendTurns(2);
    chat.scripts.push(notSent);
    await send("3", "c1");
    user.pick = (items) => items.find(({ label }) => label === "The last turn");
    await controller.handle({ type: "leaveOut", turnId: "t3" });
    expect(chat.sent.at(-1)).toMatchObject({ prompt: { text: "3" }, options: { replaces: "t3" } });
    expect(chat.saved.get("c1")).toMatchObject({ leftOut: 1 });
  });

  it("moves a prompt that was too long to a new conversation", async () => {
    await sendTurns(2);
    chat.scripts.push(notSent);
    await send("3", "c1");
    await controller.handle({ type: "moveToNew", turnId: "t3" });
    expect(lastPosted("conversation")?.conversation).toBeNull();
    expect(lastPosted("input")).toEqual({ type: "input", text: "3" });
    await send("3");
    expect(chat.sent.at(-1)).toMatchObject({ prompt: { text: "3" }, options: {} });
  });
});

describe("renaming a conversation", () => {
  it("keeps the new title when the running answer ends", async () => {
    const { finish, ended } = await startAnswer("one");
    await controller.handle({ type: "rename", id: "c1", title: " Better " });
    finish();
    await ended;
    await controller.postAll();
    expect(lastPosted("conversation")?.conversation).toMatchObject({ title: "Better" });
  });

  it("keeps the old title where the new one is blank", async () => {
    await send("one");
    await controller.handle({ type: "rename", id: "c1", title: "  " });
    await controller.postAll();
    expect(lastPosted("conversation")?.conversation).toMatchObject({ title: "one" });
  });
});

describe("a prompt that the budget does not cover", () => {
  const sendOverBudget = async (kind: "day" | "month") => {
    const figures = { expectedNanoUsd: 9, leftNanoUsd: 1, budgetNanoUsd: 5, choices: [] };
    const reason: BlockReason = { kind: "over-budget", ...figures, limit: { kind } };
    const { modelUsed, ...blocked } = summary({ ending: { kind: "not-sent", reason } });
    chat.scripts.push(async () => ({ text: "", fallbacks: [], summary: blocked }));
    await send("one");
  };

  it.each(["day", "month"] as const)(
    "is sent again once the tighter budget is raised: %s",
    async (period) => {
      await sendOverBudget(period);
      await controller.handle({ type: "budgetChoice", turnId: "t1", choice: "raise" });
      expect(raised).toEqual([{ kind: period }]);
      expect(chat.sent.at(-1)?.options).toEqual({ replaces: "t1" });
    },
  );

  it("is returned to the input when it is discarded", async () => {
    await sendOverBudget("day");
    await controller.handle({ type: "budgetChoice", turnId: "t1", choice: "discard" });
    expect(lastPosted("conversation")).toMatchObject({ conversation: null, busyTurnId: null });
    expect(lastPosted("input")).toEqual({ type: "input", text: "one" });
  });
});

describe("the model of a conversation", () => {
  const choose = (model: string | null) => controller.handle({ type: "chooseModel", model });

  it("is kept for the conversation, over a reload, until the routes decide again", async () => {
    await send("one");
    await choose("a/m");
    await controller.handle({ type: "chooseEffort", effort: "high" });
    expect(chat.saved.get("c1")?.choice).toEqual({ model: "a/m", effort: "high" });
    openWindow();
    await controller.postAll();
    expect(lastPosted("choice")?.choice).toEqual({ model: "a/m", effort: "high" });
    await choose(null);
    expect(lastPosted("choice")?.choice).toEqual({ model: undefined, effort: "high" });
    expect(chat.saved.get("c1")?.choice).toEqual({ model: undefined, effort: "high" });
  });

  it("is not asked again when the routes are to answer the same prompt", async () => {
    await choose("a/m");
    await send("one");
    const back = choose(null);
    await controller.handle({ type: "retry", turnId: "t1" });
    await back;
    expect(chat.sent.at(-1)).toMatchObject({ prompt: { text: "one" }, options: { replaces: "t1" } });
    expect(chat.saved.get("c1")?.choice?.model).toBeUndefined();
  });

  it("is kept for a conversation that has not begun, over a reload, and begins with it", async () => {
    await choose("a/m");
    openWindow();
    await controller.postAll();
    expect(lastPosted("choice")?.choice).toEqual({ model: "a/m" });
    await send("one");
    expect([...chat.saved.values()]).toMatchObject([{ choice: { model: "a/m" } }]);
  });

  it("is left to the routes in another conversation", async () => {
    await choose("a/m");
    controller.startNew();
    expect(lastPosted("choice")?.choice).toEqual({});
    openWindow();
    await controller.postAll();
    expect(lastPosted("choice")?.choice).toEqual({});
  });

  it("is among the recent ones of the picker, the latest first", async () => {
    for (const model of ["a/1", "a/2", "a/1", null]) await choose(model);
    openWindow();
    await controller.handle({ type: "openModels" });
    expect(lastPosted("models")?.picker).toMatchObject({ recent: ["a/1", "a/2"], dial: "balanced" });
  });

  it("follows the dial, which is a setting of the user", async () => {
    await controller.handle({ type: "setDial", dial: "best" });
    expect(configuration.get("switchyard.dial")).toEqual({ globalValue: "best" });
  });
});

describe("the title row", () => {
  it("shows a new title and a pin of the conversation, and of no other one", async () => {
    await send("Why?");
    const { id } = controller.conversation;
    await controller.handle({ type: "rename", id, title: "Better" });
    expect(lastPosted("header")).toEqual({ type: "header", id, title: "Better", isPinned: false });
    await controller.handle({ type: "pin", id, isPinned: true });
    expect(lastPosted("header")).toEqual({ type: "header", id, title: "Better", isPinned: true });
    posted.length = 0;
    await controller.handle({ type: "pin", id: "other", isPinned: true });
    expect(lastPosted("header")).toBeUndefined();
  });

  it("shows a conversation again whose deletion is undone, but does not replace another one", async () => {
    await send("Why?");
    const { id } = controller.conversation;
    await controller.handle({ type: "delete", id });
    expect(lastPosted("deleted")).toMatchObject({ id });
    await controller.handle({ type: "undelete", id });
    expect(lastPosted("conversation")?.conversation).toMatchObject({ id, title: "Why?" });

    await controller.handle({ type: "delete", id });
    controller.startNew();
    await send("Another?");
    posted.length = 0;
    await controller.handle({ type: "undelete", id });
    expect(lastPosted("conversation")).toBeUndefined();
  });
});

describe("a conversation of many turns", () => {
  it("is shown with the outlines of its first turns, which the view then asks for", async () => {
    const turns = Array.from({ length: 60 }, (_, index) => ({
      id: `t${index}`,
      atMs: 0,
      prompt: { text: `Question ${index}`, context: [] },
      answer: { text: `Answer ${index}`, fallbacks: [], decision: decision(), summary: summary() },
    }));
    chat.saved.set("long", {
      id: "long",
      title: "",
      createdAtMs: 0,
      updatedAtMs: 0,
      isPrivate: false,
      turns,
    });
    await controller.handle({ type: "open", id: "long" });
    const shown = lastPosted("conversation")?.conversation?.turns ?? [];
    expect(shown.filter(({ isOutline }) => isOutline)).toEqual(shown.slice(0, 10));
    expect(shown[9]?.answer).toEqual({ text: "", fallbacks: [], summary: summary() });
    expect(shown[10]?.answer).toEqual(turns[10]?.answer);
    await controller.handle({ type: "loadTurns", conversationId: "long", turnIds: ["t9", "t8", "gone"] });
    expect(lastPosted("turns")?.turns).toMatchObject([turns[8], turns[9]]);
    posted.length = 0;
    await controller.handle({ type: "loadTurns", conversationId: "other", turnIds: ["t9"] });
    expect(posted).toEqual([]);
  });
});
