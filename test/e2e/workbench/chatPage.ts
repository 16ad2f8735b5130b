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
  const found: string[] = [];
  for (const webview of page.frames().filter((frame) => frame.url().includes("/webview/"))) {
    const shown = await withinLimit(shownDocument(webview));
    if (typeof shown !== "string") return shown;
    found.push(`${webview.url()}: ${shown}`);
  }
  throw new Error(`the chat view has not loaded; the page's webviews:\n${found.join("\n") || "none"}`);
}

/**
 * Returns the chat view in this webview's page, or why it is not there. Before VS Code has swapped a new document in, that
 * document may still take the focus. Locators and handles are used: after a reload, the main world of a frame that was
 * written again may never answer.
 */
async function shownDocument(webview: Frame): Promise<Frame | string> {
  const active = webview.locator("iframe#active-frame");
  if ((await active.count()) === 0) return "no active document";
  const frame = await (await active.elementHandle())?.contentFrame();
  if (!frame) return "the active document has no frame";
  return (await frame.locator("#app > *").count()) > 0 ? frame : "the active document is not a chat view";
}

async function withinLimit<T>(result: Promise<T | string>): Promise<T | string> {
  const limit = delay(FRAME_ANSWERS_WITHIN_MS, "does not answer");
  // A frame that is replaced meanwhile throws.
  return Promise.race([result.catch((error: unknown) => String(error)), limit]);
}

/** The last answer, also while it is being written. */
export function lastAnswer(chat: Frame): Locator {
  return chat.locator("article.sy-turn:not(.sy-turn--user)").last();
}

/** The note with this text in the last answer. */
export function noteOfLastAnswer(chat: Frame, text: string): Locator {
  return lastAnswer(chat).locator(".sy-note", { hasText: text });
}

/** The conversation with this title in the list of conversations. */
export function savedConversation(chat: Frame, title: string): Locator {
  return chat.locator(".sy-conv-open", { hasText: title });
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
  await expect.poll(() => chat.locator("article.sy-turn--user").count()).toBe(before + 1);
}

/** Resolves when the answer to the last prompt has ended. Until it begins, the last answer is the one before it. */
export async function answerEnds(chat: Frame): Promise<void> {
  const last = chat.locator("article.sy-turn").last();
  const hasEnded = (turn: Element): boolean =>
    !turn.classList.contains("sy-turn--user") &&
    turn.getAttribute("aria-busy") !== "true" &&
    turn.querySelector("button.sy-quiet") !== null;
  await expect.poll(() => last.evaluate(hasEnded)).toBe(true);
}

/** Sends a prompt and resolves when its answer has ended. */
export async function ask(chat: Frame, prompt: string): Promise<void> {
  await send(chat, prompt);
  await answerEnds(chat);
}
