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
import { openView, send, settled } from "./view.ts";

const pictures = inProject("out/pictures/webview");
/** Pictures are taken at fewer widths than the accessibility rules are checked at: people look at them. */
const picturedWidths = [300, 400, 600];
const checkedWidths = [300, 400, 700];

/** axe's rules, by their tags. */
const allRules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** The rules whose result depends on colours, borders and sizes, which a theme changes. All others depend on the elements. */
const rulesOfLook = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"];

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
    const page = await openView(browser, server.origin, height);
    const camera = await page.context().newCDPSession(page);
    const errors = watchErrors(page);
    await play(page, scene);
    for (const width of new Set([...picturedWidths, ...checkedWidths])) {
      await page.setViewportSize({ width, height });
      await settled(page);
      // A theme changes how the page looks at once, and nothing else.
      for (const theme of themes) {
        expect(await overflowIn(page, theme), `${theme}, ${width} px`).toBe(0);
        if (checkedWidths.includes(width)) {
          const rules = theme === themes[0] ? allRules : rulesOfLook;
          expect(await findings(page, rules), `${theme}, ${width} px`).toEqual([]);
        }
        if (picturedWidths.includes(width)) await takePicture(camera, `${scene.name}-${theme}-${width}`);
      }
    }
    expect(errors).toEqual([]);
    await page.close();
  });
});

/** Takes a picture as it is. Playwright's own function also waits for frames, and compresses more: it takes three times as long. */
async function takePicture(camera: CDPSession, name: string): Promise<void> {
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
  // Evaluated, because the page's policy blocks added scripts.
  await page.evaluate(axeSource);
  for (const message of scene.messages) await send(page, message);
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
