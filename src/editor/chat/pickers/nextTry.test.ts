import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatWindow, complete } from "../../../../test/support/views/chatWindow.ts";
import { messages, user } from "../../../../test/support/views/fakeVscode.ts";
import type { ModelOption } from "../../../contract/modelOptions.ts";

vi.mock("vscode", () => import("../../../../test/support/views/fakeVscode.ts"));

let window: ChatWindow;
beforeEach(() => {
  window = new ChatWindow();
});

/** Lets the next prompts be answered completely. */
function answerNext(count: number): void {
  for (let n = 0; n < count; n++) window.chat.scripts.push(complete);
}

describe("an edited prompt", () => {
  it("is sent in place of the old one, after the answer that is being written was stopped", async () => {
    const { ended } = await window.startAnswer("one");
    answerNext(1);
    await window.controller.handle({ type: "editPrompt", turnId: "t1", text: " eins " });
    await ended;
    expect(window.chat.sent.map(({ prompt, options }) => [prompt.text, options])).toEqual([
      ["one", {}],
      ["eins", { edits: "t1" }],
    ]);
  });

  it("is another answer to the same prompt if its text is the same", async () => {
    answerNext(2);
    await window.send("one");
    await window.controller.handle({ type: "editPrompt", turnId: "t1", text: "one" });
    expect(window.chat.sent.at(-1)?.options).toEqual({ replaces: "t1" });
  });
});

it("regenerates the answer of any turn, as one that was not good enough", async () => {
  answerNext(3);
  await window.send("one");
  await window.send("two", "c1");
  await window.controller.handle({ type: "regenerate", turnId: "t1" });
  expect(window.chat.sent.at(-1)).toMatchObject({
    prompt: { text: "one" },
    options: { replaces: "t1", escalate: "regenerate" },
  });
});

describe("the choice of a model for an answer that was not good enough", () => {
  const option = (ref: string, change: Partial<ModelOption> = {}): ModelOption => ({
    ref,
    inputUsdPerMTok: 2,
    outputUsdPerMTok: 10,
    maxInputTokens: 1_000_000,
    capabilities: [],
    quality: undefined,
    local: false,
    simulated: false,
    ...change,
  });
  let offered: readonly object[];

  beforeEach(async () => {
    window.chat.strongerModel = { ref: "a/opus", expectedNanoUsd: 40_000_000 };
    window.chat.options = [
      option("a/sonnet"),
      option("b/qwen", { local: true, skipped: { ref: "b/qwen", reason: "switched-off" } }),
      option("c/luna", { isBlocked: true }),
    ];
    answerNext(2);
    await window.send("one");
  });
  afterEach(() => {
    user.pick = () => undefined;
  });

  async function choose(label: string) {
    user.pick = (items) => {
      offered = items;
      return items.find((item) => item.label === label);
    };
    await window.controller.handle({ type: "regenerateWith", turnId: "t1" });
    return window.chat.sent.at(-1);
  }

  it("says which model is stronger and about what it costs, and lists the others with price and state", async () => {
    expect(await choose("Try a stronger model")).toMatchObject({
      prompt: { text: "one" },
      options: { replaces: "t1", escalate: "stronger" },
    });
    expect(offered).toMatchObject([
      { label: "Try a stronger model", description: "opus · about $0.040" },
      { label: "Another model" },
      { label: "sonnet", description: "$2 / $10" },
      { label: "qwen", description: "free", detail: "Turned off by you" },
    ]);
  });

  it("sends the prompt again to the model that the user picks", async () => {
    expect(await choose("sonnet")).toEqual({
      prompt: { text: "one", context: [], explicitModel: "a/sonnet" },
      options: { replaces: "t1" },
    });
  });

  it("forgets a model that was picked for an earlier answer when a stronger one is asked for", async () => {
    await choose("sonnet");
    answerNext(1);
    user.pick = (items) => items.find((item) => item.label === "Try a stronger model");
    await window.controller.handle({
      type: "regenerateWith",
      turnId: window.lastPosted("turn")?.turn.id ?? "",
    });
    expect(window.chat.sent.at(-1)?.prompt).toEqual({ text: "one", context: [] });
  });

  it("says so if no other model can answer the prompt", async () => {
    window.chat.strongerModel = undefined;
    window.chat.options = [option("c/luna", { isBlocked: true })];
    offered = [];
    await choose("luna");
    expect(offered).toEqual([]);
    expect(messages).toContain("No other model can answer this prompt.");
  });

  it("offers no stronger model if there is none, and sends nothing if the user cancels", async () => {
    window.chat.strongerModel = undefined;
    await choose("Try a stronger model");
    expect(offered).toHaveLength(2);
    expect(window.chat.sent).toHaveLength(1);
  });
});
