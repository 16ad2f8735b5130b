import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Frame, Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/server.ts";
import {
  answerEnds,
  ask,
  lastAnswer,
  noteOfLastAnswer,
  savedConversation,
  send,
} from "./workbench/chatPage.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import type { Workbench } from "./workbench/workbench.ts";

describe("the state of a chat", () => {
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
  /** The badge on the view's icon; empty if there is none. */
  const badge = async () => {
    const content = workbench.page.locator(
      '.activitybar .action-item:has(a[aria-label^="Switchyard"]) .badge-content',
    );
    return (await content.isVisible()) ? content.innerText() : "";
  };

  it("says on the view's icon that an answer is ready, until it is seen", async () => {
    const release = simulator.hold();
    await send(chat, "Write a short list [tokens: 60]");
    await workbench.command("View: Show Explorer");
    await workbench.page.locator(".part.sidebar .explorer-viewlet").waitFor();
    // Calls arrive in order: when this one has been answered, extensions know that the chat is hidden.
    await workbench.runBuiltIn("workbench.view.explorer");
    release();
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
    const note = noteOfLastAnswer(
      chat,
      "Interrupted when the window was reloaded. This answer is not complete.",
    );
    await note.waitFor();
    await workbench.picture("interrupted-answer");
    await note.getByRole("button", { name: "Continue", exact: true }).click();
    const prompts = chat.locator("article.sy-turn--user");
    await prompts.last().getByText("Continue where you stopped.", { exact: true }).waitFor();
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
