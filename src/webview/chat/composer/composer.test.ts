import { describe, expect, it } from "vitest";
import { decision } from "../../../../test/support/answers.ts";
import { conversation, FakeHost, open } from "../../../../test/support/fakeHost.ts";

describe("the start screen", () => {
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
      forecast: { decision: decision() },
      draft: "x",
    });
    await host.type("x");
    expect(host.find(".sy-forecast").textContent).toContain("gpt-6-lunaLow complexityabout $0.00090");
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
