import type { Frame, Locator } from "playwright-core";
import { expect } from "vitest";

/** The last answer, also while it is being written. */
export function lastAnswer(chat: Frame): Locator {
  return chat.locator("article.sy-turn:not(.sy-turn--user)").last();
}

/** What stands under the last answer; nothing while there is none. */
export async function quietLine(chat: Frame): Promise<string> {
  const line = lastAnswer(chat).locator("button.sy-quiet");
  return (await line.count()) === 0 ? "" : line.innerText();
}

/** Types a prompt and sends it. */
export async function ask(chat: Frame, prompt: string): Promise<void> {
  const before = await chat.locator("article.sy-turn--user").count();
  await chat.locator("textarea.sy-input-text").fill(prompt);
  await chat.locator("textarea.sy-input-text").press("Enter");
  await expect
    .poll(() => chat.locator("article.sy-turn--user").count(), { timeout: 10_000 })
    .toBe(before + 1);
}

/** Resolves when the last answer has ended. */
export async function answered(chat: Frame): Promise<void> {
  await lastAnswer(chat).locator("button.sy-quiet").waitFor();
  await expect.poll(() => lastAnswer(chat).getAttribute("aria-busy"), { timeout: 30_000 }).not.toBe("true");
}
