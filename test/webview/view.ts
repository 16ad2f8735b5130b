import type { Browser, Page } from "playwright-core";
import type { TurnView } from "../../src/contract/view/conversationMessages.ts";
import type { ToView } from "../../src/contract/view/protocol.ts";

/** Opens the view in a new page. The pages of a browser share its cache, with compiled scripts. */
export async function openView(browser: Browser, origin: string, height: number): Promise<Page> {
  const [context = await browser.newContext()] = browser.contexts();
  const page = await context.newPage();
  await page.setViewportSize({ width: 400, height });
  await page.goto(origin);
  return page;
}

/** Sends a message of the editor to the view. */
export function send(page: Page, message: ToView): Promise<void> {
  return page.evaluate((data) => window.postMessage(data, "*"), message);
}

/** Answers the view as the editor does when it asks for turns that it has as outlines. */
export async function loadTurns(page: Page, turns: readonly TurnView[]): Promise<void> {
  await page.evaluate((all) => {
    const known = new Map(all.map((turn) => [turn.id, turn]));
    window.addEventListener("posted", (event) => {
      const { type, conversationId, turnIds } = (event as CustomEvent).detail;
      if (type !== "loadTurns") return;
      const found = turnIds.map((id: string) => known.get(id));
      setTimeout(() => window.postMessage({ type: "turns", conversationId, turns: found }, "*"));
    });
  }, turns);
}

/** Returns when the view has painted everything: no task is scheduled, and nothing changes for some frames. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const pending: ReadonlySet<unknown> = Reflect.get(window, "pendingTasks");
        const nextFrame: typeof requestAnimationFrame = Reflect.get(window, "browserFrame");
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
          quietFrames = pending.size === 0 ? quietFrames + 1 : 0;
          if (quietFrames <= 4) nextFrame(frame);
          else {
            observer.disconnect();
            resolve();
          }
        };
        nextFrame(frame);
      }),
  );
}

/** What the scripts of the page hold in memory after a garbage collection, in megabytes. */
export async function heapMb(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  await session.detach();
  return (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? 0) / 1e6;
}
