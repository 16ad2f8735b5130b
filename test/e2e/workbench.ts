import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Frame, Locator, Page } from "playwright-core";
import { launchBrowser } from "../../scripts/host/chromium.ts";
import { HostServer, installVsix, quietSettings, userSettingsFile } from "../../scripts/host/server.ts";
import { inProject } from "../../scripts/project.ts";
import { chatViewFrame } from "./chatViewFrame.ts";
import { setSidebarWidth } from "./sidebarWidth.ts";
import { type Theme, themeClasses } from "./theme.ts";
import { until } from "./until.ts";
import { replaceUserSettings, type Settings } from "./userSettings.ts";

/** What a test may ask for; everything has a default. */
export type WorkbenchOptions = {
  /** The workspace; by default a fresh copy of test/demo/, which the test may change. */
  readonly folder?: string;
  /** The user's settings.json at the start. */
  readonly settings?: Settings;
  /** For the extension host. SWITCHYARD_HOME is a fresh folder unless it is given here. */
  readonly env?: Readonly<Record<string, string>>;
  /** The extension under development; by default this project. */
  readonly extension?: string;
  /** An extension installed from this package, as a user would, instead of one under development. */
  readonly vsix?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** true: the workspace opens in Restricted Mode until it is trusted. */
  readonly workspaceTrust?: boolean;
};

const anythingWithinMs = 30_000;

/** A whole VS Code with Switchyard in it, driven by keys and clicks. */
export class Workbench {
  readonly page: Page;
  /** The workspace's folder. */
  readonly folder: string;
  /** SWITCHYARD_HOME: where the ledger lives. */
  readonly home: string;
  /** What webviews wrote to the console as errors: refusals by the content security policy among them. */
  readonly webviewErrors: string[] = [];
  #settings: Settings;
  readonly #host: Host;

