import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Frame, Locator } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/server.ts";
import {
  answerEnds,
  ask,
  lastAnswer,
  noteOfLastAnswer,
  quietLine,
  savedConversation,
  send,
} from "./workbench/chatPage.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import { isStored, storageHas } from "./workbench/storage.ts";
import type { Workbench } from "./workbench/workbench.ts";

let simulator: Simulator;
let workbench: Workbench;
let chat: Frame;

routedWorkbench(async (opened) => {
  ({ simulator, workbench } = opened);
  chat = await workbench.openChat();
});

/** Sends a prompt whose answer pauses after some words, until it is stopped. */
const sendPausing = async (frame: Frame, prompt: string) => {
  simulator.injectFault({ times: 1, fault: { kind: "stall", afterTokens: 60 } });
  await send(frame, prompt);
  await expect.poll(async () => (await lastAnswer(frame).innerText()).length).toBeGreaterThan(60);
};

describe("conversations", () => {
  const row = (title: string): Locator => chat.locator(".sy-conv", { hasText: title });
  /** The name that the dialogs propose. */
  const exported = (extension: string) =>
    join(workbench.folder, `Compare two ways to retry a failed request.${extension}`);
  const titles = () => chat.locator(".sy-conv-open").allInnerTexts();

  it("shows what a conversation cost in its title row, and leads to an answer", async () => {
    await ask(chat, "Compare two ways to retry a failed request");
    await ask(chat, "And which of them waits?");
    const total = chat.locator(".sy-head-total");
    await expect.poll(() => total.innerText()).toMatch(/\$0\.\d+/);
    await total.click();
    const answers = chat.locator(".sy-answers-open");
    expect(await answers.count()).toBe(2);
    await workbench.picture("conversation-totals", "sidebar");
    await answers.first().click();
    await expect
      .poll(() => chat.evaluate(() => document.activeElement?.getAttribute("aria-label")))
      .toMatch(/^Answer by sim-/);
    await total.click();
  });

  it("finds text in the conversation, and gives the focus back", async () => {
    await chat.locator("textarea.sy-input-text").press("ControlOrMeta+f");
    await chat.locator(".sy-find input:focus").waitFor();
    await workbench.page.keyboard.type("retry");
    await expect.poll(() => chat.locator(".sy-find-count").innerText()).toMatch(/^\d+ of \d+$/);
    await workbench.page.keyboard.press("Shift+Enter");
    await workbench.picture("conversation-find", "sidebar");
    await workbench.page.keyboard.press("Escape");
    expect(await chat.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
  });

  it("exports as Markdown from the menu of the title row, and as JSON from the palette", async () => {
    const exportFromMenu = async () => {
      await chat.getByRole("button", { name: "More actions" }).click({ timeout: 3_000 });
      const entry = workbench.page.getByRole("menuitem", { name: "Export Conversation…" });
      // VS Code ignores a click that comes right after its menu has opened.
      await expect
        .poll(async () => {
          if (await entry.isVisible()) await entry.click({ timeout: 1_000 }).catch(() => {});
          return workbench.quickPickEntry("Markdown").isVisible();
        })
        .toBe(true);
    };
    await workbench.choose(exportFromMenu, "Markdown");
    await workbench.acceptPath(exported("md"));
    const markdown = () => readFile(exported("md"), "utf8").catch(() => "");
    await expect.poll(markdown).toMatch(/^# Compare two ways to retry a failed request\n/);
    expect(await markdown()).toMatch(/\n## sim-premium\n[\s\S]*\n\*Hard · \$0\.0\d+ · \d+\.\d\u00a0s\*\n/);

    await workbench.command("Switchyard: Export Conversation…", "JSON");
    await workbench.acceptPath(exported("json"));
    const json = () => readFile(exported("json"), "utf8").catch(() => "");
    await expect.poll(json).toContain('"format": "switchyard-conversation"');
    expect(await json()).not.toContain(simulator.key);
  });

  it("searches, pins, renames, and deletes with undo", async () => {
    await workbench.newConversation();
    await ask(chat, "Compare indexes for the orders table");
    await workbench.command("Switchyard: Show Conversations");
    await expect
      .poll(titles)
      .toEqual(["Compare indexes for the orders table", "Compare two ways to retry a failed request"]);
    await row("retry a failed").hover();
    await row("retry a failed").getByRole("button", { name: "Pin" }).click();
    await chat.getByRole("heading", { name: "Pinned" }).waitFor();
    await expect.poll(async () => (await titles())[0]).toContain("retry a failed");

    await chat.getByRole("searchbox").fill("waits");
    await expect.poll(titles).toEqual(["Compare two ways to retry a failed request"]);
    expect(await chat.locator(".sy-row-sub mark").first().innerText()).toBe("waits");
    await workbench.picture("conversation-search", "sidebar");

    await chat.locator(".sy-conv-open").press("F2");
    await chat.locator(".sy-conv-rename").fill("Retries");
    await chat.locator(".sy-conv-rename").press("Enter");
    await expect.poll(titles).toEqual(["Retries"]);
    await chat.locator(".sy-conv-open").press("Delete");
    await chat.getByText("“Retries” deleted").first().waitFor();
    await expect.poll(titles).toEqual([]);
    await chat.getByRole("button", { name: "Undo" }).click();
    await expect.poll(titles).toEqual(["Retries"]);
  });

  it("imports what it has exported, as a conversation of its own", async () => {
    await chat.getByRole("button", { name: "Import conversation…" }).click();
    await workbench.acceptPath(exported("json"));
    await chat.locator(".sy-head-title", { hasText: "Compare two ways" }).waitFor();
    expect(await chat.locator("article.sy-turn--user").count()).toBe(2);
    await workbench.command("Switchyard: Show Conversations");
    await expect
      .poll(async () => (await titles()).sort())
      .toEqual([
        "Compare indexes for the orders table",
        "Compare two ways to retry a failed request",
        "Retries",
      ]);
  });
});

describe("the turns of a conversation", () => {
  beforeAll(async () => {
    await workbench.newConversation();
  });

  const button = (name: string) => chat.getByRole("button", { name, exact: true }).last();
  const position = () => lastAnswer(chat).locator(".sy-pager").innerText();
  const prompts = () => chat.locator(".sy-prompt:not(.sy-prompt--queued) .sy-prompt-text").allInnerTexts();
  const queued = () => chat.locator(".sy-prompt--queued").allInnerTexts();
  const input = () => chat.locator("textarea.sy-input-text");

  it("keep every answer to a prompt: regenerated, by a stronger model and by another one", async () => {
    await ask(chat, "What is a closure?");
    expect(await quietLine(chat)).toContain("sim-cheap");
    await button("Regenerate").click();
    await expect.poll(position).toBe("2 / 2");
    await answerEnds(chat);
    expect(await quietLine(chat)).toContain("sim-balanced");
    await lastAnswer(chat).locator("button.sy-quiet").click();
    const why = lastAnswer(chat).locator(".sy-why");
    await why.waitFor();
    expect(await why.innerText()).toContain("sim-cheap");
    await lastAnswer(chat).locator("button.sy-quiet").click();

    await button("Previous variant").click();
    await expect.poll(() => quietLine(chat)).toContain("sim-cheap");
    await button("Next variant").click();
    await expect.poll(() => quietLine(chat)).toContain("sim-balanced");

    const nextTry = () => button("Regenerate with a stronger or another model…").click();
    await nextTry();
    const stronger = workbench.quickPickEntry("Try a stronger model");
    await stronger.waitFor();
    expect(await stronger.innerText()).toMatch(/sim-premium · about \$0\.0/);
    await workbench.picture("next-try");
    await workbench.choose(nextTry, "Try a stronger model");
    await expect.poll(position).toBe("3 / 3");
    await answerEnds(chat);
    expect(await quietLine(chat)).toContain("sim-premium");

    await workbench.choose(nextTry, "sim-local");
    await expect.poll(position).toBe("4 / 4");
    await answerEnds(chat);
    expect(await quietLine(chat)).toContain("You chose it");
    await workbench.picture("variants");
  });

  it("keep what was sent before a prompt was edited, also if the extension host is killed, and offer to continue", async () => {
    await ask(chat, "And what is a thunk?");
    const first = chat.locator("article.sy-turn--user").first();
    await first.hover();
    await first.getByRole("button", { name: "Edit and resend" }).click();
    const field = chat.locator(".sy-prompt-field");
    await field.fill("What is a monad?");
    await field.press("Enter");
    await expect.poll(prompts).toEqual(["What is a monad?"]);
    await answerEnds(chat);
    expect(await chat.locator(".sy-prompt-pager").innerText()).toBe("2 / 2");

    const cut = "Create a list that is cut [tokens: 5000]";
    await sendPausing(chat, cut);
    await expect.poll(() => answering(workbench.home).text).not.toBe("");
    process.kill(answering(workbench.home).pid, "SIGKILL");
    await workbench.reload();
    chat = await workbench.openChat();
    await expect.poll(prompts).toEqual(["What is a monad?", cut]);
    const note = noteOfLastAnswer(
      chat,
      "Interrupted when the window was reloaded. This answer is not complete.",
    );
    await note.waitFor();
    await workbench.picture("interrupted-answer");
    await note.getByRole("button", { name: "Continue", exact: true }).click();
    const continued = chat.locator("article.sy-turn--user").last();
    await continued.getByText("Continue where you stopped.", { exact: true }).waitFor();
    await answerEnds(chat);

    await chat.locator(".sy-prompt-pager [aria-label='Previous variant']").click();
    await expect.poll(prompts).toEqual(["What is a closure?", "And what is a thunk?"]);
    expect(await chat.locator(".sy-pager").first().innerText()).toBe("1 / 2");
    expect(await chat.locator("article.sy-turn:not(.sy-turn--user) .sy-pager").innerText()).toBe("4 / 4");
  });

  it("wait for the answer before them, in the order that the user gives them", async () => {
    await workbench.newConversation();
    simulator.injectFault({ times: 1, fault: { kind: "stall", afterTokens: 20 } });
    await send(chat, "Name three colours [tokens: 200]");
    for (const text of ["two", "three", "four"]) {
      await input().fill(text);
      await input().press("Enter");
    }
    await expect.poll(queued).toEqual(["two", "three", "four"]);
    const last = chat.locator("[data-queued]").last();
    await last.getByRole("button", { name: "Move up" }).click();
    await expect.poll(queued).toEqual(["two", "four", "three"]);
    await last.press("Alt+ArrowUp");
    await expect.poll(queued).toEqual(["two", "three", "four"]);
    await chat.locator("[data-queued]").first().press("Alt+ArrowDown");
    await expect.poll(queued).toEqual(["three", "two", "four"]);
    await input().fill("half a thou");
    await workbench.picture("queue");
    await button("Stop").click();
    await noteOfLastAnswer(chat, "Stopped by you. This answer is not complete.").waitFor();
    expect(await input().inputValue()).toBe("half a thou");
    await button("Continue").waitFor();
    expect(await queued()).toEqual(["three", "two", "four"]);
    await chat.locator("[data-queued]").first().getByRole("button", { name: "Send now" }).click();
    await expect.poll(prompts).toEqual(["Name three colours [tokens: 200]", "three", "two", "four"]);
    expect(await queued()).toEqual([]);
    await answerEnds(chat);
  });
});

describe("the state of a chat", () => {
  beforeAll(async () => {
    await workbench.newConversation();
  });

  /** The badge on the view's icon; empty if there is none. */
  const badge = async () => {
    const content = workbench.page.locator(
      '.activitybar .action-item:has(a[aria-label^="Switchyard"]) .badge-content',
    );
    return (await content.isVisible()) ? content.innerText() : "";
  };

  it("says on the view's icon that an answer is ready, also after a reload, until it is seen", async () => {
    const release = simulator.hold();
    await send(chat, "Write a short list [tokens: 60]");
    await workbench.command("View: Show Explorer");
    await workbench.page.locator(".part.sidebar .explorer-viewlet").waitFor();
    // Calls arrive in order: when this one has been answered, extensions know that the chat is hidden.
    await workbench.runBuiltIn("workbench.view.explorer");
    release();
    await expect.poll(badge).toBe("1");
    await workbench.picture("answer-ready");
    // VS Code stores the view that is shown, unless it is the explorer.
    const shownView = "workbench.sidebar.activeviewletid";
    await expect.poll(() => storageHas(workbench.page, "switchyard", shownView)).toBe(false);
    await isStored(workbench.page, '"switchyard.unread":["');
    await workbench.reload();
    await expect.poll(badge).toBe("1");
    chat = await workbench.openChat();
    await answerEnds(chat);
    await expect.poll(badge).toBe("");
  });

  it("is the same in two windows, also while an answer is written", async () => {
    chat = await workbench.openChat();
    const other = await workbench.another();
    const second = await other.openChat();
    await expect.poll(() => promptsIn(second)).toEqual(await promptsIn(chat));
    await sendPausing(chat, "Create a list for two windows [tokens: 5000]");
    await second.getByText("Another window is writing this answer.").waitFor();
    await expect.poll(async () => (await lastAnswer(second).innerText()).length).toBeGreaterThan(60);
    await other.picture("answer-of-another-window");

    await other.command("Switchyard: Show Conversations");
    await second.getByText("Being answered").waitFor({ state: "attached" });
    await other.picture("list-while-answering");
    await savedConversation(second, "Write a short list").click();
    await second.getByRole("button", { name: "Stop", exact: true }).click();
    for (const frame of [chat, second])
      await noteOfLastAnswer(frame, "Stopped by you. This answer is not complete.").waitFor();
    await second.getByRole("button", { name: "Try again" }).waitFor();
    await ask(second, "And from the other window?");
    await expect.poll(() => promptsIn(chat)).toEqual(await promptsIn(second));
    await other.page.close();
  });
});

function promptsIn(chat: Frame): Promise<string[]> {
  return texts(chat.locator("article.sy-turn--user"));
}

async function texts(locator: Locator): Promise<string[]> {
  return (await locator.allInnerTexts()).map((text) => text.trim());
}

/** The process that writes an answer, which is an extension host, and what it has saved of it. */
function answering(home: string): { readonly pid: number; readonly text: string } {
  const ledger = new DatabaseSync(join(home, "ledger.db"), { readOnly: true });
  try {
    const row = ledger
      .prepare(
        "SELECT pid, turn_json ->> '$.answer.text' AS text FROM answering JOIN turn ON turn.id = answering.turn_id",
      )
      .get();
    return { pid: Number(row?.["pid"]), text: String(row?.["text"] ?? "") };
  } finally {
    ledger.close();
  }
}
