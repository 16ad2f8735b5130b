import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../scripts/host/chromium.ts";
import { retryAnswer } from "./answers.ts";
import { servePage } from "./page.ts";
import { opening, sonnet } from "./scenes/scene.ts";
import { answered, turn } from "./turns.ts";
import { loadTurns, openView, send, settled } from "./view.ts";

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
/** As the editor sends them first. */
const outlined = turns.map((each, index) =>
  index < 150 ? { ...each, answer: { ...each.answer, text: "" }, isOutline: true } : each,
);

/** The prompts that are shown in the first frame that shows the conversation. */
async function openLong(): Promise<{ page: Page; first: string[] }> {
  const page = await openView(browser, server.origin, 600);
  await loadTurns(page, turns);
  const messages = opening(1, outlined, "Long");
  for (const message of messages.slice(0, -1)) await send(page, message);
  const first = await page.evaluate(async (message) => {
    window.postMessage(message, "*");
    for (;;) {
      const prompts = [...document.querySelectorAll(".sy-prompt-text")];
      if (prompts.length > 0) return prompts.map(({ textContent }) => textContent);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }, messages.at(-1));
  return { page, first };
}

function distanceToEnd(page: Page): Promise<number> {
  return page.$eval(".sy-log", (log) => Math.round(log.scrollHeight - log.scrollTop - log.clientHeight));
}

/** The distance of a prompt from the upper edge of the conversation. */
function distanceFromTop(page: Page, prompt: string): Promise<number> {
  return page.getByText(prompt, { exact: true }).evaluate((element) => {
    const log = document.querySelector(".sy-log");
    return element.getBoundingClientRect().top - (log?.getBoundingClientRect().top ?? 0);
  });
}

describe("a conversation of 200 turns", () => {
  it("shows its end first, and stays there while the other turns are loaded and filled", async () => {
    const { page, first } = await openLong();
    expect(first.at(-1)).toBe("Question 199");
    expect(first.length).toBeLessThan(50);
    await settled(page);
    expect(await page.locator("article[data-turn]").count()).toBe(200);
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

  it("shows the answer of a row of the title's table, before the turns in between are filled", async () => {
    const { page } = await openLong();
    await page.locator(".sy-head-total").click();
    await page.locator(".sy-answers-open").nth(42).click();
    await page.waitForFunction(
      (id) => document.activeElement?.getAttribute("data-turn") === id,
      turns[42]?.id,
    );
    await settled(page);
    const distance = await distanceFromTop(page, "Question 42");
    expect(distance).toBeLessThan(0);
    expect(distance).toBeGreaterThan(-150);
    await page.close();
  });

  it("opens where it was left, in turns that are not loaded yet", async () => {
    const page = await openView(browser, server.origin, 600);
    await loadTurns(page, turns);
    // The prompt of the turn with the number 70, and 20 pixels of it.
    const readings = [{ conversationId: "c1", article: 140, offset: 20 }];
    await send(page, { type: "restore", state: { draft: "", readings, changes: 1 } });
    for (const message of opening(1, outlined, "Long")) await send(page, message);
    await page.getByText("Question 70", { exact: true }).waitFor();
    await settled(page);
    expect(Math.abs((await distanceFromTop(page, "Question 70")) + 20)).toBeLessThan(40);
    await page.close();
  });

  it("finds a text in turns that were not loaded when the search began", async () => {
    const { page } = await openLong();
    await page.locator("textarea.sy-input-text").press("ControlOrMeta+f");
    await page.keyboard.type("question 7");
    await page.locator(".sy-find-count", { hasText: /of 11$/ }).waitFor();
    await page.close();
  });
});

describe("a table of 250 rows", () => {
  it("keeps its columns in every group of rows, and lays out only the groups in view", async () => {
    const page = await openView(browser, server.origin, 600);
    const rows = Array.from({ length: 250 }, (_, index) => `| ${index} | words of the row ${index} | x |\n`);
    const table = `| n | words | more |\n|--:|---|---|\n${rows.join("")}`;
    const long = turn("All of them", table, { answer: answered(sonnet) });
    for (const message of opening(1, [long], "Table")) await send(page, message);
    await settled(page);
    const laidOut = await page.$$eval("tbody", (groups) =>
      groups.map((group) => group.rows[0]?.cells[0]?.checkVisibility({ contentVisibilityAuto: true })),
    );
    expect(laidOut).toEqual([false, false, true]);
    await page.$eval(".sy-log", (log) => {
      log.scrollTop = 0;
    });
    await page.getByText("words of the row 0", { exact: true }).waitFor();
    const edges = await page.$$eval("tr", (all) =>
      all.map(({ cells }) => [...cells].map((cell) => Math.round(cell.getBoundingClientRect().left)).join()),
    );
    expect(new Set(edges)).toHaveProperty("size", 1);
    await page.close();
  });
});
