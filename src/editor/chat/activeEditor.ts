import * as vscode from "vscode";
import type { ContextItem } from "../../contract/conversation.ts";
import { estimateTokens } from "../../models/tokens.ts";
import { isPrivateFile } from "./privateFile.ts";

/** The selected code of the active editor, with its place; the whole file where nothing is selected. */
export function codeContext(privatePaths: readonly string[]): ContextItem | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { document, selection } = editor;
  const kind = selection.isEmpty ? "file" : "selection";
  const text = document.getText(selection.isEmpty ? undefined : selection);
  if (text.trim() === "") return undefined;
  const path = vscode.workspace.asRelativePath(document.uri, false).replaceAll("\\", "/");
  const { start, end } = selection.isEmpty ? wholeOf(document) : selection;
  const endsBeforeLine = end.character === 0 && end.line > start.line;
  return {
    kind,
    path,
    language: document.languageId,
    startLine: start.line + 1,
    endLine: endsBeforeLine ? end.line : end.line + 1,
    text,
    tokens: estimateTokens(text),
    isPrivate: isPrivateFile(privatePaths, { relative: path, absolute: document.uri.path }),
  };
}

function wholeOf(document: vscode.TextDocument): vscode.Range {
  return document.lineAt(0).range.union(document.lineAt(document.lineCount - 1).range);
}

/** Puts code at the cursor of the active editor, in place of what is selected there. */
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

/** Opens a link of an answer in the browser, after VS Code's own question; nothing but web and mail addresses. */
export async function openLink(href: string): Promise<void> {
  if (/^(https?|mailto):/i.test(href)) await vscode.env.openExternal(vscode.Uri.parse(href, true));
}
