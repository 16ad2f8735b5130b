import { beforeEach, describe, expect, it, vi } from "vitest";
import { ChatWindow, complete } from "../../../../test/support/views/chatWindow.ts";

vi.mock("vscode", () => import("../../../../test/support/views/fakeVscode.ts"));

let window: ChatWindow;
beforeEach(() => {
  window = new ChatWindow();
});

const sentTexts = () => window.chat.sent.map(({ prompt }) => prompt.text);
const queuedTexts = () => window.lastPosted("queued")?.prompts.map(({ prompt }) => prompt.text);

/** A conversation whose answer is being written, and prompts that wait for it. */
async function queued(...texts: readonly string[]) {
  const answer = await window.startAnswer("one");
  for (const text of texts) await window.send(text, "c1");
  return answer;
}

/** Lets the next prompts be answered completely. */
function answerNext(count: number): void {
  for (let n = 0; n < count; n++) window.chat.scripts.push(complete);
}

describe("prompts that are sent while an answer is being written", () => {
  it("are sent one after the other, each when the answer before it is complete", async () => {
    const { finish, ended } = await queued("two", "three");
    expect(queuedTexts()).toEqual(["two", "three"]);
    expect(sentTexts()).toEqual(["one"]);
    answerNext(2);
    finish();
    await ended;
    expect(sentTexts()).toEqual(["one", "two", "three"]);
    expect(queuedTexts()).toEqual([]);
  });

  it("take along what was attached to them", async () => {
    const code = { kind: "file", path: "a.ts", language: "ts", startLine: 1, endLine: 2 } as const;
    const context = [{ ...code, text: "x", tokens: 1, isPrivate: false }];
    await window.storage.update("switchyard.attached", { context, command: "fix" });
    window.reload();
    const { paused, finish } = window.pauseNext();
    const ended = window.controller.send({ text: "one", context: [] });
    await paused;
    const id = window.lastPosted("turn")?.conversationId;
    await window.send("two", id);
    await window.send("three", id);
    expect(window.lastPosted("attached")).toEqual({ type: "attached", context: [] });
    answerNext(2);
    finish();
    await ended;
    expect(window.chat.sent.map(({ prompt }) => prompt)).toEqual([
      { text: "one", context: [] },
      { text: "two", context, command: "fix" },
      { text: "three", context: [] },
    ]);
  });

  it("wait for the user after an answer that is not complete", async () => {
    const { ended } = await queued("two");
    await window.controller.handle({ type: "stop" });
    await ended;
    expect(sentTexts()).toEqual(["one"]);
    expect(queuedTexts()).toEqual(["two"]);
    answerNext(1);
    await window.controller.handle({ type: "sendQueued", id: "1" });
    expect(sentTexts()).toEqual(["one", "two"]);
  });

  it("can be edited, moved and removed", async () => {
    const { finish, ended } = await queued("two", "three", "four");
    const { controller } = window;
    await controller.handle({ type: "moveQueued", id: "3", by: -1 });
    expect(queuedTexts()).toEqual(["two", "four", "three"]);
    await controller.handle({ type: "moveQueued", id: "1", by: -1 });
    expect(queuedTexts()).toEqual(["two", "four", "three"]);
    await controller.handle({ type: "editQueued", id: "1", text: "zwei" });
    await controller.handle({ type: "removeQueued", id: "2" });
    expect(queuedTexts()).toEqual(["zwei", "four"]);
    answerNext(2);
    finish();
    await ended;
    expect(sentTexts()).toEqual(["one", "zwei", "four"]);
  });

  it("can be sent now, which stops the answer and lets the others wait for the next one", async () => {
    const { ended } = await queued("two", "three");
    const second = window.pauseNext();
    await window.controller.handle({ type: "sendQueued", id: "2" });
    await second.paused;
    expect(sentTexts()).toEqual(["one", "three"]);
    expect(queuedTexts()).toEqual(["two"]);
    answerNext(1);
    second.finish();
    await ended;
    expect(sentTexts()).toEqual(["one", "three", "two"]);
  });

  it("are sent in their conversation while another one is shown, and are shown only there", async () => {
    const { finish, ended } = await queued("two");
    window.controller.startNew();
    expect(queuedTexts()).toEqual([]);
    answerNext(1);
    finish();
    await ended;
    expect(window.chat.saved.get("c1")?.turns.map(({ prompt }) => prompt.text)).toEqual(["one", "two"]);
    expect(window.lastPosted("conversation")?.conversation).toBeNull();
  });

  it("are kept when the window is loaded again, and wait for the user there", async () => {
    await queued("two", "three");
    window.reload();
    await window.controller.postAll();
    expect(queuedTexts()).toEqual(["two", "three"]);
    expect(sentTexts()).toEqual(["one"]);
    answerNext(2);
    await window.controller.handle({ type: "sendQueued", id: "2" });
    expect(sentTexts()).toEqual(["one", "three", "two"]);
  });

  it("are not kept with a conversation that is deleted, unless that is undone", async () => {
    const { ended } = await queued("two");
    await window.controller.handle({ type: "delete", id: "c1" });
    await ended;
    expect(window.storage.get("switchyard.queued")).toBeUndefined();
    await window.controller.handle({ type: "undelete", id: "c1" });
    await window.controller.handle({ type: "open", id: "c1" });
    expect(queuedTexts()).toEqual(["two"]);
  });
});
