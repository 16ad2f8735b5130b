import { describe, expect, it } from "vitest";
import { decision } from "../../../../test/support/answers.ts";
import { conversation, type FakeHost, open, writing } from "../../../../test/support/views/fakeHost.ts";
import type { ToView } from "../../../contract/view/protocol.ts";

const commands: ToView = {
  type: "commands",
  commands: [
    { name: "fix", description: "Find and fix what is wrong", source: "built-in" },
    { name: "tests", description: "Write tests", source: "built-in" },
    { name: "Tell-why", description: "Your prompt, from settings", source: "settings" },
    { name: "ticket", description: "Your prompt, ticket.md", source: "workspace" },
  ],
};

/** The commands in the popup; undefined while it is closed. */
function listed(host: FakeHost): string[] | undefined {
  const popup = host.root.querySelector("[role=listbox]");
  return popup === null
    ? undefined
    : [...popup.querySelectorAll(".sy-row-main")].map(({ textContent }) => textContent);
}

function active(host: FakeHost): string | null | undefined {
  const id = host.input.getAttribute("aria-activedescendant");
  return id === null ? null : document.getElementById(id)?.querySelector(".sy-row-main")?.textContent;
}

describe("a slash at the start of the input", () => {
  it("lists every command; typing filters them by their first letters, in any case", async () => {
    const host = await open(conversation([]), commands);
    await host.type("/");
    expect(listed(host)).toEqual(["/fix", "/tests", "/Tell-why", "/ticket", "/new", "/model", "/export"]);
    await host.type("/T");
    expect(listed(host)).toEqual(["/tests", "/Tell-why", "/ticket"]);
    expect(host.find(".sy-popup").textContent).toContain("Your prompt, ticket.md");
    await host.type("/tx");
    expect(listed(host)).toBeUndefined();
    await host.type("/t");
    expect(listed(host)).toHaveLength(3);
    expect(document.activeElement).toBe(host.input);
    await host.type("/t ");
    expect(listed(host)).toBeUndefined();
  });

  it("is completed with Enter, and sent with the next one", async () => {
    const host = await open(conversation([]), commands);
    await host.type("/t");
    expect(active(host)).toBe("/tests");
    await host.press("ArrowDown");
    await host.press("Enter");
    expect(host.input.value).toBe("/Tell-why ");
    expect(host.input.selectionStart).toBe(10);
    expect(listed(host)).toBeUndefined();
    expect(host.postedOf("send")).toEqual([]);
    await host.type("/Tell-why it fails");
    await host.press("Enter");
    expect(host.postedOf("send")).toMatchObject([{ text: "/Tell-why it fails" }]);
  });

  it("is completed with Tab and by mouse, before the words that follow it", async () => {
    const host = await open(conversation([]), commands);
    const typeBefore = async (text: string, rest: string) => {
      await host.settle(() => {
        host.input.value = text + rest;
        host.input.setSelectionRange(text.length, text.length);
        host.input.dispatchEvent(new InputEvent("input", { bubbles: true }));
      });
    };
    await typeBefore("/fi", " the second loop");
    await host.press("Tab");
    expect(host.input.value).toBe("/fix  the second loop");
    await typeBefore("/ti", " the second loop");
    await host.click(host.find("[role=option]"));
    expect(host.input.value).toBe("/ticket  the second loop");
    expect(document.activeElement).toBe(host.input);
  });

  it("is left as it is after Escape, until another word is typed", async () => {
    const host = await writing();
    await host.send(commands);
    await host.type("/t");
    await host.press("Escape");
    expect(listed(host)).toBeUndefined();
    expect(host.input.value).toBe("/t");
    expect(host.postedOf("stop")).toEqual([]);
    await host.type("/te");
    expect(listed(host)).toBeUndefined();
    await host.press("Escape");
    expect(host.postedOf("stop")).toHaveLength(1);
    await host.type("");
    await host.type("/");
    expect(listed(host)).toHaveLength(7);
  });

  it("is not a command inside a text, nor in a path", async () => {
    const host = await open(conversation([]), commands);
    for (const text of ["see /t", "//", "/usr/bin/env does what?"]) {
      await host.type(text);
      expect(listed(host)).toBeUndefined();
    }
    await host.press("Enter");
    expect(host.postedOf("send")).toMatchObject([{ text: "/usr/bin/env does what?" }]);
  });

  it("is found after a long text, and not in a long word", async () => {
    const host = await open(conversation([]), commands);
    await host.type(`/${"t".repeat(300)}`);
    expect(listed(host)).toBeUndefined();
    expect(host.postedOf("findContext")).toEqual([]);
    await host.type(`${"x".repeat(300)} #${"y".repeat(190)}`);
    expect(host.postedOf("findContext")).toMatchObject([{ query: "y".repeat(190) }]);
    await host.type(`${"x".repeat(300)}#y`);
    expect(host.postedOf("findContext")).toHaveLength(1);
  });

  it("closes when the caret leaves its word or the focus the input", async () => {
    const host = await open(conversation([]), commands);
    await host.type("/t");
    await host.settle(() => {
      host.input.setSelectionRange(0, 0);
      host.input.dispatchEvent(new KeyboardEvent("keyup", { key: "Home", bubbles: true }));
    });
    expect(listed(host)).toBeUndefined();
    await host.type("/");
    await host.settle(() => host.button("Send").focus());
    expect(listed(host)).toBeUndefined();
  });
});

describe("a command of the view", () => {
  it("starts a new conversation, and the input keeps the words after it", async () => {
    const host = await open(conversation([]), commands);
    await host.type("/n");
    await host.press("Enter");
    expect(host.input.value).toBe("");
    await host.type("/new What is\na monad?");
    await host.press("Enter");
    expect(host.postedOf("new")).toHaveLength(2);
    expect(host.input.value).toBe("What is\na monad?");
    expect(host.postedOf("send")).toEqual([]);
  });

  it("exports the conversation", async () => {
    const host = await open(conversation([]), commands);
    await host.type("/ex");
    await host.press("Enter");
    expect(host.postedOf("command")).toEqual([{ type: "command", command: "exportConversation" }]);
  });
});

describe("a command that attaches something", () => {
  it("says what, and how much, while it is in the input", async () => {
    const host = await open(conversation([]), commands);
    await host.type("/fix");
    const place = { path: "src/retry.ts", language: "typescript", startLine: 12, endLine: 48 };
    const added = [
      { kind: "selection", ...place, tokens: 1200, isPrivate: false },
      { kind: "changes", paths: ["a", "b"], tokens: 400, isPrivate: false },
    ] as const;
    await host.send({
      type: "forecast",
      forecast: { decision: decision(), earlierTokens: 0, added: [...added] },
      draft: "/fix",
    });
    const note = "Sent along: retry.ts:12–48, 2 changed files (1.6k tokens)";
    expect(host.find(".sy-input").textContent).toContain(note);
    await host.type("");
    expect(host.find(".sy-input").textContent).not.toContain("Sent along");
  });
});

describe("a command that lacks what it needs", () => {
  it("says so below the input and to screen readers, before it is sent", async () => {
    const host = await open(conversation([]), commands);
    await host.type("/fix ");
    const missing: ToView = {
      type: "forecast",
      forecast: null,
      draft: "/fix ",
      missing: "Nothing is selected",
    };
    await host.send(missing);
    expect(host.find(".sy-forecast").textContent).toBe("Nothing is selected");
    expect(host.find("[role=status]").textContent).toBe("Nothing is selected");
    await host.send({ type: "forecast", forecast: null, draft: "/fix " });
    expect(host.find(".sy-forecast").textContent).toBe("");
  });
});
