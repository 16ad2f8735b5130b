import { beforeEach, describe, expect, it } from "vitest";
import { ManualTimers } from "../../../test/support/manualTimers.ts";
import { ScriptedChat } from "../../../test/support/views/scriptedChat.ts";
import { Interruption } from "../../assistant/chat.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import { RunningAnswers } from "./runningAnswers.ts";

describe("RunningAnswers", () => {
  const prompt = { text: "Why?", context: [] };
  let chat: ScriptedChat;
  let timers: ManualTimers;
  let running: RunningAnswers;
  let posted: ToView[];
  let failed: string[];
  let unseen: string[];
  /** Whether the view shows the conversation. */
  let isShown: boolean;

  beforeEach(() => {
    chat = new ScriptedChat();
    timers = new ManualTimers();
    posted = [];
    failed = [];
    unseen = [];
    isShown = true;
    running = new RunningAnswers({
      chat,
      isShown: () => isShown,
      post: (message) => posted.push(message),
      onChange: () => {},
      onBusy: () => {},
      onAnswered: () => {},
      onUnseen: (id) => unseen.push(id),
      onError: ({ id }) => failed.push(id),
      startTimer: timers.start,
    });
  });

  const postedText = () => posted.map((message) => (message.type === "text" ? message.text : "")).join("");

  it("answers one prompt at a time in a conversation, and those of other conversations beside it", async () => {
    const { promise: rest, resolve: finish } = Promise.withResolvers<undefined>();
    chat.scripts.push((sink) => {
      sink.push({ type: "text", text: "half" });
      return rest;
    });
    const conversation = chat.start();
    const first = running.send(conversation, prompt, {});
    expect(await running.send(conversation, { ...prompt, text: "two" }, {})).toBe(false);
    expect(running.isRunning(conversation.id)).toBe(true);
    expect(await running.send(chat.start(), prompt, {})).toBe(true);
    finish(undefined);
    expect(await first).toBe(true);
    expect(running.isRunning(conversation.id)).toBe(false);
    expect(chat.sent).toHaveLength(2);
    expect(failed).toEqual([]);
  });

  it("posts a handoff point after the text before it, and removes it when the answer restarts", async () => {
    const conversation = chat.start();
    const handoffs = [{ at: 7, from: "a/m", to: "b/m" }];
    const seen: unknown[] = [];
    const look = () => seen.push(running.snapshot(conversation.id)?.conversation.turns.at(-1)?.answer);
    chat.scripts.push(async (sink) => {
      sink.push({ type: "text", text: "one " });
      sink.push({ type: "text", text: "two" });
      sink.push({ type: "state", state: { fallbacks: [], handoffs } });
      look();
      sink.push({ type: "text", text: " three" });
      sink.push({ type: "restarted" });
      look();
      return undefined;
    });
    await running.send(conversation, prompt, {});
    expect(seen).toMatchObject([
      { text: "one two", handoffs },
      { text: "", handoffs: [] },
    ]);
    const before = posted.slice(
      0,
      posted.findIndex(({ type }) => type === "answer"),
    );
    expect(before.map((message) => (message.type === "text" ? message.text : "")).join("")).toBe("one two");
    expect(posted).toContainEqual({
      type: "answer",
      turnId: "t1",
      answer: { fallbacks: [], handoffs },
      busy: true,
    });
  });

  it("interrupts every answer when the editor closes, and waits until they are saved", async () => {
    const { promise: saved, resolve: save } = Promise.withResolvers<undefined>();
    const reasons: unknown[] = [];
    for (let n = 0; n < 2; n++) {
      chat.scripts.push((_sink, signal) => {
        signal.addEventListener("abort", () => reasons.push(signal.reason));
        return saved;
      });
    }
    const answers = [running.send(chat.start(), prompt, {}), running.send(chat.start(), prompt, {})];
    await Promise.resolve();
    let isClosed = false;
    const closing = running.interruptAll().then(() => {
      isClosed = true;
    });
    expect(reasons).toEqual([expect.any(Interruption), expect.any(Interruption)]);
    save(undefined);
    expect(isClosed).toBe(false);
    await Promise.all([closing, ...answers]);
    expect(timers.running).toBe(0);
    await running.interruptAll();
  });

  it("does not wait for an answer that never ends", async () => {
    chat.scripts.push(() => new Promise(() => {}));
    void running.send(chat.start(), prompt, {});
    const closing = running.interruptAll();
    timers.fire();
    await closing;
  });

  it("posts nothing and starts no timer while its conversation is not shown", async () => {
    isShown = false;
    chat.scripts.push(async (sink) => {
      for (const text of ["one ", "two ", "three"]) sink.push({ type: "text", text });
      expect(timers.running).toBe(0);
      return { text: "one two three", fallbacks: [] };
    });
    await running.send(chat.start(), prompt, {});
    expect(posted).toEqual([]);
  });

  it("does not post text again that a snapshot has shown", async () => {
    const conversation = chat.start();
    let snapshot: string | undefined;
    chat.scripts.push(async (sink) => {
      sink.push({ type: "text", text: "one " });
      sink.push({ type: "text", text: "two " });
      snapshot = running.snapshot(conversation.id)?.conversation.turns.at(-1)?.answer.text;
      posted.length = 0;
      timers.fire();
      sink.push({ type: "text", text: "three" });
      return { text: "one two three", fallbacks: [] };
    });
    await running.send(conversation, prompt, {});
    expect(snapshot).toBe("one two ");
    expect(postedText()).toBe("three");
  });
});
