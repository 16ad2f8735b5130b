import { setTimeout as pause } from "node:timers/promises";
import type { Frame, Page } from "playwright-core";

/**
 * The document of the chat view. VS Code nests it: page → webview's own page → the extension's document.
 * @throws Error while it has not loaded
 */
export async function chatViewFrame(page: Page): Promise<Frame> {
  for (const frame of page.frames()) {
    const outer = frame.parentFrame()?.url() ?? "";
    if (!outer.includes("extensionId=switchyard.switchyard") || !outer.includes("purpose=webviewView"))
      continue;
    if (await isShown(frame)) return frame;
  }
  throw new Error("the chat view has not loaded");
}

/** A question to a frame that is being replaced may stay without an answer for ever. */
const ANSWER_MS = 2_000;

/** Until VS Code has swapped a webview's document in, it may still take the focus. */
async function isShown(frame: Frame): Promise<boolean> {
  const parent = frame.parentFrame();
  const shown = async () =>
    parent !== null &&
    (await parent.evaluate(() => document.getElementById("active-frame") !== null)) &&
    (await frame.evaluate(() => (document.body?.childElementCount ?? 0) > 0));
  // A frame that was replaced meanwhile is not the one that is shown.
  return Promise.race([shown().catch(() => false), pause(ANSWER_MS, false)]);
}
