import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../scripts/host/chromium.ts";
import { retryAnswer } from "./answers.ts";
import { servePage } from "./page.ts";
import { opening, sonnet } from "./scenes/scene.ts";
import { answered, turn } from "./turns.ts";
import { openView, send, settled } from "./view.ts";

let browser: Browser;
let server: Awaited<ReturnType<typeof servePage>>;

beforeAll(async () => {
  server = await servePage();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  server.close();
});

const turns = Array.from({ length: 200 }, (_, index) =>
  turn(`Question ${index}`, retryAnswer, { answer: answered(sonnet) }),
);

/** The answers that are filled, by their places, in the first frame that shows the conversation. */
async function openLong(): Promise<{ page: Page; filled: number[] }> {
  const page = await openView(browser, server.origin, 600);
  const messages = opening(1, turns, "Long");
  for (const message of messages.slice(0, -1)) await send(page, message);
  const filled = await page.evaluate(async (message) => {
    window.postMessage(message, "*");
    for (;;) {
      const answers = [...document.querySelectorAll("article[data-turn]")];
      if (answers.length > 0) return answers.flatMap((each, index) => (each.firstChild ? [index] : []));
      await new Promise((resolve) => setTimeout(resolve));
    }
  }, messages.at(-1));
  return { page, filled };
}

function distanceToEnd(page: Page): Promise<number> {
  return page.$eval(".sy-log", (log) => Math.round(log.scrollHeight - log.scrollTop - log.clientHeight));
}

describe("a conversation of 200 turns", () => {
  it("shows its end first, and stays there while the other turns are filled", async () => {
    const { page, filled } = await openLong();
    expect(filled.at(-1)).toBe(199);
    expect(filled.length).toBeLessThan(50);
    await settled(page);
    expect(await page.locator("article[data-turn]:empty").count()).toBe(0);
    expect(await distanceToEnd(page)).toBeLessThan(4);
    await page.close();
  });

  it("shows what the user scrolls to, before the turns in between are filled", async () => {
    const { page } = await openLong();
    await page.$eval(".sy-log", (log) => {
      log.scrollTop = 0;
    });
    await page.getByText("Question 0", { exact: true }).waitFor();
    await settled(page);
    expect(await page.$eval(".sy-log", (log) => log.scrollTop)).toBeLessThan(5);
    await page.close();
  });
});
