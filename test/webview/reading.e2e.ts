import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../scripts/host/chromium.ts";
import { retryAnswer } from "./answers.ts";
import { servePage } from "./page.ts";
import { openPicker } from "./scenes/pickerScenes.ts";
import { opening, sonnet } from "./scenes/scene.ts";
import { answered, decision, turn } from "./turns.ts";
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

const busy = turn("And now?", "", { answer: { decision: decision() } });

async function streaming(): Promise<Page> {
  const page = await openView(browser, server.origin, 600);
  const before = turn("Before", retryAnswer, { answer: answered(sonnet) });
  for (const message of opening(1, [before, busy], "Reading", busy.id)) await send(page, message);
  await settled(page);
  return page;
}

function distanceToEnd(page: Page): Promise<number> {
  return page.$eval(".sy-log", (log) => Math.round(log.scrollHeight - log.scrollTop - log.clientHeight));
}

const paragraph = {
  type: "text",
  turnId: busy.id,
  text: `${"Some words that fill a line or two. ".repeat(8)}\n\n`,
} as const;

describe("reading while an answer is written", () => {
  it("moves nothing if the user prefers reduced motion", async () => {
    const page = await streaming();
    const moving = () =>
      page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === "running").length);
    expect(await moving()).toBeGreaterThan(0);
    await page.emulateMedia({ reducedMotion: "reduce" });
    expect(await moving()).toBe(0);
    await page.close();
  });

  it("follows the end until the user scrolls up, and returns to it on request", async () => {
    const page = await streaming();
    for (let n = 0; n < 5; n++) await send(page, paragraph);
    await settled(page);
    expect(await distanceToEnd(page)).toBeLessThan(4);
    expect(await page.locator(".sy-jump").count()).toBe(0);

    await page.mouse.move(200, 200);
    await page.mouse.wheel(0, -120);
    await settled(page);
    const top = await page.$eval(".sy-log", (log) => log.scrollTop);
    await send(page, paragraph);
    await settled(page);
    expect(await page.$eval(".sy-log", (log) => log.scrollTop)).toBe(top);

    await page.click(".sy-jump button");
    await settled(page);
    expect(await distanceToEnd(page)).toBeLessThan(4);
    expect(await page.locator(".sy-jump").count()).toBe(0);
    await page.close();
  });

  it("shows opened details from their start", async () => {
    const page = await openView(browser, server.origin, 600);
    const long = turn("Why?", retryAnswer, { answer: answered(sonnet) });
    for (const message of opening(1, [long], "Reading")) await send(page, message);
    await settled(page);
    await page.click("button.sy-quiet");
    await settled(page);
    expect(await page.locator(".sy-why h2").isVisible()).toBe(true);
    const line = await page.locator("button.sy-quiet").boundingBox();
    expect(line?.y).toBeGreaterThanOrEqual(0);
    await page.close();
  });

  it("keeps the start of a prompt in place while it is edited and grows", async () => {
    const page = await openView(browser, server.origin, 600);
    const turns = [
      turn("Before", retryAnswer, { answer: answered(sonnet) }),
      turn("Prompt", "Short.", { answer: answered(sonnet) }),
    ];
    for (const message of opening(1, turns, "Reading")) await send(page, message);
    await settled(page);
    await page.getByRole("button", { name: "Edit and resend" }).last().click();
    await settled(page);
    const top = async () => (await page.locator(".sy-prompt-field").boundingBox())?.y;
    const before = await top();
    for (const line of ["one", "two", "three"]) {
      await page.keyboard.press("Shift+Enter");
      await page.keyboard.insertText(line);
    }
    await settled(page);
    expect(await top()).toBe(before);
    await page.close();
  });

  it("copies a selection across a handoff without its note", async () => {
    const page = await openView(browser, server.origin, 600);
    const handoffs = [{ at: 4, from: sonnet, to: "openai/gpt-6.1-terra" }];
    const resumed = turn("Why?", "one two", { answer: { ...answered(sonnet), handoffs } });
    for (const message of opening(1, [resumed], "Reading")) await send(page, message);
    await settled(page);
    expect(await page.locator(".sy-note--handoff").isVisible()).toBe(true);
    const copied = await page.evaluate(() => {
      const answer = document.querySelector(".sy-md");
      if (answer !== null) getSelection()?.selectAllChildren(answer);
      return new Promise<string>((resolve) => {
        document.addEventListener("copy", () => resolve(getSelection()?.toString() ?? ""), { once: true });
        document.execCommand("copy");
      });
    });
    expect(copied.split(/\s+/)).toEqual(["one", "two"]);
    await page.close();
  });

  it("copies a selection of code line by line, also of a diff", async () => {
    const page = await openView(browser, server.origin, 600);
    const lines = Array.from({ length: 118 }, (_, n) => (n % 7 === 0 ? "" : `+ const a${n} = ${n};`)).join(
      "\n",
    );
    for (const language of ["ts", "diff", ""]) {
      const answer = turn("Code?", `\`\`\`${language}\n${lines}\n\`\`\``, { answer: answered(sonnet) });
      for (const message of opening(1, [answer], "Reading")) await send(page, message);
      await settled(page);
      const copied = await page.evaluate(() => {
        const code = document.querySelector(".sy-code code");
        if (code !== null) getSelection()?.selectAllChildren(code);
        return getSelection()?.toString();
      });
      expect(copied?.trimEnd()).toBe(lines);
    }
    await page.close();
  });

  it("copies a formula as it was written", async () => {
    const page = await openView(browser, server.origin, 600);
    const text = "It is $x^2$ here.\n\n$$\n\\frac{a}{b}\n$$\n\nEnd";
    const answer = turn("Formula?", text, { answer: answered(sonnet) });
    for (const message of opening(1, [answer], "Reading")) await send(page, message);
    await page.waitForSelector(".sy-formula--display math");
    const copied = await page.evaluate(() => {
      const shown = document.querySelector(".sy-md");
      if (shown !== null) getSelection()?.selectAllChildren(shown);
      return getSelection()?.toString();
    });
    expect(copied?.split(/\s+/)).toEqual(text.split(/\s+/));
    await page.close();
  });

  it("follows a long answer that arrives quickly to its end", async () => {
    const page = await streaming();
    await page.evaluate(
      async ({ turnId, chunk }) => {
        for (let n = 0; n < 1000; n++) {
          window.postMessage({ type: "text", turnId, text: chunk[n % chunk.length] }, "*");
          if (n % 20 === 19) await new Promise((resolve) => requestAnimationFrame(resolve));
        }
      },
      { turnId: busy.id, chunk: retryAnswer.match(/[\s\S]{1,12}/g) ?? [] },
    );
    await settled(page);
    expect(await page.locator("[aria-busy=true] .sy-code").count()).toBeGreaterThan(10);
    expect(await distanceToEnd(page)).toBeLessThan(4);
    await page.close();
  });
});

