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

/** Until what was said is painted: nothing in the page changes for some frames, more than the view rests between two paintings. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let quietFrames = 0;
        const observer = new MutationObserver(() => {
          quietFrames = 0;
        });
        observer.observe(document, {
          subtree: true,
          childList: true,
          attributes: true,
          characterData: true,
        });
        const frame = (): void => {
          quietFrames += 1;
          if (quietFrames <= 4) requestAnimationFrame(frame);
          else {
            observer.disconnect();
            resolve();
          }
        };
        requestAnimationFrame(frame);
      }),
  );
}
