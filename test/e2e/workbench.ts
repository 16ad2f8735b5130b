import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Browser, BrowserContext, Frame, Locator, Page } from "playwright-core";
import { launchBrowser } from "../../scripts/host/chromium.ts";
import { HostServer, installVsix, quietSettings, userSettingsFile } from "../../scripts/host/server.ts";
import { inProject } from "../../scripts/project.ts";
import { chatViewFrame } from "./chatPage.ts";
import { setSidebarWidth } from "./sidebarWidth.ts";

/** Entries of settings.json; `undefined` removes one. */
export type Settings = Readonly<Record<string, unknown>>;

/** The themes that pictures are taken in, with the class that VS Code sets on the workbench in each. */
export const themeClasses = {
  "Default Dark Modern": "vs-dark",
  "Default Light Modern": "vs",
  "Default High Contrast": "hc-black",
  "Default High Contrast Light": "hc-light",
} as const;

export type Theme = keyof typeof themeClasses;

/** How a workbench is opened. Everything has a default. */
export type WorkbenchOptions = {
  /** The workspace's folder. Default: a fresh copy of test/demo/, which the test may change. */
  readonly folder?: string;
  /** The user's settings.json at the start. */
  readonly settings?: Settings;
  /** Environment variables of the extension host. SWITCHYARD_HOME is a fresh folder by default. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder of the extension under development. Default: this project. */
  readonly extension?: string;
  /** A package to install the extension from, instead of one under development. */
  readonly vsix?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Opens the workspace in Restricted Mode until it is trusted. */
  readonly workspaceTrust?: boolean;
};

const TIMEOUT_MS = 60_000;
const VIEW_LOADS_WITHIN_MS = 20_000;
/** How many entries of the palette are tried: more do not fit its height. */
const MOST_ENTRIES = 20;
/** One try of several: whatever happened just before may have taken the focus. */
const ONE_TRY = { timeout: 3_000 };

/** A VS Code with Switchyard in a browser, driven by keys and clicks. */
export class Workbench {
  #page: Page;
  /** The workspace's folder. */
  readonly folder: string;
  /** The folder of the ledger (SWITCHYARD_HOME). */
  readonly home: string;
  /** Errors that webviews wrote to the console, such as violations of the content security policy. */
  readonly webviewErrors: string[] = [];
  #settings: Settings;
  readonly #host: Host;

  private constructor(host: Host, page: Page, folder: string, home: string, settings: Settings) {
    this.#host = host;
    this.#page = this.#watched(page);
    this.folder = folder;
    this.home = home;
    this.#settings = settings;
  }

  /** The window's page. */
  get page(): Page {
    return this.#page;
  }

