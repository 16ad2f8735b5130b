import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import type { Frame, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RoutedSetup, routedSetup } from "../support/routedSimulator.ts";
import { answerEnds, ask, lastAnswer, send } from "./chatPage.ts";
import { Workbench } from "./workbench.ts";

describe("the state of a chat", () => {
  let setup: RoutedSetup;
  let workbench: Workbench;
  let chat: Frame;

  beforeAll(async () => {
    setup = await routedSetup();
    workbench = await Workbench.open({ settings: setup.settings, env: setup.env });
    chat = await workbench.openChat();
  }, 120_000);
  afterAll(async () => {
    await workbench?.close();
    await setup?.simulator.stop();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await workbench.picture(`failed-${task.id}`);
  });

  /** Sends a prompt whose answer pauses after some words, until it is stopped. */
  const sendPausing = async (frame: Frame, prompt: string) => {
    setup.simulator.injectFault({ times: 1, fault: { kind: "stall", afterTokens: 60 } });
    await send(frame, prompt);
    await expect.poll(async () => (await lastAnswer(frame).innerText()).length).toBeGreaterThan(60);
  };
  /** The badge on the view's icon; empty if there is none. */
  const badge = async () => {
    const content = workbench.page.locator(
      '.activitybar .action-item:has(a[aria-label^="Switchyard"]) .badge-content',
    );
    return (await content.isVisible()) ? content.innerText() : "";
  };

  it("survives a reload of the window: conversation, position, draft, chips", async () => {
    for (const prompt of ["Write one list [tokens: 600]", "Write another list [tokens: 600]"])
      await ask(chat, prompt);
    await workbench.openFile("retry.ts");
    await workbench.selectAll();
    await workbench.command("Switchyard: Ask…");
    await chat.locator(".sy-composer .sy-chip", { hasText: "retry.ts:1–" }).waitFor();
    await chat.locator(".sy-log").hover();
    await workbench.page.mouse.wheel(0, -3000);
    const lastArticle = (await chat.locator(".sy-log article").count()) - 1;
    await expect.poll(async () => (await stateOf(chat)).firstVisible).toBeLessThan(lastArticle);
    const input = chat.locator("textarea.sy-input-text");
    await input.focus();
    await workbench.page.keyboard.type("A draft that was typed without a pause", { delay: 30 });
    const before = await stateOf(chat);
    expect(before.draft).toContain("A draft that");
    // What is promised: a draft that was typed a second ago.
    await delay(1000);
    await workbench.reload();
    chat = await workbench.openChat();
    await expect.poll(() => stateOf(chat)).toEqual(before);
    await chat.getByRole("button", { name: "Remove" }).first().click();
    await chat.locator("textarea.sy-input-text").fill("");
  });

  it("says on the view's icon that an answer is ready, until it is seen", async () => {
    setup.simulator.injectFault({ times: 1, fault: { kind: "slowTokens", ms: 40 } });
    await send(chat, "Write a short list [tokens: 60]");
    await workbench.command("View: Show Explorer");
    await expect.poll(badge).toBe("1");
    await workbench.picture("answer-ready");
    chat = await workbench.openChat();
    await answerEnds(chat);
    await expect.poll(badge).toBe("");
  });

  it("offers to continue an answer whose extension host was killed", async () => {
    chat = await workbench.openChat();
    await sendPausing(chat, "Create a list that is cut [tokens: 5000]");
    await expect.poll(() => answering(workbench.home).text).not.toBe("");
    process.kill(answering(workbench.home).pid, "SIGKILL");
    await workbench.reload();
    chat = await workbench.openChat();
    await chat
      .locator(".sy-note", {
        hasText: "Interrupted when the window was reloaded. This answer is not complete.",
      })
      .waitFor();
    await workbench.picture("interrupted-answer");
    await chat.locator(".sy-note").getByRole("button", { name: "Continue" }).click();
    await chat.getByText("Continue where you stopped.").waitFor();
    await answerEnds(chat);
  });

  it("is the same in two windows, also while an answer is written", async () => {
    chat = await workbench.openChat();
    const other = await workbench.another();
    const second = await other.openChat();
    await expect.poll(() => promptsIn(second)).toEqual(await promptsIn(chat));
    await sendPausing(chat, "Create a list for two windows [tokens: 5000]");
    const started = performance.now();
    await second.getByText("Another window is writing this answer.").waitFor();
    await expect.poll(async () => (await lastAnswer(second).innerText()).length).toBeGreaterThan(60);
    expect(performance.now() - started).toBeLessThan(5_000);
    await other.picture("answer-of-another-window");

    await other.command("Switchyard: Show Conversations");
    await second.getByText("Being answered").waitFor({ state: "attached" });
    await other.picture("list-while-answering");
    await second.getByText("Write one list").first().click();
    await second.getByRole("button", { name: "Stop", exact: true }).click();
    for (const frame of [chat, second])
      await frame.locator(".sy-note", { hasText: "Stopped by you. This answer is not complete." }).waitFor();
    await second.getByRole("button", { name: "Try again" }).waitFor();
    await ask(second, "And from the other window?");
    await expect.poll(() => promptsIn(chat)).toEqual(await promptsIn(second));
    await other.page.close();
  });

  it("violates no content security policy", () => {
    expect(workbench.webviewErrors).toEqual([]);
  });
});

/** What must survive when the view is loaded again. */
async function stateOf(chat: Frame) {
  const top = (await chat.locator(".sy-log").boundingBox())?.y ?? 0;
  const articles = await chat.locator(".sy-log article").all();
  const boxes = await Promise.all(articles.map((article) => article.boundingBox()));
  return {
    prompts: await promptsIn(chat),
    draft: await chat.locator("textarea.sy-input-text").inputValue(),
    chips: await chat.locator(".sy-composer .sy-chip").allInnerTexts(),
    /** The index of the article at the upper edge. */
    firstVisible: boxes.findIndex((box) => box !== null && box.y + box.height > top),
  };
}

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
