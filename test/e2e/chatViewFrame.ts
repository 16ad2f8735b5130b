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
    const loaded = await frame.evaluate(() => document.body?.childElementCount ?? 0).catch(() => 0);
    if (loaded > 0) return frame;
  }
  throw new Error("the chat view has not loaded");
}
