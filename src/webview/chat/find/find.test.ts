import { beforeEach, describe, expect, it } from "vitest";
import { conversation, type FakeHost, open, turn } from "../../../../test/support/views/fakeHost.ts";

// jsdom has no layout.
Range.prototype.getBoundingClientRect ??= () => new DOMRect();

const turns = [
  turn("t1", "How does retry work?", { text: "It **retr**ies each `Retry-After`.\n\n- re\n- try" }),
  turn("t2", "And İstanbul?", {
    text: "No retry there.\n\n<details><summary>Why</summary>\n\nIt is a retry.\n\n</details>",
  }),
];

async function find(host: FakeHost, query: string): Promise<void> {
  const input = host.find<HTMLInputElement>(".sy-find-bar input");
  await host.settle(() => {
    input.value = query;
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
}

const count = (host: FakeHost) => host.find(".sy-find-count").textContent;

describe("find in the conversation", () => {
  let host: FakeHost;
  beforeEach(async () => {
    host = await open(conversation(turns));
  });

  it("opens with Ctrl+F, and gives the focus back with Escape", async () => {
    host.input.focus();
    await host.press("f", { ctrlKey: true });
    expect(document.activeElement).toBe(host.find(".sy-find-bar input"));
    await host.press("Escape");
    expect(host.root.querySelector(".sy-find")).toBeNull();
    expect(document.activeElement).toBe(host.input);
    expect(host.postedOf("stop")).toEqual([]);
  });

  it("has the focus before the next key can come", async () => {
    host.input.focus();
    host.input.dispatchEvent(
      new KeyboardEvent("keydown", { key: "f", ctrlKey: true, bubbles: true, cancelable: true }),
    );
    // The bar is rendered in microtasks, which run before the next event.
    for (let n = 0; n < 10; n++) await null;
    expect(document.activeElement).toBe(host.root.querySelector(".sy-find-bar input"));
    await host.press("Escape");
  });

  it("takes its keys alone: VS Code, which listens on the window, does not get them too", async () => {
    const received: string[] = [];
    const listen = ({ key }: KeyboardEvent) => received.push(key);
    window.addEventListener("keydown", listen);
    host.input.focus();
    await host.press("f", { ctrlKey: true });
    await host.press("a", { ctrlKey: true });
    await host.press("Escape");
    await host.press("p", { ctrlKey: true });
    await host.press("Escape");
    window.removeEventListener("keydown", listen);
    expect(received).toEqual(["p", "Escape"]);
  });

  it("opens by the command, but only where a conversation is shown", async () => {
    await host.send({ type: "find" });
    expect(host.root.querySelector(".sy-find")).not.toBeNull();
    await host.send({ type: "conversations", rows: [], query: "", nowMs: 0 });
    await host.send({ type: "find" });
    expect(host.root.querySelector(".sy-find")).toBeNull();
  });

  it("counts matches in any case, within formatted text, and not across blocks", async () => {
    await host.send({ type: "find" });
    await find(host, "RETRY");
    expect(count(host)).toBe("1 of 4");
    await find(host, "retries");
    expect(count(host)).toBe("1 of 1");
    await find(host, "STANBUL?");
    expect(count(host)).toBe("1 of 1");
    await find(host, "nowhere");
    expect(count(host)).toBe("No results");
    await find(host, "");
    expect(count(host)).toBe("");
  });

  it("does not find what the view adds: buttons, costs, names of models", async () => {
    await host.send({ type: "find" });
    await find(host, "luna");
    expect(count(host)).toBe("No results");
    await find(host, "copy");
    expect(count(host)).toBe("No results");
  });

  it("goes to the next and to the previous match, around the ends", async () => {
    await host.send({ type: "find" });
    await find(host, "retry");
    await host.press("Enter");
    expect(count(host)).toBe("2 of 4");
    await host.press("F3", {}, host.input);
    expect(count(host)).toBe("3 of 4");
    await host.press("F3", { shiftKey: true });
    await host.press("Enter", { shiftKey: true });
    await host.press("Enter", { shiftKey: true });
    expect(count(host)).toBe("4 of 4");
    await host.click(host.button("Next match"));
    expect(count(host)).toBe("1 of 4");
    expect(host.find("[role=status]").textContent).toBe("1 of 4");
  });

  it("opens what hides a match: details, and a long prompt", async () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const long = turn("t3", lines.join("\n"), { text: "Thanks." });
    await host.send(conversation([...turns, long]), { type: "find" });
    await find(host, "is a retry");
    expect(host.find<HTMLDetailsElement>("details").open).toBe(true);
    expect(host.root.textContent).toContain("Show all 40 lines");
    await find(host, "line 39");
    expect(count(host)).toBe("1 of 1");
    expect(host.root.textContent).toContain("Show less");
  });

  it("keeps the current match when others appear before it", async () => {
    await host.send(conversation(turns, "t1"), { type: "find" });
    await find(host, "retry");
    await host.press("Enter", { shiftKey: true });
    expect(count(host)).toBe("4 of 4");
    await host.send({ type: "text", turnId: "t1", text: "\n\nAnd retry." });
    await host.advance(1_000);
    expect(count(host)).toBe("5 of 5");
  });

  it("searches again when an answer has grown", async () => {
    await host.send(conversation(turns, "t2"), { type: "find" });
    await find(host, "nowhere");
    await host.send({ type: "text", turnId: "t2", text: "\n\nIt is nowhere." });
    await host.advance(1_000);
    expect(count(host)).toBe("1 of 1");
  });
});
