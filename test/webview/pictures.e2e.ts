import { mkdir, readFile, writeFile } from "node:fs/promises";
import type * as axeCore from "axe-core";
import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../scripts/host/chromium.ts";
import { inProject } from "../../scripts/project.ts";
import { bodyClass, servePage, type Theme, themes } from "./page.ts";
import { codeScenes } from "./scenes/codeScenes.ts";
import { contextScenes } from "./scenes/contextScenes.ts";
import { conversationScenes } from "./scenes/conversationScenes.ts";
import { detailScenes } from "./scenes/detailScenes.ts";
import { handoffScenes } from "./scenes/handoffScenes.ts";
import { inputScenes } from "./scenes/inputScenes.ts";
import { listScenes } from "./scenes/listScenes.ts";
import { longScenes } from "./scenes/longScenes.ts";
import { markdownScenes } from "./scenes/markdownScenes.ts";
import { pickerScenes } from "./scenes/pickerScenes.ts";
import { problemScenes } from "./scenes/problemScenes.ts";
import type { Scene } from "./scenes/scene.ts";
import { turnScenes } from "./scenes/turnScenes.ts";
import { nowMs } from "./turns.ts";
import { send, settled } from "./view.ts";

const pictures = inProject("out/pictures/webview");
/** A narrow side bar, one in which code blocks have more labels, and a wide one. */
const widths = [300, 400, 700] as const;
const picturedWidths: readonly number[] = [300, 700];

/** axe's rules, by their tags. */
const allRules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const rulesOfColors = ["color-contrast", "link-in-text-block"];
const rulesOfLayout = ["target-size", "scrollable-region-focusable"];

/**
 * Each rule is checked where its result can differ: sizes at each width, which are the same in all themes; colours in each
 * theme, at the width that shows everything; and the elements once, where most of them have no visible label.
 */
function rulesFor(width: number, theme: Theme): readonly string[] {
  const isFirstTheme = theme === themes[0];
  if (width === widths[0]) return isFirstTheme ? allRules : [];
  return [...(isFirstTheme ? rulesOfLayout : []), ...(width === widths.at(-1) ? rulesOfColors : [])];
}

/** A page with a way to take its pictures, and the errors that it reported. */
type Stage = { readonly page: Page; readonly camera: CDPSession; readonly errors: string[] };

/** Stages whose scene has ended. The next scene loads faster there than in a page of its own. */
const freeStages: Stage[] = [];

let axeSource: string;
let browser: Browser;
let server: Awaited<ReturnType<typeof servePage>>;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  axeSource = await readFile(inProject("node_modules/axe-core/axe.min.js"), "utf8");
  server = await servePage();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  server.close();
});

describe("the chat view", () => {
  // Concurrent, because a page waits for its frames most of the time.
  it.concurrent.each([
    ...conversationScenes,
    ...codeScenes,
    ...contextScenes,
    ...problemScenes,
    ...handoffScenes,
    ...detailScenes,
    ...longScenes,
    ...inputScenes,
    ...listScenes,
    ...pickerScenes,
    ...turnScenes,
    ...markdownScenes,
  ])("shows $name without accessibility findings or policy violations", async (scene) => {
    const { height = 720 } = scene;
    const stage = await openStage(height);
    const { page, errors } = stage;
    await play(page, scene);
    for (const width of widths) {
      await page.setViewportSize({ width, height });
      await settled(page);
      // A theme changes how the page looks at once, and nothing else.
      for (const theme of picturedWidths.includes(width) ? themes : themes.slice(0, 1)) {
        expect(await overflowIn(page, theme), `${theme}, ${width} px`).toBe(0);
        expect(await findings(page, rulesFor(width, theme)), `${theme}, ${width} px`).toEqual([]);
        if (picturedWidths.includes(width)) await takePicture(stage, `${scene.name}-${theme}-${width}`);
      }
    }
    expect(errors).toEqual([]);
    freeStages.push(stage);
  });
});

/** Loads the view where no other scene is shown. */
async function openStage(height: number): Promise<Stage> {
  const stage = freeStages.pop() ?? (await newStage());
  const { page } = stage;
  // The pointer is over none of the view's elements.
  await page.mouse.move(0, 0);
  await page.setViewportSize({ width: 400, height });
  await page.goto(server.origin);
  return stage;
}

async function newStage(): Promise<Stage> {
  const page = await browser.newPage({ reducedMotion: "reduce" });
  await page.addInitScript(axeSource);
  await page.addInitScript((time) => {
    Date.now = () => time;
  }, nowMs + 4100);
  return { page, camera: await page.context().newCDPSession(page), errors: watchErrors(page) };
}

/** Takes a picture as it is. Playwright's own function also waits for frames, and compresses more: it takes three times as long. */
async function takePicture({ camera }: Stage, name: string): Promise<void> {
  const { data } = await camera.send("Page.captureScreenshot", { format: "png", optimizeForSpeed: true });
  await writeFile(`${pictures}/${name}.png`, data, "base64");
}

/** Collects the errors of the page, including what its content security policy blocked. */
function watchErrors(page: Page): string[] {
  const seen: string[] = [];
  page.on("pageerror", (error) => seen.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") seen.push(message.text());
  });
  return seen;
}

async function play(page: Page, scene: Scene): Promise<void> {
  await page.evaluate((messages) => {
    for (const message of messages) window.postMessage(message, "*");
  }, scene.messages);
  if (scene.typed !== undefined) {
    await page.waitForSelector("textarea:focus");
    for (const [index, line] of scene.typed.split("\n").entries()) {
      if (index > 0) await page.keyboard.press("Enter");
      await page.keyboard.insertText(line);
    }
  }
  // A key goes to what has the focus once everything is shown.
  await settled(page);
  for (const key of scene.keys ?? []) await page.keyboard.press(key);
  for (const selector of scene.clicks ?? []) await page.click(selector);
  await settled(page);
  if (scene.scrolledUpThen === undefined) return;
  await page.mouse.move(200, 200);
  await page.mouse.wheel(0, -400);
  await settled(page);
  await send(page, scene.scrolledUpThen);
  await settled(page);
}

/** Applies a theme. @returns by how many pixels the page is wider than the window */
function overflowIn(page: Page, theme: Theme): Promise<number> {
  return page.evaluate(
    ({ name, classes }) => {
      document.documentElement.dataset["theme"] = name;
      document.body.className = classes;
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    },
    { name: theme, classes: bodyClass[theme] },
  );
}

async function findings(page: Page, rules: readonly string[]): Promise<string[]> {
  if (rules.length === 0) return [];
  const results = await page.evaluate(async (runOnly): Promise<axeCore.AxeResults> => {
    const axe: typeof axeCore = Reflect.get(window, "axe");
    // The keys of the input scroll the list that it controls. axe knows this of a `combobox`, which a textarea cannot be.
    const controlled = document
      .querySelector("textarea[aria-activedescendant]")
      ?.getAttribute("aria-controls");
    axe.configure({
      rules: [
        { id: "scrollable-region-focusable", selector: controlled ? `:not([id="${controlled}"])` : "*" },
      ],
    });
    return axe.run(document, {
      runOnly: [...runOnly],
      resultTypes: ["violations"],
    });
  }, rules);
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}
