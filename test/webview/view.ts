import type { Browser, Page } from "playwright-core";
import type { ToView } from "../../src/contract/view/protocol.ts";

/** The view in a page of its own. */
export async function openView(browser: Browser, origin: string, height: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 400, height } });
  await page.goto(origin);
  return page;
}

/** What the host says. */
export function say(page: Page, message: ToView): Promise<void> {
  return page.evaluate((data) => window.postMessage(data, "*"), message);
}

/** Until what was said is painted: two frames, and the rest after a painting. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(resolve)), 40);
      }),
  );
}
