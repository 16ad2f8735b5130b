import * as vscode from "vscode";
import { isPrivateFile } from "../../assistant/context.ts";
import type { ContextItem } from "../../contract/conversation.ts";
import { estimateTokens } from "../../models/tokens.ts";

/** Returns the selected code of the active editor, or its whole file where nothing is selected. */
export function codeContext(privatePaths: readonly string[]): ContextItem | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { document, selection } = editor;
  const text = document.getText(selection.isEmpty ? undefined : selection);
  if (text.trim() === "") return undefined;
  const path = vscode.workspace.asRelativePath(document.uri, false).replaceAll("\\", "/");
  const { start, end } = selection.isEmpty ? rangeOf(document) : selection;
  // A selection of whole lines ends at the start of the line after it.
  const endsBeforeLine = end.character === 0 && end.line > start.line;
  return {
    kind: selection.isEmpty ? "file" : "selection",
    path,
    language: document.languageId,
    startLine: start.line + 1,
    endLine: endsBeforeLine ? end.line : end.line + 1,
    text,
    tokens: estimateTokens(text),
    isPrivate: isPrivateFile(privatePaths, { relative: path, absolute: document.uri.path }),
  };
}

function rangeOf(document: vscode.TextDocument): vscode.Range {
  return document.lineAt(0).range.union(document.lineAt(document.lineCount - 1).range);
}

/** Inserts code at the cursor of the active editor, replacing its selection. */
export async function insertAtCursor(text: string): Promise<void> {
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  if (editor === undefined) {
    await vscode.window.showInformationMessage(vscode.l10n.t("Open a file to insert this code into."));
    return;
  }
  const done = await editor.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, text);
  });
  if (!done)
    await vscode.window.showWarningMessage(
      vscode.l10n.t("{file} cannot be edited.", { file: editor.document.fileName }),
    );
}

/** Opens a web or mail link of an answer, after VS Code's own confirmation. Other links are ignored. */
export async function openLink(href: string): Promise<void> {
  if (/^(https?|mailto):/i.test(href)) await vscode.env.openExternal(vscode.Uri.parse(href, true));
}
