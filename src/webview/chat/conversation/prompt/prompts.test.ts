import { describe, expect, it } from "vitest";
import { summary } from "../../../../../test/support/answers.ts";
import {
  conversation,
  ended,
  type FakeHost,
  open,
  turn,
  writing,
} from "../../../../../test/support/views/fakeHost.ts";
import type { ToView } from "../../../../contract/view/protocol.ts";

const queued = (...texts: readonly string[]): ToView => ({
  type: "queued",
  prompts: texts.map((text) => ({ id: text, prompt: { text, context: [] } })),
});

const answered = { text: "So", summary: summary() };

const field = (host: FakeHost) => host.find<HTMLTextAreaElement>(".sy-prompt-field");

async function typeInto(host: FakeHost, text: string): Promise<void> {
  await host.settle(() => {
    field(host).value = text;
    field(host).dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
}

describe("a queued prompt", () => {
  it("is handed to the editor while an answer is written, which can still be stopped", async () => {
    const host = await writing();
    await host.type("and then");
    expect(host.button("Stop").disabled).toBe(false);
    await host.click(host.button("Queue"));
    expect(host.postedOf("send")).toEqual([{ type: "send", conversationId: "c", text: "and then" }]);
    await host.send(queued("and then"));
    expect(host.find("[role=status]").textContent).toBe("Prompt queued");
    expect(host.find(".sy-prompt--queued").textContent).toBe("and then");
    expect(host.find(".sy-queued").textContent).toBe("Sent when this answer ends");
    await host.send(ended("t1", { ending: { kind: "stopped" } }));
    expect(host.find(".sy-queued").textContent).toBe("Not sent yet");
    await host.click(host.button("Send now"));
    expect(host.postedOf("sendQueued")).toEqual([{ type: "sendQueued", id: "and then" }]);
  });

  it("is an entry of its own, which buttons and keys move without losing the focus", async () => {
    const host = await writing();
    await host.send(queued("a", "b", "c"));
    const names = [...host.root.querySelectorAll("[data-queued]")].map((each) =>
      each.getAttribute("aria-label"),
    );
    expect(names).toEqual(["You, queued, 1 of 3", "You, queued, 2 of 3", "You, queued, 3 of 3"]);
    const second = host.find("[data-queued=b]");
    await host.click(second.querySelector("[aria-label='Move down']") ?? second);
    await host.send(queued("a", "c", "b"));
    expect(document.activeElement).toBe(host.find("[data-queued=b]"));
    await host.press("ArrowUp", { altKey: true });
    await host.press("ArrowDown", { altKey: true });
    expect(host.postedOf("moveQueued")).toEqual([
      { type: "moveQueued", id: "b", by: 1 },
      { type: "moveQueued", id: "b", by: -1 },
    ]);
  });

  it("gives the focus to its neighbour, or the input, when it is removed", async () => {
    const host = await writing();
    await host.send(queued("a", "b"));
    await host.click(host.button("Remove from queue"));
    await host.send(queued("b"));
    expect(document.activeElement).toBe(host.find("[data-queued=b]"));
    await host.click(host.button("Remove from queue"));
    await host.send(queued());
    expect(document.activeElement).toBe(host.input);
    expect(host.postedOf("removeQueued").map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("is edited in its place", async () => {
    const host = await writing();
    await host.send(queued("a"));
    await host.click(host.button("Edit queued prompt"));
    await typeInto(host, "a and b");
    await host.press("Enter");
    expect(host.postedOf("editQueued")).toEqual([{ type: "editQueued", id: "a", text: "a and b" }]);
    expect(host.root.querySelector(".sy-prompt-field")).toBeNull();
  });

  it("is not shown in another conversation", async () => {
    const host = await writing();
    await host.send(queued("a"));
    await host.send({ type: "deleted", id: "c", title: "Title" });
    expect(host.root.querySelector(".sy-prompt--queued")).toBeNull();
  });
});

describe("a prompt that was sent", () => {
  it("is edited and copied with its command, also if it has no other words", async () => {
    const plain = turn("t1", "", answered);
    const prompt = { ...plain.prompt, command: "fix", instructions: "Fix this." };
    const host = await open(conversation([{ ...plain, prompt }]));
    await host.click(host.button("Copy prompt"));
    expect(host.postedOf("copy")).toMatchObject([{ text: "/fix" }]);
    await host.click(host.button("Edit and resend"));
    expect(field(host).value).toBe("/fix");
    await host.press("Escape");
    expect(host.find(".sy-prompt-text").textContent).toContain("/fix");
  });

  it("is edited in its bubble: Enter sends it, Escape leaves it as it was", async () => {
    const host = await open(conversation([turn("t1", "Why?", answered)]));
    await host.click(host.button("Edit and resend"));
    expect(field(host).value).toBe("Why?");
    expect(document.activeElement).toBe(field(host));
    await typeInto(host, "Why not?");
    await host.press("Escape");
    expect(host.find(".sy-prompt-text").textContent).toBe("Why?");
    expect(document.activeElement).toBe(host.button("Edit and resend"));
    await host.click(host.button("Edit and resend"));
    await typeInto(host, "How?");
    await host.press("Enter", { shiftKey: true });
    expect(host.postedOf("editPrompt")).toEqual([]);
    await host.press("Enter");
    expect(host.postedOf("editPrompt")).toEqual([{ type: "editPrompt", turnId: "t1", text: "How?" }]);
    expect(document.activeElement).toBe(host.input);
    expect(host.postedOf("stop")).toEqual([]);
  });

  it("is replaced by the edited one, with all that came after it", async () => {
    const turns = ["t1", "t2", "t3"].map((id) => turn(id, id, answered));
    const host = await open(conversation(turns));
    await host.send({
      type: "turn",
      conversationId: "c",
      title: "Title",
      isPrivate: false,
      index: 1,
      turn: { ...turn("t4", "edited"), alternatives: { answers: ["t4"], prompts: ["t2", "t4"] } },
    });
    const texts = () =>
      [...host.root.querySelectorAll(".sy-prompt-text")].map(({ textContent }) => textContent);
    expect(texts()).toEqual(["t1", "edited"]);
    const pager = host.find(".sy-prompt-pager");
    expect(pager.textContent).toBe("2 / 2");
    expect(host.button("Previous variant").disabled).toBe(true);
    await host.send(ended("t4"));
    await host.click(host.button("Previous variant"));
    expect(host.postedOf("showTurn")).toEqual([{ type: "showTurn", turnId: "t2" }]);
    const [first, second, third] = turns;
    if (first === undefined || second === undefined || third === undefined) throw new Error("No turns.");
    const alternatives = { answers: ["t2"], prompts: ["t2", "t4"] };
    await host.send(conversation([first, { ...second, alternatives }, third]));
    expect(texts()).toEqual(["t1", "t2", "t3"]);
    expect(document.activeElement).toBe(host.button("Next variant"));
  });

  it("shows the beginning if it is long, and all of it on request", async () => {
    const lines = Array.from({ length: 2000 }, (_, at) => `line ${at}`);
    const host = await open(conversation([turn("t1", lines.join("\n"), answered)]));
    expect(host.find(".sy-prompt-text").textContent).toBe(lines.slice(0, 12).join("\n"));
    await host.click(host.button("Show all 2,000 lines"));
    expect(host.find(".sy-prompt-text").textContent).toBe(lines.join("\n"));
    await host.click(host.button("Show less"));
    expect(host.find(".sy-prompt-text").textContent?.length).toBeLessThan(200);
    const minified = await open(conversation([turn("t1", "x".repeat(50_000), answered)]));
    expect(minified.find(".sy-prompt-text").textContent).toHaveLength(2000);
    await minified.click(minified.button("Show all 50,000 characters"));
    expect(minified.find(".sy-prompt-text").textContent).toHaveLength(50_000);
  });
});

describe("an answer", () => {
  const withAnswers = (id: string, text: string, answers: readonly string[]) => ({
    ...turn(id, "Why?", { text, summary: summary() }),
    alternatives: { answers, prompts: [id] },
  });

  it("has a pager to the other answers to its prompt", async () => {
    const host = await open(conversation([withAnswers("t2", "Because", ["t1", "t2", "t3"])]));
    const position = host.find(".sy-pager [role=img]");
    expect(position.textContent).toBe("2 / 3");
    expect(position.getAttribute("aria-label")).toBe("Variant 2 of 3");
    await host.click(host.button("Next variant"));
    expect(host.postedOf("showTurn")).toEqual([{ type: "showTurn", turnId: "t3" }]);
    await host.send(conversation([withAnswers("t3", "Thus", ["t1", "t2", "t3"])]));
    expect(host.find(".sy-md").textContent).toBe("Thus");
    expect(host.button("Next variant").disabled).toBe(true);
    expect(document.activeElement).toBe(host.button("Previous variant"));
  });

  it("is regenerated, by the engine's choice or by the user's", async () => {
    const host = await open(conversation([turn("t1", "Why?", answered)]));
    await host.click(host.button("Regenerate"));
    expect(document.activeElement).toBe(host.input);
    await host.click(host.button("Regenerate with a stronger or another model…"));
    expect(host.posted.slice(-2)).toEqual([
      { type: "regenerate", turnId: "t1" },
      { type: "regenerateWith", turnId: "t1" },
    ]);
  });

  it("is not regenerated while another one is being written", async () => {
    const host = await open(conversation([turn("t1", "Why?", answered), turn("t2", "And?")], "t2"));
    expect(host.button("Regenerate").disabled).toBe(true);
  });

  it("is copied as Markdown, which its button shows for a moment", async () => {
    const host = await open(conversation([turn("t1", "Why?", { text: "**So**", summary: summary() })]));
    await host.click(host.button("Copy answer"));
    expect(host.postedOf("copy")).toEqual([{ type: "copy", text: "**So**" }]);
    expect(host.root.querySelector(".sy-foot .codicon-check")).not.toBeNull();
    await host.advance(1500);
    expect(host.root.querySelector(".sy-foot .codicon-check")).toBeNull();
  });

  it("can be continued or tried again after the user stopped it", async () => {
    const host = await writing();
    await host.send(ended("t1", { ending: { kind: "stopped" } }));
    await host.click(host.button("Continue"));
    await host.click(host.button("Try again"));
    expect(host.posted.slice(-2)).toEqual([
      { type: "continue", turnId: "t1" },
      { type: "retry", turnId: "t1" },
    ]);
  });
});
