import { describe, expect, it } from "vitest";
import { type FakeHost, open } from "../../../../test/support/views/fakeHost.ts";
import type { HeldPrompt } from "../../../contract/view/secretMessages.ts";
import type { ContextChip } from "../../../contract/view/types.ts";

const item: ContextChip = {
  kind: "file",
  path: "src/config.ts",
  language: "typescript",
  startLine: 1,
  endLine: 40,
  tokens: 300,
  isPrivate: false,
};
const held: HeldPrompt = {
  model: "anthropic/claude-sonnet-5-5",
  isInInput: true,
  secrets: [{ place: { kind: "context", item, line: 14 }, secret: "AWS Secret Access Key" }],
};

async function asking(change: Partial<HeldPrompt> = {}): Promise<FakeHost> {
  const host = await open({ type: "conversation", conversation: null, busyTurnId: null });
  await host.send({ type: "input", text: "Why?" }, { type: "heldPrompt", held: { ...held, ...change } });
  return host;
}

const choices = (host: FakeHost) => host.postedOf("secretsChoice");

describe("the question about a key", () => {
  it("says where it is, what it is and which model is elsewhere, and announces that", async () => {
    const host = await asking();
    const box = host.find(".sy-composer [role=group]");
    expect(box.getAttribute("aria-label")).toBe("Before sending");
    expect(box.querySelector("h2")?.textContent).toBe("This looks like a key");
    const text =
      "config.ts:14 holds what looks like an AWS Secret Access Key. claude-sonnet-5-5 does not run on this machine.";
    expect(box.querySelector("p")?.textContent).toBe(text);
    expect(host.find("[role=status]").textContent).toBe(`This looks like a key. ${text}`);
  });

  it("names what has no file: the prompt's line, and the terminal without its command", async () => {
    const terminal = {
      kind: "terminal",
      command: "export TOKEN=x",
      terminal: "zsh",
      tokens: 3,
      isPrivate: false,
    } as const;
    const host = await asking({
      secrets: [
        { place: { kind: "prompt", line: 2 }, secret: "password" },
        { place: { kind: "context", item: terminal }, secret: "GitHub Token" },
      ],
    });
    expect(host.find(".sy-composer [role=group]").textContent).toContain(
      "Line 2 of the prompt holds what looks like a password. The terminal’s output holds what looks like a GitHub Token.",
    );
  });

  it.each([
    ["Blank it out and send", "blankOut"],
    ["Send as it is", "sendAsIs"],
  ] as const)("%s sends the text of the input as it is by then", async (name, choice) => {
    const host = await asking();
    await host.type("Why not?");
    await host.click(host.button(name));
    expect(choices(host)).toEqual([
      { type: "secretsChoice", choice, conversationId: null, text: "Why not?" },
    ]);
    expect(host.input.value).toBe("");
    expect(document.activeElement).toBe(host.input);
    expect(host.root.querySelector(".sy-composer [role=group]")).toBeNull();
  });

  it("leaves the input as it is for the prompt of a turn", async () => {
    const host = await asking({ isInInput: false });
    await host.click(host.button("Send as it is"));
    expect(choices(host)[0]?.text).toBe("");
    expect(host.input.value).toBe("Why?");
  });

  it("is canceled by its button and by Escape, and the prompt stays", async () => {
    const host = await asking();
    await host.press("Escape", {}, host.button("Cancel"));
    expect(choices(host).map(({ choice }) => choice)).toEqual(["cancel"]);
    expect(host.input.value).toBe("Why?");
    expect(host.postedOf("stop")).toEqual([]);
  });
});
