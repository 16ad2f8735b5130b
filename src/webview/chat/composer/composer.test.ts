import { describe, expect, it } from "vitest";
import { decision } from "../../../../test/support/answers.ts";
import { conversation, FakeHost, open } from "../../../../test/support/fakeHost.ts";

describe("the first screen", () => {
  it("says that a simulator answers while no key is set, and offers a key", async () => {
    const host = await open(
      { type: "readiness", readiness: { kind: "simulator" } },
      { type: "conversation", conversation: null, busyTurnId: null },
    );
    expect(host.root.textContent).toContain("No key is set, so a simulator on this machine answers.");
    await host.click(host.button("Add a key…"));
    expect(host.posted).toContainEqual({ type: "command", command: "addKey" });
  });

  it("asks for nothing before the host has been told that it is ready, and focuses the input", async () => {
    const host = await open({ type: "conversation", conversation: null, busyTurnId: null });
    expect(host.posted[0]).toEqual({ type: "ready" });
    expect(document.activeElement).toBe(host.input);
  });

  it("puts a suggested prompt into the input, and sends nothing", async () => {
    const host = await open({ type: "conversation", conversation: null, busyTurnId: null });
    await host.click(host.button("Compare two ways to retry a failed request"));
    expect(host.input.value).toBe("Compare two ways to retry a failed request");
    expect(host.postedOf("send")).toEqual([]);
  });
});

describe("writing a prompt", () => {
  it("sends it by Enter, empties the input and keeps the focus there", async () => {
    const host = await open(conversation([]));
    await host.type("  Hello ");
    await host.press("Enter");
    expect(host.postedOf("send")).toEqual([{ type: "send", conversationId: "c", text: "Hello" }]);
    expect(host.input.value).toBe("");
    expect(document.activeElement).toBe(host.input);
  });

  it("takes Shift+Enter, and Enter within an input method, for what they are", async () => {
    const host = await open(conversation([]));
    await host.type("にほん");
    await host.press("Enter", { isComposing: true });
    await host.press("Enter", { keyCode: 229 });
    await host.press("Enter", { shiftKey: true });
    expect(host.postedOf("send")).toEqual([]);
  });

  it("sends nothing that is empty", async () => {
    const host = await open(conversation([]));
    await host.type(" \n ");
    await host.press("Enter");
    expect(host.postedOf("send")).toEqual([]);
    expect(host.button("Send").disabled).toBe(true);
  });

  it("keeps what was being written while the view is away", async () => {
    const first = await open(conversation([]));
    await first.type("half a thou");
    const second = await FakeHost.start(first.state);
    await second.send(conversation([]));
    expect(second.input.value).toBe("half a thou");
  });

  it("loses nothing to a prompt that the host gives back", async () => {
    const host = await open(conversation([]));
    await host.type("and more");
    await host.send({ type: "input", text: "not sent" });
    expect(host.input.value).toBe("not sent\n\nand more");
  });

  it("shows where it would go and for how much", async () => {
    const host = await open(conversation([]), {
      type: "forecast",
      forecast: { decision: decision() },
      draft: "x",
    });
    await host.type("x");
    expect(host.find(".sy-forecast").textContent).toContain("gpt-6-lunaLow complexityabout $0.00090");
  });

  it("removes context by its place", async () => {
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
