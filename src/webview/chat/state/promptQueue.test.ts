import { describe, expect, it } from "vitest";
import {
  conversation,
  ended,
  type FakeHost,
  turn,
  writing,
} from "../../../../test/support/views/fakeHost.ts";

describe("a queued prompt", () => {
  it("is sent when the answer is complete", async () => {
    const host = await writing();
    await host.type("and then");
    await host.press("Enter");
    expect(host.find(".sy-prompt--queued").textContent).toBe("and then");
    expect(host.postedOf("send")).toEqual([]);
    await host.send(ended("t1"));
    expect(host.postedOf("send")).toEqual([{ type: "send", conversationId: "c", text: "and then" }]);
    expect(host.root.querySelector(".sy-prompt--queued")).toBeNull();
  });

  it("returns to the input when the answer is not complete", async () => {
    const host = await writing();
    await host.type("and then");
    await host.press("Enter");
    await host.send(ended("t1", { ending: { kind: "stopped" } }));
    expect(host.postedOf("send")).toEqual([]);
    expect(host.input.value).toBe("and then");
  });

  it("is saved while the view is hidden", async () => {
    const host = await writing();
    await host.type("and then");
    await host.press("Enter");
    expect(host.state.draft).toBe("and then");
    await host.send(ended("t1"));
    expect(host.state.draft).toBe("");
  });

  it("can be sent now, which stops the answer", async () => {
    const host = await writing();
    await host.type("now");
    await host.press("Enter");
    await host.click(host.button("Stop the answer and send now"));
    expect(host.postedOf("stop")).toHaveLength(1);
    await host.send(ended("t1", { ending: { kind: "stopped" } }));
    expect(host.postedOf("send")).toEqual([{ type: "send", conversationId: "c", text: "now" }]);
  });

  const other = {
    type: "conversation",
    conversation: { id: "other", title: "Other", isPrivate: false, turns: [turn("t9", "Something else")] },
    busyTurnId: "t9",
  } as const;

  async function queued(): Promise<FakeHost> {
    const host = await writing();
    await host.type("and then");
    await host.press("Enter");
    return host;
  }

  function expectReturned(host: FakeHost) {
    expect(host.postedOf("send")).toEqual([]);
    expect(host.input.value).toBe("and then");
    expect(host.root.querySelector(".sy-prompt--queued")).toBeNull();
  }

  it("is never sent into another conversation", async () => {
    const host = await queued();
    await host.send(other);
    expectReturned(host);
    await host.send(ended("t9"));
    expectReturned(host);
  });

  it("is never sent into another conversation, even after its answer was stopped for it", async () => {
    const host = await queued();
    await host.click(host.button("Stop the answer and send now"));
    await host.send(other);
    expectReturned(host);
  });

  it("is not sent after an answer that ended while another conversation was shown", async () => {
    const host = await queued();
    await host.send(conversation([turn("t1", "Why?", { text: "So" }), turn("t2", "And?")], "t2"));
    expectReturned(host);
  });

  it("waits while the list is shown, and returns to the input when its conversation is deleted", async () => {
    const host = await queued();
    await host.send({ type: "conversations", rows: [], query: "", nowMs: 0 });
    expect(host.state.draft).toBe("and then");
    expect(host.postedOf("send")).toEqual([]);
    await host.send({ type: "deleted", id: "c", title: "Title" });
    await host.press("Escape", {}, host.find("input"));
    expectReturned(host);
    expect(host.postedOf("new")).toHaveLength(1);
  });

  it("does not make the next one urgent after it was edited", async () => {
    const host = await queued();
    await host.click(host.button("Stop the answer and send now"));
    await host.click(host.button("Edit queued prompt"));
    await host.press("Enter", {}, host.input);
    await host.send(ended("t1", { ending: { kind: "stopped" } }));
    expectReturned(host);
  });
});
