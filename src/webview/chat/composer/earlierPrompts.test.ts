import { describe, expect, it } from "vitest";
import { conversation, type FakeHost, open, turn } from "../../../../test/support/views/fakeHost.ts";
import type { TurnView } from "../../../contract/view/conversationMessages.ts";

const asCommand = (id: string, command: string, text: string): TurnView => {
  const plain = turn(id, text);
  return { ...plain, prompt: { ...plain.prompt, command, instructions: "Fix this." } };
};

const withTurns = conversation([
  turn("t1", "first"),
  asCommand("t2", "fix", "the loop"),
  turn("t3", "one\ntwo\nthree"),
]);

async function moveCaret(host: FakeHost, at: number): Promise<void> {
  await host.settle(() => host.input.setSelectionRange(at, at));
}

describe("arrow-up in an empty input", () => {
  it("brings the prompts of this conversation, then those of others, and arrow-down goes back", async () => {
    const host = await open(withTurns);
    await host.press("ArrowUp");
    expect(host.input.value).toBe("one\ntwo\nthree");
    expect(host.postedOf("recentPrompts")).toHaveLength(1);
    await host.send({ type: "recentPrompts", prompts: ["first", "older", "oldest"] });
    const shown: string[] = [];
    for (let press = 0; press < 5; press++) {
      await host.press("ArrowUp");
      shown.push(host.input.value);
    }
    expect(shown).toEqual(["/fix the loop", "first", "older", "oldest", "oldest"]);
    for (let press = 0; press < 4; press++) await host.press("ArrowDown");
    expect(host.input.value).toBe("one\ntwo\nthree");
    await host.press("ArrowDown");
    expect(host.input.value).toBe("");
    await host.press("ArrowDown");
    expect(host.input.value).toBe("");
  });

  it("moves the caret inside a prompt of several lines before it leaves it", async () => {
    const host = await open(withTurns);
    await host.press("ArrowUp");
    expect(host.input.selectionStart).toBe(3);
    await moveCaret(host, 9);
    await host.press("ArrowUp");
    expect(host.input.value).toBe("one\ntwo\nthree");
    await moveCaret(host, 1);
    await host.press("ArrowDown");
    expect(host.input.value).toBe("one\ntwo\nthree");
    await host.press("ArrowUp");
    expect(host.input.value).toBe("/fix the loop");
    await host.press("ArrowDown");
    expect(host.input.value).toBe("one\ntwo\nthree");
    expect(host.input.selectionStart).toBe(13);
  });

  it("brings a prompt of another conversation into a new one, once the editor has sent them", async () => {
    const host = await open({ type: "conversation", conversation: null, busyTurnId: null });
    await host.press("ArrowUp");
    expect(host.input.value).toBe("");
    await host.send({ type: "recentPrompts", prompts: ["older"] });
    expect(host.input.value).toBe("older");
    await host.type("");
    await host.send({ type: "recentPrompts", prompts: ["newest", "older"] });
    expect(host.input.value).toBe("");
  });

  it("does not open the popup of a command that it brings", async () => {
    const host = await open(conversation([asCommand("t1", "fix", "")]), {
      type: "commands",
      commands: [{ name: "fix", description: "Fix", source: "built-in" }],
    });
    await host.press("ArrowUp");
    expect(host.input.value).toBe("/fix");
    expect(host.root.querySelector("[role=listbox]")).toBeNull();
  });
});

describe("a draft", () => {
  it("is not replaced by an earlier prompt", async () => {
    const host = await open(withTurns);
    await host.type("half a thought");
    await moveCaret(host, 0);
    await host.press("ArrowUp");
    await host.press("ArrowDown");
    expect(host.input.value).toBe("half a thought");
  });

  it("is what an earlier prompt becomes once it is changed", async () => {
    const host = await open(withTurns);
    await host.press("ArrowUp");
    await host.type("one\ntwo");
    await moveCaret(host, 7);
    await host.press("ArrowDown");
    await host.press("ArrowUp");
    expect(host.input.value).toBe("one\ntwo");
    await host.press("Enter");
    expect(host.postedOf("send")).toMatchObject([{ text: "one\ntwo" }]);
    await host.press("ArrowUp");
    expect(host.input.value).toBe("one\ntwo\nthree");
  });

  it("is left alone by arrow keys with a modifier", async () => {
    const host = await open(withTurns);
    await host.press("ArrowUp", { shiftKey: true });
    await host.press("ArrowUp", { altKey: true });
    expect(host.input.value).toBe("");
  });
});