  #watched(page: Page): Page {
    page.setDefaultTimeout(TIMEOUT_MS);
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      const from = message.location().url;
      if (/webview|fake\.html|vscode-resource/.test(from)) this.webviewErrors.push(message.text());
    });
    return page;
  }

  /** Starts a server and a browser, and opens a window. */
  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const dir = await mkdtemp(join(tmpdir(), "switchyard-e2e-"));
    const folder = options.folder ?? join(dir, "demo");
    if (options.folder === undefined) await cp(inProject("test/demo"), folder, { recursive: true });
    const home = options.env?.["SWITCHYARD_HOME"] ?? join(dir, "home");
    const settings = { ...quietSettings, ...options.settings };
    await writeFile(await userSettingsFile(dir), JSON.stringify(settings, null, 2));
    if (options.vsix !== undefined) await installVsix(dir, options.vsix);
    const server = await HostServer.start({
      dir,
      env: { ...options.env, SWITCHYARD_HOME: home },
      workspaceTrust: options.workspaceTrust ?? false,
    });
    const browser = await launchBrowser();
    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1280, height: 800 },
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const extension = options.vsix === undefined ? (options.extension ?? inProject()) : undefined;
    const host: Host = { dir, server, browser, context, extension };
    return Workbench.#openWindow(host, folder, home, settings);
  }

  /** Opens another window with the same ledger and an extension host of its own. It reads the user settings as last saved. */
  another(): Promise<Workbench> {
    return Workbench.#openWindow(this.#host, this.folder, this.home, this.#settings);
  }

  static async #openWindow(host: Host, folder: string, home: string, settings: Settings): Promise<Workbench> {
    const page = await host.context.newPage();
    const workbench = new Workbench(host, page, folder, home, settings);
    const development = host.extension === undefined ? {} : { extensionDevelopmentPath: host.extension };
    await page.goto(host.server.url({ folder, ...development }));
    await workbench.#hasLoaded();
    return workbench;
  }

  /** Reloads the window, as "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.#hasLoaded();
  }

  async #hasLoaded(): Promise<void> {
    await this.page.locator(".monaco-workbench .part.statusbar .statusbar-item").first().waitFor();
  }

  /** Shows the window in a new page, as closing and opening its browser tab does. */
  async #reopen(): Promise<void> {
    const address = this.#page.url();
    const size = this.#page.viewportSize();
    await this.#page.close();
    this.#page = this.#watched(await this.#host.context.newPage());
    if (size !== null) await this.#page.setViewportSize(size);
    await this.#page.goto(address);
    await this.#hasLoaded();
  }

  /**
   * Runs a command of the palette once, by its title, e.g. `Switchyard: Add Provider Key…`, and selects the entries with
   * these texts in the lists that the command shows.
   */
  async command(title: string, ...choices: readonly string[]): Promise<void> {
    const input = this.quickInput();
    await until(async () => {
      await this.page.keyboard.press("F1");
      await input.waitFor(ONE_TRY);
      await input.fill(`>${title}`, ONE_TRY);
      await this.quickPickEntry(title).waitFor(ONE_TRY);
      // Commands that were used before stand above the others.
      for (let n = 0; n < MOST_ENTRIES && !(await this.#focusedEntry(title).isVisible()); n++)
        await input.press("ArrowDown", ONE_TRY);
      if (!(await input.evaluate(acceptFocused, title, ONE_TRY)))
        throw new Error(`The palette does not show “${title}”.`);
    }, TIMEOUT_MS);
    // The command has run. Nothing that follows is tried again, because that would run it twice.
    await until(async () => {
      const isOpen = (await input.isVisible()) && (await input.inputValue()) === `>${title}`;
      if (isOpen) throw new Error(`The palette did not run “${title}”.`);
    }, TIMEOUT_MS);
    for (const choice of choices) await this.quickPickEntry(choice).click();
  }

  /** Opens the status bar item's menu and selects the entry with this text. */
  async statusMenu(choice: string): Promise<void> {
    await until(async () => {
      await this.statusBar.click();
      await this.quickPickEntry(choice).waitFor(ONE_TRY);
    }, TIMEOUT_MS);
    await this.quickPickEntry(choice).click();
  }

  /** The entry with this text, where it is the one that Enter accepts. */
  #focusedEntry(text: string): Locator {
    return this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: text });
  }

  /** The input of the palette and of quick picks. */
  quickInput(): Locator {
    return this.page.locator(".quick-input-widget input").first();
  }

  /** The first entry with this text in the list of choices that is shown. */
  quickPickEntry(text: string): Locator {
    return this.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
  }

  /** Opens a file of the workspace in the editor. */
  async openFile(name: string): Promise<void> {
    const input = this.quickInput();
    // The list of files is empty until VS Code has searched the workspace.
    await until(async () => {
      await this.page.keyboard.press("ControlOrMeta+P");
      await input.fill(name, ONE_TRY);
      await this.quickPickEntry(name).click(ONE_TRY);
    }, TIMEOUT_MS);
    await this.page.locator(`.editor-group-container .tab.active[data-resource-name="${name}"]`).waitFor();
    await this.page.locator(".editor-group-container.active .monaco-editor .view-line").first().waitFor();
  }

  /** Focuses the active editor and selects everything in it. */
  async selectAll(): Promise<void> {
    await this.command("View: Focus Active Editor Group");
    await this.page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
    await this.page.keyboard.press("ControlOrMeta+A");
  }

  /** Returns the visible text of the active editor, with plain spaces. */
  async editorText(): Promise<string> {
    const lines = this.page.locator(".editor-group-container.active .view-lines");
    if ((await lines.count()) === 0) return "";
    return (await lines.first().innerText()).replace(/[\u00a0\u202f]/g, " ");
  }

  /** Opens the chat view by its icon in the activity bar. */
  async openChat(): Promise<Frame> {
    const item = '.activitybar .action-item:has(a[aria-label^="Switchyard"])';
    await this.page.locator(item).waitFor();
    let tries = 0;
    // A window that restores the view by itself may open it before the click, which then closes it.
    return until(async () => {
      const isOpen = (await this.page.locator(`${item}.checked`).count()) > 0;
      if (!isOpen) await this.page.locator(item).click();
      await this.page.locator(`${item}.checked`).waitFor(ONE_TRY);
      try {
        return await until(() => chatViewFrame(this.page), VIEW_LOADS_WITHIN_MS);
      } catch (error) {
        // A webview whose service worker registers too late stays empty, and on a busy machine Playwright may miss a
        // document that was swapped in.
        tries += 1;
        await this.picture(`chat-not-loaded-${tries}`);
        if (tries === 1) await this.command("Developer: Reload Webviews");
        else if (tries === 2) await this.reload();
        else await this.#reopen();
        throw error;
      }
    }, 4 * VIEW_LOADS_WITHIN_MS);
  }

  /** The document of the chat view. */
  chatFrame(): Promise<Frame> {
    return until(() => chatViewFrame(this.page), TIMEOUT_MS);
  }

  /** Switchyard's status bar item. */
  get statusBar(): Locator {
    return this.page.locator('.statusbar-item[id^="switchyard.switchyard"]').first();
  }

  /** Returns the text of the status bar item, without icons and with plain spaces. */
  async statusBarText(): Promise<string> {
    await this.statusBar.waitFor();
    return (await this.statusBar.innerText()).replace(/[\s\u00a0\u202f]+/g, " ").trim();
  }

  /** Returns the texts of all notifications. The smoke-test driver shows only errors as toasts, so the list is read. */
  async notifications(): Promise<string[]> {
    await this.command("Notifications: Show Notifications");
    const list = this.page.locator(".notifications-center.visible");
    await list.waitFor();
    const texts = await list.locator(".notification-list-item-message").allInnerTexts();
    await this.command("Notifications: Hide Notifications");
    return texts;
  }

  /** Changes entries of the user's settings.json in the editor. `undefined` removes an entry. */
  async changeSettings(change: Settings): Promise<void> {
    const changed = Object.entries({ ...this.#settings, ...change }).filter(
      ([, value]) => value !== undefined,
    );
    this.#settings = Object.fromEntries(changed);
    await this.#saveUserSettings(JSON.stringify(this.#settings, null, 2));
  }

  /**
   * Saves the user's settings.json in the editor. VS Code's server does not watch that file: a window reads it again only
   * when it saves it itself, or is reloaded.
   */
  async #saveUserSettings(text: string): Promise<void> {
    const { page } = this;
    const tab = page.locator('.tab.active[data-resource-name="settings.json"]');
    await until(async () => {
      await this.command("Preferences: Open User Settings (JSON)");
      await tab.waitFor({ timeout: 8_000 });
    }, 2 * TIMEOUT_MS);
    await page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.insertText(text);
    await page.keyboard.press("ControlOrMeta+S");
    await page.locator(".tab.active.dirty").waitFor({ state: "detached" });
    await this.command("View: Close Editor");
    await tab.waitFor({ state: "detached" });
  }

  /** Changes the colour theme and waits until it applies. */
  async theme(name: Theme): Promise<void> {
    await this.changeSettings({ "workbench.colorTheme": name });
    await this.page.locator(`.monaco-workbench.${themeClasses[name]}`).waitFor();
  }

  /** Makes the sidebar's view this wide in CSS pixels, and waits until the chat view has that width. */
  async sidebarWidth(px: number): Promise<void> {
    await setSidebarWidth(this.page, px);
    const chat = await this.chatFrame();
    await chat.waitForFunction((width) => Math.abs(window.innerWidth - width) <= 1, px);
  }

  /** Saves a picture as out/pictures/NAME.png and returns its path. */
  async picture(name: string, of: "window" | "sidebar" | Locator = "window"): Promise<string> {
    await mkdir(inProject("out/pictures"), { recursive: true });
    const path = inProject("out/pictures", `${name}.png`);
    const options = { path, animations: "disabled" } as const;
    if (of === "window") await this.page.screenshot(options);
    else await (of === "sidebar" ? this.page.locator(".part.sidebar") : of).screenshot(options);
    return path;
  }

  /** Returns the text of all logs of the server and its extension hosts. */
  async logs(): Promise<string> {
    const entries = await readdir(this.#host.dir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".log"));
    const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "utf8")));
    return texts.join("\n");
  }

  /** Stops the server and the browser, and deletes their files. */
  async close(): Promise<void> {
    await this.#host.browser.close();
    await this.#host.server.stop();
    await rm(this.#host.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

type Host = {
  readonly dir: string;
  readonly server: HostServer;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly extension: string | undefined;
};

/**
 * In the page: presses Enter in the palette's input if its list has the focus on the entry with this text, and returns
 * whether it did. In one task, so that nothing can close the palette or move the focus between the two.
 */
function acceptFocused(input: Element, text: string): boolean {
  const focused = document.querySelector(".quick-input-list .monaco-list-row.focused");
  if (focused?.textContent?.includes(text) !== true || document.activeElement !== input) return false;
  const enter = { key: "Enter", code: "Enter", keyCode: 13, bubbles: true, cancelable: true };
  input.dispatchEvent(new KeyboardEvent("keydown", enter));
  return true;
}

/** Tries again until `attempt` succeeds; throws its last error when the time is over. */
async function until<T>(attempt: () => Promise<T>, timeoutMs: number): Promise<T> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await delay(50);
    }
  }
}
