import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame, Locator, Page } from "playwright-core";
import { quietSettings, userSettingsFile } from "../../../scripts/host/server.ts";
import { inProject } from "../../../scripts/project.ts";
import { chatViewFrame } from "./chatPage.ts";
import { EditorArea } from "./editorArea.ts";
import { ExtensionHost, type VsCode } from "./extensionHost.ts";
import { closeWindows, type Host, sharedHost, startHost, stopHost } from "./host.ts";
import { QuickInput } from "./quickInput.ts";
import { setSidebarWidth } from "./sidebarWidth.ts";
import { until } from "./until.ts";

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
  /** Changes the workspace, a fresh copy of test/demo/, before it is opened. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** The user's settings.json at the start. */
  readonly settings?: Settings;
  /** Environment variables of the extension host. SWITCHYARD_HOME is a fresh folder by default. */
  readonly env?: Readonly<Record<string, string>>;
  /** A package to install the extension from, instead of one under development. */
  readonly vsix?: string;
  /** Opens the workspace in Restricted Mode until it is trusted. */
  readonly workspaceTrust?: boolean;
};

const TIMEOUT_MS = 60_000;
const VIEW_LOADS_WITHIN_MS = 20_000;
/** One try of several: whatever happened just before may have taken the focus. */
const ONE_TRY = { timeout: 3_000 };

/** User settings that spare work which no test looks at, beside those of a quiet VS Code. */
const settingsOfTests = {
  ...quietSettings,
  "editor.accessibilitySupport": "off",
  // Each blink draws the window again.
  "editor.cursorBlinking": "solid",
  // One process of TypeScript, instead of two that read the same files.
  "js/ts.tsserver.useSyntaxServer": "never",
  "workbench.reduceMotion": "on",
} as const;

/** What the windows of one workbench have in common. */
type Shared = {
  readonly host: Host;
  /** The folder of the workspace and the ledger. */
  readonly dir: string;
  readonly folder: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly isInstalled: boolean;
  readonly webviewErrors: string[];
  readonly extensionHosts: ExtensionHost[];
};

/** A VS Code with Switchyard in a browser, driven by keys and clicks. */
export class Workbench extends EditorArea {
  #page: Page;
  readonly #shared: Shared;
  readonly #extensionHost: ExtensionHost;

  private constructor(shared: Shared, page: Page, extensionHost: ExtensionHost) {
    super();
    this.#shared = shared;
    this.#page = this.#watched(page);
    this.#extensionHost = extensionHost;
  }

