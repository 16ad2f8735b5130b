import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Page } from "playwright-core";
import type { VsCode } from "./extensionHost.ts";
import { until } from "./until.ts";

/** A place in a document, from 0. One behind its end stands for the end. */
type Place = { readonly line: number; readonly character: number };

/** The editors of a window. What is done here is no part of a test, and depends on no focus. */
export abstract class EditorArea {
  abstract get page(): Page;
  /** The workspace's folder. */
  abstract get folder(): string;
  abstract evaluate<A, R>(run: (code: VsCode, argument: A) => R, argument: A): Promise<Awaited<R>>;

  /** Runs commands of VS Code itself by their ids. */
  async runBuiltIn(...ids: readonly string[]): Promise<void> {
    await this.evaluate(async (code, commands) => {
      for (const command of commands) await code.commands.executeCommand(command);
    }, ids);
  }

  /** Opens a file of the workspace in the editor, and focuses it. */
  async openFile(name: string): Promise<void> {
    const paths = await readdir(this.folder, { recursive: true });
    const path = paths.find((candidate) => basename(candidate) === name);
    if (path === undefined) throw new Error(`The workspace has no ${name}.`);
    await this.evaluate(
      async (code, file) => {
        await code.window.showTextDocument(code.Uri.file(file), { preview: false });
      },
      join(this.folder, path),
    );
    await this.page.locator(`.editor-group-container .tab.active[data-resource-name="${name}"]`).waitFor();
    await this.page.locator(".editor-group-container.active .monaco-editor .view-line").first().waitFor();
    await this.focusEditor();
  }

  /** Resolves when keys go to the active editor. */
  async focusEditor(): Promise<void> {
    await this.#focus(
      "workbench.action.focusActiveEditorGroup",
      ".editor-group-container.active .monaco-editor.focused",
    );
  }

  /** Resolves when keys go to the active terminal. */
  async focusTerminal(): Promise<void> {
    await this.#focus("workbench.action.terminal.focus", ".terminal-wrapper.active .xterm.focus");
  }

  /** What was opened before may take the focus once it has loaded. */
  async #focus(command: string, focused: string): Promise<void> {
    await until(async () => {
      await this.runBuiltIn(command);
      await this.page.locator(focused).waitFor({ timeout: 3_000 });
    }, 60_000);
  }

  /** Focuses the active editor and selects everything in it. */
  async selectAll(): Promise<void> {
    await this.#select({ line: 0, character: 0 }, { line: 1_000_000, character: 0 });
  }

  /** Focuses the active editor and places its cursor there, from 1. */
  async goTo(line: number, column = 1): Promise<void> {
    const place = { line: line - 1, character: column - 1 };
    await this.#select(place, place);
  }

  async #select(...range: readonly Place[]): Promise<void> {
    await this.evaluate(async (code, ends) => {
      const editor = code.window.activeTextEditor;
      if (editor === undefined) throw new Error("No editor is active.");
      const [anchor, active] = ends.map(({ line, character }) =>
        editor.document.validatePosition(new code.Position(line, character)),
      );
      if (anchor === undefined || active === undefined) return;
      editor.selection = new code.Selection(anchor, active);
      editor.revealRange(editor.selection);
      // Calls arrive in order: when this one has been answered, the selection is set.
      await code.commands.executeCommand("workbench.action.focusActiveEditorGroup");
    }, range);
    await this.focusEditor();
  }

  /** Returns the text of the active editor's document as extensions know it, a moment after the user has typed it. */
  documentText(): Promise<string> {
    return this.evaluate((code) => code.window.activeTextEditor?.document.getText() ?? "", undefined);
  }

  /** Saves the active editor's file. */
  async save(): Promise<void> {
    await this.evaluate((code) => code.window.activeTextEditor?.document.save(), undefined);
    await this.page.locator(".tab.active.dirty").waitFor({ state: "detached" });
  }

  /** Takes back what is not saved in the active editor. */
  async revert(): Promise<void> {
    await until(async () => {
      await this.runBuiltIn("workbench.action.files.revert");
      await this.page.locator(".tab.dirty").waitFor({ state: "detached", timeout: 3_000 });
    }, 60_000);
  }

  /** Resolves when keys go to the active editor. */
  async editorHasFocus(): Promise<void> {
    await this.page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
  }

  /** Returns the visible text of the active editor, with plain spaces. */
  async editorText(): Promise<string> {
    const lines = this.page.locator(".editor-group-container.active .view-lines");
    if ((await lines.count()) === 0) return "";
    return (await lines.first().innerText()).replace(/[\u00a0\u202f]/g, " ");
  }
}
