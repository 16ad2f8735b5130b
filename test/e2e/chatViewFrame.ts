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

/** Until VS Code has swapped a webview's document in, it may still take the focus. */
async function isShown(frame: Frame): Promise<boolean> {
  try {
    const element = await frame.frameElement();
    if ((await element.getAttribute("id")) !== "active-frame") return false;
    return await frame.evaluate(() => (document.body?.childElementCount ?? 0) > 0);
  } catch {
    // A frame that was replaced meanwhile is not the one that is shown.
    return false;
  }
}