  /** Opens a window with its own workspace, settings, storage and ledger. */
  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const { vsix, prepare, workspaceTrust = false } = options;
    const host = await (vsix === undefined ? sharedHost() : startHost(vsix));
    const dir = await mkdtemp(join(tmpdir(), "switchyard-e2e-"));
    const folder = join(dir, "demo");
    await cp(inProject("test/demo"), folder, { recursive: true });
    await prepare?.(folder);
    const home = join(dir, "home");
    const trust = { "security.workspace.trust.enabled": workspaceTrust };
    const settings = { ...settingsOfTests, ...trust, ...options.settings };
    await writeFile(await userSettingsFile(host.dir), JSON.stringify(settings, null, 2));
    await closeWindows(host);
    const env = { ...options.env, SWITCHYARD_HOME: home };
    const isInstalled = vsix !== undefined;
    return Workbench.#openWindow({
      ...{ host, dir, folder, home, env, isInstalled },
      ...{ webviewErrors: [], extensionHosts: [] },
    });
  }

  /** Opens another window with the same ledger and an extension host of its own. It reads the user settings as last saved. */
  another(): Promise<Workbench> {
    return Workbench.#openWindow(this.#shared);
  }

  static async #openWindow(shared: Shared): Promise<Workbench> {
    const { host, folder, isInstalled } = shared;
    const extensionHost = await ExtensionHost.listen();
    shared.extensionHosts.push(extensionHost);
    const workbench = new Workbench(shared, await host.browser.newPage(), extensionHost);
    const development = isInstalled ? {} : { extensionDevelopmentPath: inProject() };
    const env = { ...shared.env, ...extensionHost.env };
    await workbench.page.goto(host.server.url({ folder, ...development, env }));
    await workbench.#hasSettled();
    return workbench;
  }

  /** The window's page. */
  get page(): Page {
    return this.#page;
  }

  /** The workspace's folder. */
  get folder(): string {
    return this.#shared.folder;
  }

  /** The folder of the ledger (SWITCHYARD_HOME). */
  get home(): string {
    return this.#shared.home;
  }

  /** Errors that webviews of all windows wrote to the console, such as violations of the content security policy. */
  get webviewErrors(): readonly string[] {
    return this.#shared.webviewErrors;
  }

  #watched(page: Page): Page {
    page.setDefaultTimeout(TIMEOUT_MS);
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      const from = message.location().url;
      if (/webview|fake\.html|vscode-resource/.test(from)) this.#shared.webviewErrors.push(message.text());
    });
    return page;
  }

  /** Reloads the window, as "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    this.#extensionHost.restarts();
    await this.page.reload();
    await this.#hasSettled();
  }

  /** A window that is still starting moves the focus. Extensions start last. */
  async #hasSettled(): Promise<void> {
    await this.statusBar.waitFor();
    await this.evaluate(() => {}, undefined);
  }

  /** Shows the window in a new page, as closing and opening its browser tab does. */
  async #reopen(): Promise<void> {
    const address = this.#page.url();
    const size = this.#page.viewportSize();
    this.#extensionHost.restarts();
    await this.#page.close();
    this.#page = this.#watched(await this.#shared.host.browser.newPage());
    if (size !== null) await this.#page.setViewportSize(size);
    await this.#page.goto(address);
    await this.#hasSettled();
  }

  /**
   * Evaluates a function in the extension host, for what a journey needs but does not test. It may use its arguments only,
   * which are VS Code's API and JSON.
   */
  evaluate<A, R>(run: (code: VsCode, argument: A) => R, argument: A): Promise<Awaited<R>> {
    return this.#extensionHost.evaluate(run, argument, TIMEOUT_MS);
  }

  get #quickInput(): QuickInput {
    return new QuickInput(this.page);
  }

  /**
   * Runs a command of the palette, by its title, e.g. `Switchyard: Add Provider Key…`, and selects the entries with these
   * texts in the lists that the command shows. A command without choices runs once.
   */
  async command(title: string, ...choices: readonly string[]): Promise<void> {
    const run = (): Promise<void> => this.#quickInput.command(title);
    await (choices.length === 0 ? run() : this.#quickInput.choose(run, ...choices));
  }

  /** Opens the status bar item's menu and selects the entry with this text. */
  async statusMenu(choice: string): Promise<void> {
    await this.choose(() => this.statusBar.click(ONE_TRY), choice);
  }

  /** Selects the entry with this text in the list that `open` shows. `open` is repeated if the list closes before. */
  async choose(open: () => Promise<void>, choice: string): Promise<void> {
    await this.#quickInput.choose(open, choice);
  }

  /** Enters a text into the input that `open` shows. `open` is repeated if the input closes before. */
  async enter(open: () => Promise<void>, text: string): Promise<void> {
    await this.#quickInput.enter(open, text);
  }

  /** Accepts a path in the file dialog that is shown. */
  async acceptPath(path: string): Promise<void> {
    await this.#quickInput.acceptPath(path);
  }

  /** The input of the palette and of quick picks. */
  quickInput(): Locator {
    return this.#quickInput.input;
  }

  /** The first entry with this text in the list of choices that is shown. */
  quickPickEntry(text: string): Locator {
    return this.#quickInput.entry(text);
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

  /** Starts a conversation, and waits until the chat view shows it: the one before has other turns. */
  async newConversation(): Promise<void> {
    await this.command("Switchyard: New Conversation");
    const chat = await this.chatFrame();
    await chat.locator(".sy-start").waitFor();
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
    const list = this.page.locator(".notifications-center.visible");
    // The list closes when anything else takes the focus.
    await until(async () => {
      await this.runBuiltIn("notifications.showList");
      await list.waitFor(ONE_TRY);
    }, TIMEOUT_MS);
    const texts = await list.locator(".notification-list-item-message").allInnerTexts();
    await this.runBuiltIn("notifications.hideList");
    return texts;
  }

  /** Changes entries of the user's settings.json. `undefined` removes an entry. Other windows read it when they are loaded. */
  async changeSettings(change: Settings): Promise<void> {
    const entries = Object.entries(change).map(([name, value]) =>
      value === undefined ? [name] : [name, value],
    );
    await this.evaluate(async (code, changed) => {
      const target = code.ConfigurationTarget.Global;
      for (const [name, value] of changed)
        await code.workspace.getConfiguration().update(String(name), value, target);
    }, entries);
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
    const entries = await readdir(this.#shared.host.dir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".log"));
    const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "utf8")));
    return texts.join("\n");
  }

  /** After a test that failed: closes what it left open, so that the next test starts as after one that passed. */
  async tidy(): Promise<void> {
    const pages = this.#shared.host.browser.pages();
    await Promise.all(pages.map((page) => (page === this.page ? undefined : page.close())));
    for (let n = 0; n < 2; n++) await this.page.keyboard.press("Escape");
    await this.runBuiltIn(
      "workbench.action.closeQuickOpen",
      "notifications.clearAll",
      "notifications.hideList",
    );
    if ((await this.page.locator(".tab.active.dirty").count()) > 0) await this.revert();
    const chat = await chatViewFrame(this.page).catch(() => undefined);
    const stop = chat?.getByRole("button", { name: "Stop", exact: true });
    if (await stop?.isVisible()) await stop?.click(ONE_TRY);
  }

  /** Closes the windows, and deletes their files. */
  async close(): Promise<void> {
    const { host, dir, isInstalled, extensionHosts } = this.#shared;
    await closeWindows(host);
    for (const extensionHost of extensionHosts) extensionHost.close();
    if (isInstalled) await stopHost(host);
    await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
