import * as vscode from "vscode";
import type { ShownEdit } from "../shownEdits.ts";
import { quietLine } from "./editMessages.ts";
import type { StepLine } from "./stepMessages.ts";

/** What the active document has of edits. */
export type ActiveEdits = {
  /** What is shown while an edit is written; undefined if none is. */
  readonly note: string | undefined;
  readonly edits: readonly ShownEdit[];
  /** Of the last edit. */
  readonly line: StepLine | undefined;
  readonly isAtHunk: boolean;
  /** Whether an edit was asked for, in this document or another one. */
  readonly hasReport: boolean;
};

/** The status bar item of edits, and the context keys of their commands. Both follow the active document. */
export class EditStatus implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("switchyard.edit", vscode.StatusBarAlignment.Right, 99);

  constructor() {
    this.#item.name = vscode.l10n.t("Switchyard: Edit");
  }

  show({ note, edits, line, isAtHunk, hasReport }: ActiveEdits): void {
    const hunks = edits.flatMap((shown) => shown.hunks);
    setContext("switchyard.editIsWritten", note !== undefined);
    setContext("switchyard.editIsShown", hunks.length > 0);
    setContext("switchyard.cursorInHunk", isAtHunk);
    setContext("switchyard.editCanEscalate", line?.action !== undefined);
    setContext("switchyard.editHasReport", hasReport);
    const last = edits.at(-1);
    if (note !== undefined) {
      this.#item.text = `$(loading~spin) ${note}`;
      this.#item.tooltip = undefined;
      this.#item.command = "switchyard.cancelEdit";
      this.#item.show();
    } else if (last !== undefined || line?.action !== undefined) {
      const changes =
        hunks.length === 1
          ? vscode.l10n.t("1 change")
          : vscode.l10n.t("{count} changes", { count: hunks.length });
      this.#item.text =
        line?.isFailure === true ? `$(warning) ${line.short ?? line.text}` : `$(diff) ${changes}`;
      const quiet = last === undefined ? [] : [quietLine(last.edit.tries)];
      this.#item.tooltip = [...quiet, ...(line === undefined ? [] : [line.text])].join(" · ");
      this.#item.command = "switchyard.showEditMenu";
      this.#item.show();
    } else this.#item.hide();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

function setContext(key: string, value: boolean): void {
  void vscode.commands.executeCommand("setContext", key, value);
}
