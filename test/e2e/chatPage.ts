/** The chat view in a browser: its document, and what a user does in it. */
import { setTimeout as delay } from "node:timers/promises";
import type { Frame, Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** A frame that is being replaced may never answer. */
const FRAME_ANSWERS_WITHIN_MS = 2_000;

/**
 * Returns the document of the chat view. VS Code nests it: page, the webview's own page, the extension's document.
 * @throws Error while it has not loaded
 */
export async function chatViewFrame(page: Page): Promise<Frame> {
  for (const frame of page.frames()) {
    const outer = frame.parentFrame()?.url() ?? "";
    if (!outer.includes("extensionId=switchyard.switchyard") || !outer.includes("purpose=webviewView"))
      continue;
    if (await isShown(frame)) return frame;
  }
  const addresses = page.frames().map((frame) =>
    frame
      .url()
      .replace(/\?.*purpose=/, "?…purpose=")
      .slice(0, 200),
  );
  throw new Error(`the chat view has not loaded; the page's frames: ${addresses.join(", ")}`);
}

/** Returns whether VS Code shows this document: until it has swapped a new one in, it may still take the focus. */
async function isShown(frame: Frame): Promise<boolean> {
  const parent = frame.parentFrame();
  const shown = async () =>
    parent !== null &&
    (await parent.evaluate(() => document.getElementById("active-frame") !== null)) &&
    (await frame.evaluate(() => (document.body?.childElementCount ?? 0) > 0));
  // Evaluating in a frame that was replaced meanwhile fails.
  return Promise.race([shown().catch(() => false), delay(FRAME_ANSWERS_WITHIN_MS, false)]);
}

/** The last answer, also while it is being written. */
export function lastAnswer(chat: Frame): Locator {
  return chat.locator("article.sy-turn:not(.sy-turn--user)").last();
}

/** Returns the line under the last answer; an empty text if there is none. */
export async function quietLine(chat: Frame): Promise<string> {
  const line = lastAnswer(chat).locator("button.sy-quiet");
  return (await line.count()) === 0 ? "" : line.innerText();
}

/** Types a prompt and sends it. */
export async function send(chat: Frame, prompt: string): Promise<void> {
  const before = await chat.locator("article.sy-turn--user").count();
  await chat.locator("textarea.sy-input-text").fill(prompt);
  await chat.locator("textarea.sy-input-text").press("Enter");
  await expect
    .poll(() => chat.locator("article.sy-turn--user").count(), { timeout: 10_000 })
    .toBe(before + 1);
}

/** Resolves when the last answer has ended. */
export async function answerEnds(chat: Frame): Promise<void> {
  await lastAnswer(chat).locator("button.sy-quiet").waitFor();
  await expect.poll(() => lastAnswer(chat).getAttribute("aria-busy"), { timeout: 30_000 }).not.toBe("true");
}

/** Sends a prompt and resolves when its answer has ended. */
export async function ask(chat: Frame, prompt: string): Promise<void> {
  await send(chat, prompt);
  await answerEnds(chat);
}
