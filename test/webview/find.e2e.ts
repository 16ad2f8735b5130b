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

const log = Array.from({ length: 2_000 }, (_, index) => `line ${index}`).join("\n");
const turns = Array.from({ length: 60 }, (_, index) =>
  turn(index === 30 ? `${log}\nneedle in the prompt` : `Question ${index}`, retryAnswer, {
    answer: answered(sonnet),
  }),
).concat(turn("Last one", "A needle, and **another nee**dle.", { answer: answered(sonnet) }));

async function openFind(): Promise<Page> {
  const page = await openView(browser, server.origin, 600);
  for (const message of opening(1, turns, "Find")) await send(page, message);
  await settled(page);
  await page.locator("textarea.sy-input-text").press("ControlOrMeta+f");
  return page;
}

/** The texts that a mark covers, and whether the current one is in the visible part of the conversation. */
function marks(page: Page): Promise<{ all: string[]; current: string[]; isVisible: boolean }> {
  return page.evaluate(() => {
    const ranges = (name: string) =>
      [...(CSS.highlights.get(name) ?? [])].map((each) => {
        const range = document.createRange();
        range.setStart(each.startContainer, each.startOffset);
        range.setEnd(each.endContainer, each.endOffset);
        return range;
      });
    const current = ranges("sy-find-current");
    const place = current[0]?.getBoundingClientRect();
    const view = document.querySelector(".sy-log")?.getBoundingClientRect();
    const isVisible = !!place && !!view && place.top >= view.top && place.bottom <= view.bottom;
    return { all: ranges("sy-find").map(String), current: current.map(String), isVisible };
  });
}

describe("find in a browser", () => {
  it("marks matches without changing the document, and shows the current one, in whichever turn it is", async () => {
    const page = await openFind();
    const before = await page.locator(".sy-log .sy-md").last().innerHTML();
    await page.keyboard.type("needle");
    await settled(page);
    // The conversation is at its end: the search starts there.
    expect(await page.locator(".sy-find-count").textContent()).toBe("2 of 3");
    expect(await marks(page)).toEqual({ all: ["needle", "needle"], current: ["needle"], isVisible: true });
    expect(await page.locator(".sy-log .sy-md").last().innerHTML()).toBe(before);

    expect(await page.getByText("Show less").count()).toBe(0);
    await page.keyboard.press("Shift+Enter");
    await settled(page);
    expect(await page.locator(".sy-find-count").textContent()).toBe("1 of 3");
    expect(await page.getByText("Show less").count()).toBe(1);
    expect((await marks(page)).isVisible).toBe(true);

    await page.keyboard.press("Escape");
    expect(await marks(page)).toEqual({ all: [], current: [], isVisible: false });
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
    await page.close();
  });

  it("finds in turns that are far away and not laid out", async () => {
    const page = await openFind();
    await page.keyboard.type("question 7");
    await settled(page);
    const found = await marks(page);
    expect(found.current).toEqual(["Question 7"]);
    expect(found.isVisible).toBe(true);
    for (let n = 0; n < 4; n++) {
      await page.keyboard.press("Enter");
      await settled(page);
      expect((await marks(page)).isVisible, `match ${n}`).toBe(true);
    }
    await page.close();
  });
});
