/**
 * The longest task of the chat view while it receives a fast answer (2,000 pieces in 100 frames), next to a baseline in the
 * same run: a page that appends the same pieces to an unformatted text. A person notices a pause of 250 ms while typing.
 */
import type { Page } from "playwright-core";
import { buildIfStale } from "../../scripts/build/buildIfStale.ts";
import { launchBrowser } from "../../scripts/host/chromium.ts";
import { retryAnswer } from "../webview/answers.ts";
import { servePage } from "../webview/page.ts";
import { opening } from "../webview/scene.ts";
import { decision, turn } from "../webview/turns.ts";
import { openView, send, settled } from "../webview/view.ts";

const RUNS = 5;
const busy = turn("And now?", "", { answer: { decision: decision() } });
const pieces = retryAnswer.match(/[\s\S]{1,12}/g) ?? [];

await buildIfStale();
const server = await servePage();
const browser = await launchBrowser();
try {
  const inView: number[] = [];
  const unformatted: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const page = await openView(browser, server.origin, 600);
    for (const message of opening(1, [busy], "Streaming", busy.id)) await send(page, message);
    await settled(page);
    inView.push(await longestTaskMs(page, true));
    unformatted.push(await longestTaskMs(page, false));
    await page.close();
  }
  const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[RUNS >> 1];
  console.table({
    "one text, unformatted": { "longest task, ms": median(unformatted), worst: Math.max(...unformatted) },
    "the view": { "longest task, ms": median(inView), worst: Math.max(...inView) },
  });
} finally {
  await browser.close();
  server.close();
}

/** The longest task, or 0 if none took longer than 50 ms: the browser reports no shorter ones. */
function longestTaskMs(page: Page, isFormatted: boolean): Promise<number> {
  return page.evaluate(
    async ({ turnId, chunk, formatted }) => {
      let longestMs = 0;
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) longestMs = Math.max(longestMs, entry.duration);
      });
      observer.observe({ type: "longtask", buffered: false });
      const plain = document.body.appendChild(document.createElement("pre"));
      for (let n = 0; n < 2000; n++) {
        const text = chunk[n % chunk.length];
        if (formatted) window.postMessage({ type: "text", turnId, text }, "*");
        else plain.append(text ?? "");
        if (n % 20 === 19) await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      observer.disconnect();
      plain.remove();
      return longestMs;
    },
    { turnId: busy.id, chunk: pieces, formatted: isFormatted },
  );
}
