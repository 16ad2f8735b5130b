import { describe, expect, it } from "vitest";
import { decision, summary } from "../../../../test/support/answers.ts";
import { conversation, FakeHost, open, turn } from "../../../../test/support/views/fakeHost.ts";
import type { ToView } from "../../../contract/view/protocol.ts";
import type { BlockReason, Decision } from "../../../contract/view/types.ts";

describe("the start screen", () => {
  it("saves a prompt that returns to the input at once, because nothing else keeps it", async () => {
    const host = await open(conversation([]));
    await host.send({ type: "input", text: "Not sent" });
    expect(host.postedOf("save").at(-1)?.state.draft).toBe("Not sent");
  });

  it("explains that a simulator answers while no key is set, and offers to add one", async () => {
    const host = await open(
      { type: "readiness", readiness: { kind: "simulator" } },
      { type: "conversation", conversation: null, busyTurnId: null },
    );
    expect(host.root.textContent).toContain("No key is set, so a simulator on this machine answers.");
    await host.click(host.button("Add a key…"));
    expect(host.posted).toContainEqual({ type: "command", command: "addKey" });
  });

  it("posts `ready` first, and focuses the input", async () => {
    const host = await open({ type: "conversation", conversation: null, busyTurnId: null });
    expect(host.posted[0]).toEqual({ type: "ready" });
    expect(document.activeElement).toBe(host.input);
  });

  it("inserts a suggested prompt without sending it", async () => {
    const host = await open({ type: "conversation", conversation: null, busyTurnId: null });
    await host.click(host.button("Compare two ways to retry a failed request"));
    expect(host.input.value).toBe("Compare two ways to retry a failed request");
    expect(host.postedOf("send")).toEqual([]);
  });
});

