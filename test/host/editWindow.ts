import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { after, afterEach, before } from "mocha";
import * as vscode from "vscode";
import { editTask } from "../../src/assistant/edits/selected/editTasks.ts";
import { lazy } from "../../src/base/lazy.ts";
import { systemClock } from "../../src/base/time/clock.ts";
import { startTimer } from "../../src/base/time/timer.ts";
import type { BudgetScope } from "../../src/contract/budget.ts";
import type { EditEvent } from "../../src/editor/edits/editEvents.ts";
import { SelectedEdits } from "../../src/editor/edits/selectedEdits.ts";
import { createEngine } from "../../src/engine/createEngine.ts";
import { openLedger } from "../../src/ledger/sqlite/open.ts";
import { nodeTransport } from "../../src/providers/http/transport/nodeTransport.ts";
import { readSettings } from "../../src/settings/read.ts";
import { type RoutedSetup, routedSetup } from "../support/routedSimulator.ts";
import { Memento } from "../support/views/fakeVscode.ts";

/** The longest time that a check waits for more after a report. Longer ones limit how long it waits for the first. */
const MAX_QUIET_MS = 2_000;

/** Edits in the editor over an engine, a ledger and a simulator of their own, with the events and messages of the test. */
export class EditWindow {
  readonly edits: SelectedEdits;
  readonly simulator: RoutedSetup["simulator"];
  /** What became of edits, oldest first. */
  readonly events: EditEvent[] = [];
  /** The messages that the user has seen, oldest first. */
  readonly messages: string[] = [];
  /** The budgets that the user was asked to change. */
  readonly changedBudgets: BudgetScope[] = [];
  /** The prompts of the input boxes that the user has seen, oldest first. */
  readonly prompts: string[] = [];
  /** What the user types into the next input box, given the value that it has; undefined closes it. */
  type: (value: string) => string | undefined = (value) => value;
  /** The names of buttons that the user presses, each once: in the first message that has it. */
  readonly answers: string[] = [];
  /**
   * How edits are checked. `as-they-are`: a language server is waited for, some seconds. `by-reports`: a check waits for a
   * report alone, of `LineErrors`.
   */
  checks: "never" | "as-they-are" | "by-reports" = "never";
  /** The reports that the user has seen, oldest first. */
  readonly reports: string[] = [];
  /** What waits for time to pass. */
  readonly #waits: (() => void)[] = [];
  #settings: ReturnType<typeof readSettings>["settings"];
  readonly #raw: Readonly<Record<string, unknown>>;
  readonly #folder: string;
  readonly #close: () => Promise<void>;

  private constructor(setup: RoutedSetup, folder: string) {
    this.simulator = setup.simulator;
    this.#raw = setup.settings;
    this.#folder = folder;
    this.#settings = readSettings(setup.settings).settings;
    const extension = vscode.extensions.getExtension("switchyard.switchyard");
    const dataDir = join(extension?.extensionPath ?? "", "dist", "data");
    const ledger = lazy(() =>
      openLedger({ file: join(folder, "ledger.db"), now: systemClock.now, randomId: randomUUID }),
    );
    const { engine, providers } = createEngine({
      settings: () => this.#settings,
      modelsDir: dataDir,
      embeddingDir: dataDir,
      environment: setup.env,
      transport: nodeTransport,
      ledger,
      userId: "tester",
      onError: (error) => this.messages.push(String(error)),
    });
    this.edits = new SelectedEdits({
      engine: async () => engine,
      providers: async () => providers,
      privatePaths: () => this.#settings.privatePaths,
      settings: () => this.#settings,
      documents: { show: async (_name, text) => void this.reports.push(text) },
      clock: {
        now: systemClock.now,
        sleep: () => new Promise((resolve) => this.#waits.push(resolve)),
      },
      changeBudget: async (limit) => {
        this.changedBudgets.push(limit);
        this.set({ "switchyard.budget.dailyUsd": 5 });
        return true;
      },
      onAnswered: () => {},
      onEdit: (event) => this.events.push(event),
      startTimer: (callback, ms) => {
        if (this.checks === "as-they-are") return startTimer(callback, ms);
        return this.checks === "by-reports" && ms <= MAX_QUIET_MS ? startTimer(callback, 0) : () => {};
      },
      verifySettings: () => this.#settings.verify,
      memory: new Memento() as unknown as vscode.Memento,
      onError: (error) => this.messages.push(String(error)),
    });
    const restore = [
      replaceMessages("showWarningMessage", this),
      replaceMessages("showInformationMessage", this),
      replaceMessages("showErrorMessage", this),
      replaceInputBox(this),
    ];
    this.#close = async () => {
      for (const each of restore) each();
      this.edits.dispose();
      await (await ledger()).close();
      await this.simulator.stop();
      await rm(folder, { recursive: true, force: true });
    };
  }

  static async open(): Promise<EditWindow> {
    return new EditWindow(await routedSetup(), await mkdtemp(join(tmpdir(), "switchyard-edits-")));
  }

  /** Sets settings beside those of the simulator's models and routes. */
  set(changed: Readonly<Record<string, unknown>> = {}): void {
    this.#settings = readSettings({ ...this.#raw, ...changed }).settings;
  }