describe("the line below an answer", () => {
  it.each([300, 400, 600])("does not move when it is clicked: %i px", async (width) => {
    const page = await openView(browser, server.origin, 700);
    await page.setViewportSize({ width, height: 700 });
    const turns = [1, 2, 3].map((n) => turn(`Prompt ${n}`, "A short answer.", { answer: answered(sonnet) }));
    for (const message of opening(1, turns, "Lines")) await send(page, message);
    await settled(page);
    const line = page.locator("button.sy-quiet").nth(1);
    const top = async () => (await line.boundingBox())?.y;
    const before = await top();
    await line.click();
    await page.locator(".sy-why").waitFor();
    await settled(page);
    expect(await top()).toBe(before);
    await line.click();
    await settled(page);
    expect(await top()).toBe(before);
    await page.close();
  });

  it("cuts neither cost nor time at 300 px, and leaves no gap behind a short name", async () => {
    const page = await openView(browser, server.origin, 700);
    await page.setViewportSize({ width: 300, height: 700 });
    const route = { kind: "settings", name: "All", index: 0 } as const;
    const turns = [
      turn("a", "Short.", { answer: { ...answered("a/o3"), decision: decision({ route }) } }),
      turn("b", "Long.", {
        answer: answered("lab/qwen3-coder-480b-instruct-awq", { usd: null, tookMs: 75_000 }),
      }),
      turn("c", "A route that is a little too long.", {
        answer: {
          ...answered("a/gpt-6-premium"),
          decision: decision({ route: { ...route, name: "Medium complexity" } }),
        },
      }),
    ];
    for (const message of opening(1, turns, "Lines")) await send(page, message);
    await settled(page);
    const lines = await page.$$eval(".sy-quiet-line", (all) =>
      all.map((line) => {
        const end = line.getBoundingClientRect().right;
        const parts = [...line.querySelectorAll(".sy-part")];
        const widths = parts.map((part) => [part.scrollWidth, part.clientWidth] as const);
        const isCut = widths.map(([text, box]) => text > box);
        const isInside = parts.map((part) => part.getBoundingClientRect().right <= end);
        const texts = parts.map((part) => {
          const range = document.createRange();
          range.selectNodeContents(part);
          return range.getBoundingClientRect();
        });
        const gaps = texts.slice(1).map(({ left }, at) => left - (texts[at]?.right ?? 0));
        return { isCut, isInside, widestGap: Math.max(...gaps) };
      }),
    );
    const whole = [true, true, true, true];
    expect(lines[0]).toMatchObject({ isCut: [false, false, false, false], isInside: whole });
    expect(lines[0]?.widestGap).toBeLessThan(16);
    expect(lines[1]).toMatchObject({ isCut: [true, true, false, false], isInside: whole });
    expect(lines[2]).toMatchObject({ isCut: [false, true, false, false], isInside: whole });
    await page.close();
  });

  it("shows the actual cost beside a range of the expected cost at 300 px", async () => {
    const page = await openView(browser, server.origin, 700);
    await page.setViewportSize({ width: 300, height: 700 });
    const small = {
      outcome: { kind: "chosen", chain: [{ ref: sonnet, expectedNanoUsd: 120_000 }] },
      expectedCostRange: { lowNanoUsd: 30_000, highNanoUsd: 400_000 },
    } as const;
    const answer = { ...answered(sonnet), decision: { ...decision(), ...small } };
    for (const message of opening(1, [turn("a", "Short.", { answer })], "Costs")) await send(page, message);
    await settled(page);
    await page.locator("button.sy-quiet").click();
    await page.locator(".sy-why .sy-figures").waitFor();
    const overflow = await page.$eval(".sy-why .sy-figures", (table) => {
      const panel = table.closest(".sy-why")?.getBoundingClientRect().right ?? 0;
      const cells = [...table.querySelectorAll("th, td")];
      return Math.max(...cells.map((cell) => cell.getBoundingClientRect().right)) - panel;
    });
    expect(overflow).toBeLessThanOrEqual(0);
    await page.close();
  });

  it("keeps the input in view on the first screen of a short window, as at 200% zoom", async () => {
    const page = await openView(browser, server.origin, 310);
    await page.setViewportSize({ width: 300, height: 310 });
    await send(page, { type: "readiness", readiness: { kind: "simulator" } });
    await send(page, { type: "conversation", conversation: null, busyTurnId: null });
    await settled(page);
    const bottom = await page.$eval(".sy-composer", (composer) => composer.getBoundingClientRect().bottom);
    expect(bottom).toBeLessThanOrEqual(310);
    await page.getByRole("button", { name: "Find local models" }).focus();
    const button = await page.getByRole("button", { name: "Find local models" }).boundingBox();
    expect(button?.y).toBeGreaterThan(0);
    expect((button?.y ?? 0) + (button?.height ?? 0)).toBeLessThan(310);
    await page.close();
  });

  it("opens a popup between a tall input and the top of a short view", async () => {
    const page = await openView(browser, server.origin, 344);
    for (const message of openPicker.messages) await send(page, message);
    await page.locator(".sy-input-text").fill("a line\n".repeat(8));
    await page.locator(".sy-tool--model").click();
    await settled(page);
    const [popup, search, input] = await Promise.all(
      [".sy-popup", ".sy-popup input", ".sy-input"].map((place) => page.locator(place).first().boundingBox()),
    );
    expect(popup?.y).toBeGreaterThanOrEqual(0);
    expect((popup?.y ?? 0) + (popup?.height ?? 0)).toBeLessThanOrEqual(input?.y ?? 0);
    expect(search?.y).toBeGreaterThan(0);
    await page.close();
  });

  it("moves up with its details if they would be out of view", async () => {
    const page = await openView(browser, server.origin, 500);
    const long = turn("Prompt", retryAnswer, { answer: answered(sonnet) });
    for (const message of opening(1, [long], "Lines")) await send(page, message);
    await settled(page);
    await page.locator("button.sy-quiet").click();
    await settled(page);
    const { y = 0 } = (await page.locator(".sy-why").boundingBox()) ?? {};
    expect(y).toBeLessThan(200);
    await page.close();
  });
});
