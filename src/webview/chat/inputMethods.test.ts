import { describe, expect, it } from "vitest";
import { conversation, type FakeHost, open, turn, writing } from "../../../test/support/views/fakeHost.ts";

/** Keys that an input method handles. Safari ends the composition first, so only the key code is left. */
const inputMethodKeys = [
  { name: "inside a composition", init: { isComposing: true } },
  { name: "by its key code alone, after the composition", init: { keyCode: 229 } },
] as const;

const row = { id: "a", title: "Alpha", updatedAtMs: 0, isPrivate: false, answers: 2 } as const;
const listed = {
  type: "conversations",
  rows: [{ ...row, nanoUsd: 0, costKind: "exact" }],
  query: "",
  nowMs: 60_000,
} as const;

/** Types a word by an input method into the field with the focus, and confirms it. */
async function compose(host: FakeHost, init: KeyboardEventInit): Promise<void> {
  const field = document.activeElement;
  field?.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
  if (init.isComposing !== true)
    field?.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
  await host.press("Enter", init);
}

describe.each(inputMethodKeys)("a key of an input method, $name", ({ init }) => {
  it("does not send the prompt; the next Enter does", async () => {
    const host = await open(conversation([]));
    await host.type("にほん");
    await compose(host, init);
    expect(host.postedOf("send")).toEqual([]);
    await host.press("Enter", { keyCode: 13 });
    expect(host.postedOf("send")).toMatchObject([{ text: "にほん" }]);
  });

  it("does not queue the prompt while an answer is written, and does not stop the answer", async () => {
    const host = await writing();
    await host.type("にほん");
    await compose(host, init);
    await host.press("Escape", init);
    expect(host.input.value).toBe("にほん");
    expect(host.postedOf("stop")).toEqual([]);
    await host.press("Escape", { keyCode: 27 });
    expect(host.postedOf("stop")).toHaveLength(1);
  });

  it("does not open a conversation from the search; the next Enter does", async () => {
    const host = await open(listed);
    await compose(host, init);
    await host.press("ArrowDown", init);
    expect(host.postedOf("open")).toEqual([]);
    expect(document.activeElement).toBe(host.find("input[type=search]"));
    await host.press("Enter", { keyCode: 13 });
    expect(host.postedOf("open")).toEqual([{ type: "open", id: "a" }]);
  });

  it("does not rename a conversation, nor cancel it; the next Enter renames it", async () => {
    const host = await open(listed);
    await host.press("ArrowDown");
    await host.press("F2");
    const title = host.find<HTMLInputElement>(".sy-conv-rename");
    title.focus();
    title.value = "にほん";
    await compose(host, init);
    await host.press("Escape", init);
    expect(host.postedOf("rename")).toEqual([]);
    await host.press("Enter", { keyCode: 13 });
    expect(host.postedOf("rename")).toEqual([{ type: "rename", id: "a", title: "にほん" }]);
  });

  it("does not take a command from the popup, move in it or close it; the next Enter takes it", async () => {
    const host = await open(conversation([]));
    await host.type("/e");
    await compose(host, init);
    await host.press("Tab", init);
    await host.press("Escape", init);
    expect(host.input.value).toBe("/e");
    expect(host.root.querySelector("[role=listbox]")).not.toBeNull();
    await host.press("Enter", { keyCode: 13 });
    expect(host.postedOf("command")).toMatchObject([{ command: "exportConversation" }]);
  });

  it("does not bring an earlier prompt; the next arrow-up does", async () => {
    const host = await open(conversation([turn("t1", "earlier")]));
    await host.press("ArrowUp", init);
    expect(host.input.value).toBe("");
    await host.press("ArrowUp", { keyCode: 38 });
    expect(host.input.value).toBe("earlier");
  });
});