  private constructor(host: Host, page: Page, folder: string, home: string, settings: Settings) {
    this.#host = host;
    this.page = page;
    this.folder = folder;
    this.home = home;
    this.#settings = settings;
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      const from = message.location().url;
      if (/webview|fake\.html|vscode-resource/.test(from)) this.webviewErrors.push(message.text());
    });
  }

  /** Starts a server and a browser, and resolves when the extension has started (or the workbench, if it does not). */
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

  /**
   * Another window of the same VS Code: the same user settings (as last saved; reload() reads them again), the same ledger,
   * an extension host of its own.
   */
  another(): Promise<Workbench> {
    return Workbench.#openWindow(this.#host, this.folder, this.home, this.#settings);
  }

  static async #openWindow(host: Host, folder: string, home: string, settings: Settings): Promise<Workbench> {
    const page = await host.context.newPage();
    page.setDefaultTimeout(anythingWithinMs);
    const workbench = new Workbench(host, page, folder, home, settings);
    const development = host.extension === undefined ? {} : { extensionDevelopmentPath: host.extension };
    await page.goto(host.server.url({ folder, ...development }));
    await page.locator(".monaco-workbench .part.statusbar .statusbar-item").first().waitFor();
    return workbench;
  }

  /** Reloads the window, as "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.locator(".monaco-workbench .part.statusbar .statusbar-item").first().waitFor();
  }

  /**
   * Runs a command of the palette by its whole title, e.g. `Switchyard: Add Provider Key…`, and chooses the entries with
   * these texts in the lists that the command shows, if any.
   */
  async command(title: string, ...choices: readonly string[]): Promise<void> {
    const input = this.page.locator(".quick-input-widget input").first();
    // What comes just before may take the focus, and with it the palette, away again.
    const patience = { timeout: 3_000 };
    await until(async () => {
      await this.page.keyboard.press("F1");
      await input.waitFor(patience);
      await input.fill(`>${title}`, patience);
      await this.quickPickEntry(title).click(patience);
      for (const choice of choices) await this.quickPickEntry(choice).click(patience);
    }, anythingWithinMs);
  }

  /** Opens the status bar item's menu, and chooses the entry with this text. */
  async statusMenu(choice: string): Promise<void> {
    await until(async () => {
      await this.statusBar.click();
      await this.quickPickEntry(choice).click({ timeout: 3_000 });
    }, anythingWithinMs);
  }

  /** The first entry with this text in the list of choices that is shown. */
  quickPickEntry(text: string): Locator {
    return this.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
  }

  /** Opens a file of the workspace in the editor. */
  async openFile(name: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input").first();
    // The list of files is empty until the workspace was searched.
    const patience = { timeout: 3_000 };
    await until(async () => {
      await this.page.keyboard.press("ControlOrMeta+P");
      await input.fill(name, patience);
      await this.quickPickEntry(name).click(patience);
    }, anythingWithinMs);
    await this.page.locator(`.editor-group-container .tab.active[data-resource-name="${name}"]`).waitFor();
    await this.page.locator(".editor-group-container.active .monaco-editor .view-line").first().waitFor();
  }

  /** Puts the keyboard's focus into the active editor and selects everything in it. */
  async selectAll(): Promise<void> {
    await this.command("View: Focus Active Editor Group");
    await this.page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
    await this.page.keyboard.press("ControlOrMeta+A");
  }

  /** What the active editor shows, with plain spaces; what is scrolled out of sight is not in it. */
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
    // A view that the window brings back by itself may come between the look and the click, which then closes it.
    return until(async () => {
      const isOpen = (await this.page.locator(`${item}.checked`).count()) > 0;
      if (!isOpen) await this.page.locator(`${item} a`).click();
      await this.page.locator(`${item}.checked`).waitFor({ timeout: 3_000 });
      try {
        return await until(() => chatViewFrame(this.page), 10_000);
      } catch (error) {
        // A webview whose service worker was not registered in time stays empty; on a busy machine the browser's driver
        // may miss a document that was swapped in.
        tries += 1;
        if (tries === 1) await this.command("Developer: Reload Webviews");
        else await this.reload();
        throw error;
      }
    }, 2 * anythingWithinMs);
  }

  /** The document of the chat view. */
  chatFrame(): Promise<Frame> {
    return until(() => chatViewFrame(this.page), anythingWithinMs);
  }

  /** Switchyard's status bar item. */
  get statusBar(): Locator {
    return this.page.locator('.statusbar-item[id^="switchyard.switchyard"]').first();
  }

  /** What the status bar item says, without its icons and with plain spaces. */
  async statusBarText(): Promise<string> {
    await this.statusBar.waitFor();
    return (await this.statusBar.innerText()).replace(/[\s\u00a0\u202f]+/g, " ").trim();
  }

  /** What the notifications say. (The smoke-test driver shows only errors as toasts, so they are read in their list.) */
  async notifications(): Promise<string[]> {
    await this.command("Notifications: Show Notifications");
    const list = this.page.locator(".notifications-center.visible");
    await list.waitFor();
    const texts = await list.locator(".notification-list-item-message").allInnerTexts();
    await this.command("Notifications: Hide Notifications");
    return texts;
  }

  /** Changes the user's settings.json as a person does: in the editor. `undefined` removes an entry. */
  async changeSettings(change: Settings): Promise<void> {
    const changed = Object.entries({ ...this.#settings, ...change }).filter(
      ([, value]) => value !== undefined,
    );
    this.#settings = Object.fromEntries(changed);
    await replaceUserSettings(this, this.#settings);
  }

  /** Changes the colour theme, and waits until it is there. */
  async theme(name: Theme): Promise<void> {
    await this.changeSettings({ "workbench.colorTheme": name });
    await this.page.locator(`.monaco-workbench.${themeClasses[name]}`).waitFor();
  }

  /** Makes the sidebar's view this wide, in CSS pixels of the webview. */
  sidebarWidth(px: number): Promise<void> {
    return setSidebarWidth(this.page, px);
  }

  /** Takes a picture into out/pictures/NAME.png: of everything, of the sidebar, or of what a locator finds. */
  async picture(name: string, of: "window" | "sidebar" | Locator = "window"): Promise<string> {
    await mkdir(inProject("out/pictures"), { recursive: true });
    const path = inProject("out/pictures", `${name}.png`);
    if (of === "window") await this.page.screenshot({ path });
    else await (of === "sidebar" ? this.page.locator(".part.sidebar") : of).screenshot({ path });
    return path;
  }

  /** All that the server and its extension hosts have written into logs. */
  async logs(): Promise<string> {
    const entries = await readdir(this.#host.dir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".log"));
    const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "utf8")));
    return texts.join("\n");
  }

  /** Ends everything, and removes what it wrote. */
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