  /** Ends the time after which an accepted edit is kept. */
  async passTime(): Promise<void> {
    for (const resolve of this.#waits.splice(0)) resolve();
    await setTimeout();
  }

  /** Forgets events, messages and what was prepared, and closes all editors without saving. */
  async reset(): Promise<void> {
    this.set();
    this.simulator.clear();
    await this.passTime();
    for (const { document } of vscode.window.visibleTextEditors)
      await this.edits.hunks.discardAll(document.uri);
    while (vscode.window.tabGroups.activeTabGroup.activeTab !== undefined)
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    this.type = (value) => value;
    this.checks = "never";
    const { events, messages, prompts, reports, changedBudgets, answers } = this;
    for (const list of [events, messages, prompts, reports, changedBudgets, answers]) list.length = 0;
  }

  /** The models of the settings. */
  get models(): Readonly<Record<string, unknown>> {
    return this.#raw["switchyard.models"] as Readonly<Record<string, unknown>>;
  }

  get privatePaths(): readonly string[] {
    return this.#settings.privatePaths;
  }

  /** Writes a file outside of the workspace, and shows it. @param beside a file in whose folder it is; else it has its own */
  async file(name: string, content: string, beside?: vscode.Uri): Promise<vscode.TextDocument> {
    const folder =
      beside === undefined ? await mkdtemp(join(this.#folder, "files-")) : dirname(beside.fsPath);
    const path = join(folder, name);
    await writeFile(path, content);
    const document = await vscode.workspace.openTextDocument(path);
    await vscode.window.showTextDocument(document, { preview: false });
    return document;
  }

  /** Inserts what the user types at the beginning of a line. */
  async insert(document: vscode.TextDocument, line: number, text: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(line, 0), text);
    await vscode.workspace.applyEdit(edit);
  }

  /** Asks for an edit, whose answer the simulator gives. The words may contain its directives. */
  async modify(document: vscode.TextDocument, words: string, range = wholeOf(document)): Promise<void> {
    await this.edits.edit(document, range, editTask("modify", words));
  }

  /** Asks to fix the problems of a document. */
  async fix(document: vscode.TextDocument, words: string): Promise<void> {
    await this.edits.edit(document, wholeOf(document), editTask("fix", words));
  }

  /** The kinds of what became of edits. */
  get kinds(): readonly string[] {
    return this.events.map(({ kind }) => kind);
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/** Opens a window before the tests of a `describe`, resets it after each, and closes it. @param onOpen receives it */
export function useEditWindow(onOpen: (window: EditWindow) => unknown): void {
  let window: EditWindow;
  before(async () => {
    window = await EditWindow.open();
    await onOpen(window);
  });
  afterEach(() => window.reset());
  after(() => window.close());
}

/** Resolves once a condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(5);
}

/** All of a document. */
function wholeOf(document: vscode.TextDocument): vscode.Range {
  return new vscode.Range(0, 0, document.lineCount, 0);
}

/** Adds a folder to the workspace. Returns what removes it. */
export async function addFolder(uri: vscode.Uri, name: string): Promise<() => Promise<void>> {
  const changed = async (change: () => void) => {
    const done = Promise.withResolvers<unknown>();
    const listener = vscode.workspace.onDidChangeWorkspaceFolders(done.resolve);
    change();
    await done.promise;
    listener.dispose();
  };
  await changed(() => vscode.workspace.updateWorkspaceFolders(1, 0, { uri, name }));
  return () => changed(() => vscode.workspace.updateWorkspaceFolders(1, 1));
}

/** Adds a folder to the workspace while something runs. */
export async function withFolder(uri: vscode.Uri, name: string, run: () => Promise<void>): Promise<void> {
  const remove = await addFolder(uri, name);
  try {
    await run();
  } finally {
    await remove();
  }
}

type Messages = "showWarningMessage" | "showInformationMessage" | "showErrorMessage";

/** Lets the test read messages and press their buttons. @returns what puts VS Code's own back */
function replaceMessages(name: Messages, window: EditWindow): () => void {
  const original = vscode.window[name];
  const replacement = async (message: string, ...rest: readonly unknown[]): Promise<string | undefined> => {
    window.messages.push(message);
    const pressed = window.answers.findIndex((answer) => rest.includes(answer));
    return pressed < 0 ? undefined : window.answers.splice(pressed, 1)[0];
  };
  Object.assign(vscode.window, { [name]: replacement });
  return () => Object.assign(vscode.window, { [name]: original });
}

/** Lets the test read the prompts of input boxes and type into them. @returns what puts VS Code's own back */
function replaceInputBox(window: EditWindow): () => void {
  const original = vscode.window.showInputBox;
  const replacement = async ({ prompt = "", value = "", validateInput }: vscode.InputBoxOptions) => {
    window.prompts.push(prompt);
    const typed = window.type(value);
    const message = typed === undefined || typed === value ? undefined : await validateInput?.(typed);
    if (typeof message === "object" && message !== null) window.prompts.push(message.message);
    if (typeof message === "string") window.messages.push(message);
    return typeof message === "string" ? undefined : typed;
  };
  Object.assign(vscode.window, { showInputBox: replacement });
  return () => Object.assign(vscode.window, { showInputBox: original });
}