describe("writing a prompt", () => {
  it("sends the prompt on Enter, clears the input and keeps the focus", async () => {
    const host = await open(conversation([]));
    await host.type("  Hello ");
    await host.press("Enter");
    expect(host.postedOf("send")).toEqual([{ type: "send", conversationId: "c", text: "Hello" }]);
    expect(host.input.value).toBe("");
    expect(document.activeElement).toBe(host.input);
  });

  it("does not send on Shift+Enter", async () => {
    const host = await open(conversation([]));
    await host.type("Hello");
    await host.press("Enter", { shiftKey: true });
    expect(host.postedOf("send")).toEqual([]);
  });

  it("does not send an empty prompt", async () => {
    const host = await open(conversation([]));
    await host.type(" \n ");
    await host.press("Enter");
    expect(host.postedOf("send")).toEqual([]);
    expect(host.button("Send").disabled).toBe(true);
  });

  it("restores the draft when the view is loaded again", async () => {
    const first = await open(conversation([]));
    await first.type("half a thou");
    const second = await FakeHost.start(first.state);
    await second.send(conversation([]));
    expect(second.input.value).toBe("half a thou");
  });

  it("restores the draft from the editor when the window is loaded again", async () => {
    const first = await open(conversation([]));
    await first.type("half a thou");
    await first.advance(500);
    const { state } = first.postedOf("save").at(-1) ?? {};
    if (state === undefined) throw new Error("nothing was saved");
    // VS Code has kept nothing of the page, or an earlier state.
    for (const kept of [undefined, { draft: "ha", readings: [], changes: state.changes - 1 }]) {
      const second = await FakeHost.start(kept);
      await second.send({ type: "restore", state }, conversation([]));
      expect(second.input.value).toBe("half a thou");
    }
    const newer = await FakeHost.start({ draft: "half a thought", readings: [], changes: state.changes + 1 });
    await newer.send({ type: "restore", state }, conversation([]));
    expect(newer.input.value).toBe("half a thought");
  });

  it("sends the draft to the editor to keep while the user types without a pause", async () => {
    const host = await open(conversation([]));
    for (const text of ["h", "ha", "hal", "half"]) {
      await host.type(text);
      await host.advance(250);
    }
    expect(host.postedOf("save").map(({ state }) => state.draft)).toEqual(["ha", "half"]);
  });

  it("keeps the draft when the editor returns a prompt", async () => {
    const host = await open(conversation([]));
    await host.type("and more");
    await host.send({ type: "input", text: "not sent" });
    expect(host.input.value).toBe("not sent\n\nand more");
  });

  it("requests a forecast when typing has paused", async () => {
    const host = await open(conversation([]));
    await host.type("Why");
    await host.advance(150);
    await host.type("Why?");
    await host.advance(199);
    expect(host.postedOf("draft")).toEqual([]);
    await host.advance(1);
    expect(host.postedOf("draft")).toEqual([{ type: "draft", text: "Why?" }]);
  });

  it("shows the model and expected cost of the prompt", async () => {
    const host = await open(conversation([]), {
      type: "forecast",
      forecast: { decision: decision(), earlierTokens: 0 },
      draft: "x",
    });
    await host.type("x");
    expect(host.find(".sy-forecast").textContent).toContain("gpt-6-lunaLow complexityabout $0.00090");
    const expecting = (lowNanoUsd: number, highNanoUsd: number): ToView => ({
      type: "forecast",
      forecast: { decision: decision({ expectedCostRange: { lowNanoUsd, highNanoUsd } }), earlierTokens: 0 },
      draft: "Compare",
    });
    await host.send(expecting(420_000, 2_900_000));
    expect(host.find(".sy-forecast").textContent).toContain("Low complexity$0.0004–0.003");
    await host.send(expecting(800_000, 1_000_000));
    expect(host.find(".sy-forecast").textContent).toContain("about $0.00090");
  });

  it("says why no model can answer the prompt, in the words of the box that sending it shows", async () => {
    const blocked = (skipped: Decision["skipped"], reason: BlockReason = { kind: "no-model-available" }) =>
      ({
        type: "forecast",
        forecast: {
          decision: decision({ outcome: { kind: "blocked", reason }, skipped }),
          earlierTokens: 0,
        },
        draft: "x",
      }) as const;
    const long = { ref: "a/m", reason: "context-window", tokens: 525_000, maxInputTokens: 200_000 } as const;
    const host = await open(conversation([]), blocked([long, { ref: "b/n", reason: "switched-off" }]));
    await host.type("x");
    const line = () => host.find(".sy-forecast").textContent;
    expect(line()).toBe("No model of this route can answer now");
    await host.send(blocked([long]));
    expect(line()).toBe("Too long for every model of this route");
    await host.send(blocked([{ ref: "b/n", reason: "capability", missing: "vision" }]));
    expect(line()).toBe("No model of this route can read images");
    await host.send(blocked([], { kind: "invalid-route", problem: "switchyard.routes[0]: wrong" }));
    expect(line()).toBe("The route of this prompt cannot be read");
  });

  it("says how much of the prompt is earlier turns if it is much, and offers to send less", async () => {
    const forecast = (earlierTokens: number): ToView => ({
      type: "forecast",
      forecast: { decision: decision({ expectedInputTokens: earlierTokens + 900 }), earlierTokens },
      draft: "x",
    });
    const host = await open(conversation([turn("t1", "q", { text: "a" })]), forecast(29_000));
    await host.type("x");
    expect(host.root.querySelector(".sy-earlier")).toBeNull();
    await host.send(forecast(524_600));
    expect(host.find(".sy-earlier").textContent).toContain("525k of 526k tokens are earlier turns.");
    await host.click(host.button("Leave out the oldest…"));
    await host.click(host.button("New conversation"));
    expect(host.posted.slice(-2)).toEqual([{ type: "leaveOut", turnId: null }, { type: "new" }]);
    expect(host.input.value).toBe("x");
  });

  it("shows which turns are left out, and offers to send them again", async () => {
    const turns = ["t1", "t2", "t3"].map((id) => turn(id, id, { text: "a", summary: summary() }));
    const host = await open({
      type: "conversation",
      conversation: { id: "c", title: "Title", isPrivate: false, turns, leftOut: 2 },
      busyTurnId: null,
    });
    expect(host.find(".sy-earlier").textContent).toBe("The 2 oldest turns are not sent. Change…");
    const note = host.find(".sy-left-out");
    expect(note.textContent).toBe("The 2 turns above are not sent with later prompts. Change…");
    expect(note.nextElementSibling?.textContent).toContain("t3");
    await host.click(host.find(".sy-left-out button"));
    await host.click(host.find(".sy-earlier button"));
    expect(host.postedOf("leaveOut")).toEqual(Array(2).fill({ type: "leaveOut", turnId: null }));
    await host.send({
      type: "turn",
      conversationId: "c",
      title: "Title",
      isPrivate: false,
      leftOut: 2,
      turn: turn("t4", "t4"),
    });
    expect(host.find(".sy-left-out").textContent).toContain("2 turns");
  });

  it("removes context by its index", async () => {
    const host = await open(conversation([]), {
      type: "attached",
      context: [
        {
          kind: "selection",
          path: "src/a.ts",
          language: "typescript",
          startLine: 3,
          endLine: 9,
          tokens: 1234,
          isPrivate: false,
        },
      ],
    });
    expect(host.find(".sy-chip").textContent).toContain("a.ts:3–91.2k");
    await host.click(host.button("Remove a.ts:3–9"));
    expect(host.posted).toContainEqual({ type: "detach", index: 0 });
  });
});
