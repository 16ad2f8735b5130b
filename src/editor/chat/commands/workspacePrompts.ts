import * as vscode from "vscode";
import { type PromptFile, readPromptFile } from "../../../assistant/commands/promptFile.ts";

const FOLDER = ".switchyard/prompts";
/** The most files of one workspace folder, and the most bytes of a file: no prompt that is valid has more. */
const MAX_FILES = 100;
const MAX_BYTES = 80_000;

/** A prompt of a workspace folder, with the name of its file. */
export type WorkspacePrompt = PromptFile & { readonly fileName: string };

/**
 * The prompts in `.switchyard/prompts/` of the workspace folders. There are none while the workspace is not trusted: its
 * files are read only once it is.
 */
export class WorkspacePrompts implements vscode.Disposable {
  readonly #log: Pick<vscode.LogOutputChannel, "warn">;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #watchers: vscode.Disposable | undefined;
  #prompts: Promise<readonly WorkspacePrompt[]> | undefined;

  /** Fires after the prompts have changed. */
  readonly onDidChange = this.#changed.event;

  constructor(log: Pick<vscode.LogOutputChannel, "warn">) {
    this.#log = log;
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#reset()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.#watchers?.dispose();
        this.#watchers = undefined;
        this.#reset();
      }),
    ];
  }

  /** The prompts of all folders. If two have the same name, that of the first folder counts. */
  get(): Promise<readonly WorkspacePrompt[]> {
    this.#prompts ??= this.#read();
    return this.#prompts;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#watchers?.dispose();
  }

  #reset(): void {
    this.#prompts = undefined;
    this.#changed.fire();
  }

  async #read(): Promise<readonly WorkspacePrompt[]> {
    const { isTrusted, workspaceFolders = [] } = vscode.workspace;
    if (!isTrusted) return [];
    this.#watchers ??= vscode.Disposable.from(...workspaceFolders.map((folder) => this.#watch(folder)));
    const found = await Promise.all(workspaceFolders.map((folder) => this.#readFolder(folder)));
    return [
      ...new Map(
        found
          .flat()
          .toReversed()
          .map((prompt) => [prompt.name, prompt]),
      ).values(),
    ].toReversed();
  }

  #watch(folder: vscode.WorkspaceFolder): vscode.Disposable {
    const pattern = new vscode.RelativePattern(folder, `${FOLDER}/*.md`);
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const reset = () => this.#reset();
    return vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(reset),
      watcher.onDidChange(reset),
      watcher.onDidDelete(reset),
    );
  }

  async #readFolder(folder: vscode.WorkspaceFolder): Promise<readonly WorkspacePrompt[]> {
    const uri = vscode.Uri.joinPath(folder.uri, FOLDER);
    // Most workspaces have no such folder.
    const entries = await vscode.workspace.fs.readDirectory(uri).then(
      (all) => all,
      () => [],
    );
    const files = entries
      // A link may lead out of the workspace.
      .filter(([name, type]) => type === vscode.FileType.File && /\.md$/i.test(name))
      .map(([name]) => name)
      .toSorted();
    const prompts = await Promise.all(files.slice(0, MAX_FILES).map((name) => this.#readFile(uri, name)));
    return prompts.flatMap((prompt) => prompt ?? []);
  }

  async #readFile(folder: vscode.Uri, fileName: string): Promise<WorkspacePrompt | undefined> {
    const uri = vscode.Uri.joinPath(folder, fileName);
    try {
      const { size } = await vscode.workspace.fs.stat(uri);
      const content =
        size > MAX_BYTES ? "" : new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      const prompt = readPromptFile(fileName, content);
      if (prompt !== undefined) return { ...prompt, fileName };
      this.#log.warn(
        `${FOLDER}/${fileName} is ignored: its name cannot be typed as a command, or its text is empty or too long.`,
      );
    } catch (error) {
      this.#log.warn(`${FOLDER}/${fileName} cannot be read: ${String(error)}`);
    }
    return undefined;
  }
}
