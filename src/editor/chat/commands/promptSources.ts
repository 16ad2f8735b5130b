import * as vscode from "vscode";
import type { PromptSources } from "../../../assistant/commands/fillPrompt.ts";
import type { Gathered } from "../../../assistant/context.ts";
import { changes } from "../context/git/changes.ts";
import { allProblems, problemsOf } from "../context/problems.ts";
import { activeFile, selections, selectionsOrFile } from "../context/selection.ts";

/** The placeholders of prompts, as the editor can fill them now. */
export function promptSources(privatePaths: () => readonly string[], now: () => number): PromptSources {
  let lastChanges: { readonly atMs: number; readonly gathered: Promise<Gathered> } | undefined;
  return {
    gather: async (what, maxAgeMs) => {
      const globs = privatePaths();
      switch (what) {
        case "selection":
          return selections(globs);
        case "selected-or-file":
          return selectionsOrFile(globs);
        case "file":
          return activeFile(globs);
        case "problems": {
          const active = vscode.window.activeTextEditor?.document.uri;
          return active === undefined ? allProblems(globs) : problemsOf(active, globs);
        }
        case "changes":
          // Git runs once for each changed file.
          if (lastChanges === undefined || now() - lastChanges.atMs >= maxAgeMs)
            lastChanges = { atMs: now(), gathered: changes(globs) };
          return lastChanges.gathered;
      }
    },
    language: () => vscode.window.activeTextEditor?.document.languageId,
    noLanguage: () => vscode.l10n.t("No editor is open, so the language is not known."),
  };
}

/** The user moves the selection in many small steps. */
const PAUSE_MS = 200;

/** Reports, after a pause, that a placeholder may have other content. */
export function watchPromptSources(onChange: () => void): vscode.Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, PAUSE_MS);
  };
  return vscode.Disposable.from(
    vscode.window.onDidChangeTextEditorSelection(changed),
    vscode.window.onDidChangeActiveTextEditor(changed),
    vscode.languages.onDidChangeDiagnostics(changed),
    { dispose: () => clearTimeout(timer) },
  );
}
