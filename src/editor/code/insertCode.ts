import * as vscode from "vscode";
import { insertAt, replaceSelection } from "../../assistant/edits/insertion.ts";
import { currentEditor, indentationOf } from "./textEditors.ts";

/** Inserts code at the cursor, on lines of its own, and moves the focus there. Asks before it replaces a selection. */
export async function insertCode(code: string, editor = currentEditor()): Promise<void> {
  if (editor === undefined) {
    await vscode.window.showInformationMessage(vscode.l10n.t("Open a file to insert this code into."));
    return;
  }
  const { document, selection } = editor;
  const lines = { lineCount: document.lineCount, lineAt: (line: number) => document.lineAt(line).text };
  const unit = indentationOf(editor);
  const replaces = selection.isEmpty ? false : await asksToReplace(selection);
  if (replaces === undefined) return;
  const insertion = replaces
    ? replaceSelection(lines, selection.start, selection.end, code, unit)
    : insertAt(lines, selection.end, code, unit);
  const start = new vscode.Position(insertion.start.line, insertion.start.character);
  const end = new vscode.Position(insertion.end.line, insertion.end.character);
  const done = await editor.edit((edit) => edit.replace(new vscode.Range(start, end), insertion.text));
  if (!done) {
    await vscode.window.showWarningMessage(
      vscode.l10n.t("{file} cannot be edited.", { file: vscode.workspace.asRelativePath(document.uri) }),
    );
    return;
  }
  const offset = document.offsetAt(start) + insertion.text.replaceAll("\n", eolOf(document)).trimEnd().length;
  const cursor = document.positionAt(offset);
  editor.selection = new vscode.Selection(cursor, cursor);
  editor.revealRange(new vscode.Range(start, cursor));
  await focus(editor);
}

/** Returns whether the selection is replaced; undefined if nothing is inserted at all. */
async function asksToReplace({ start, end }: vscode.Selection): Promise<boolean | undefined> {
  const count = end.line - start.line + (end.character > 0 || end.line === start.line ? 1 : 0);
  const question =
    count === 1
      ? vscode.l10n.t("Replace the selected text?")
      : vscode.l10n.t("Replace the {count} selected lines?", { count });
  const replace = vscode.l10n.t("Replace");
  const insertBelow = vscode.l10n.t("Insert Below");
  const answer = await vscode.window.showWarningMessage(question, { modal: true }, replace, insertBelow);
  return answer === undefined ? undefined : answer === replace;
}

function eolOf(document: vscode.TextDocument): string {
  return document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n";
}

async function focus({ document, viewColumn, selection }: vscode.TextEditor): Promise<void> {
  // The editors of notebook cells belong to no column, and cannot be shown by themselves.
  if (viewColumn === undefined || document.uri.scheme === "vscode-notebook-cell") return;
  await vscode.window.showTextDocument(document, { viewColumn, selection, preserveFocus: false });
}
