import * as vscode from "vscode";
import { splitLines } from "../../assistant/edits/lines.ts";
import { lineChanges } from "../../assistant/edits/mergeTexts.ts";
import { placeOfDocument } from "../chat/context/places.ts";

/** The edits that lead from a document's text to another one: only the lines that differ. */
function editsBetween(document: vscode.TextDocument, current: string, after: string): vscode.TextEdit[] {
  const starts = [0];
  for (const line of splitLines(current)) starts.push((starts.at(-1) ?? 0) + line.length);
  const at = (line: number) => document.positionAt(starts[line] ?? current.length);
  return lineChanges(current, after).map(({ start, end, lines }) =>
    vscode.TextEdit.replace(new vscode.Range(at(start), at(end)), lines.join("")),
  );
}

/** So often the user may write in a document just before it is changed. */
const MAX_TRIES = 10;
/** What the user writes reaches extensions later than the rejection of a change that it comes before. */
const USER_WRITES_ARRIVE_WITHIN_MS = 2_000;

/** The text of a document just before it was changed, and then. */
export type WrittenText = { readonly before: string; readonly after: string };

/**
 * Changes the text of a document at once, so that one undo takes it back. Undefined if nothing is written: `textOf` returns
 * none, or the document cannot be edited, which the user then has read.
 * @param textOf returns the new text for the present one. It is called again if the user writes in the document just before
 *   the change: VS Code then rejects it
 */
export async function writeText(
  document: vscode.TextDocument,
  textOf: (before: string) => string | undefined,
): Promise<WrittenText | undefined> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const { version } = document;
    const before = document.getText();
    const after = textOf(before);
    if (after === undefined) return undefined;
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, editsBetween(document, before, after));
    if (await vscode.workspace.applyEdit(edit)) return { before, after };
    if (document.version === version && !(await changes(document))) break;
  }
  const { path: file } = placeOfDocument(document.uri);
  void vscode.window.showErrorMessage(vscode.l10n.t("{file} cannot be edited.", { file }));
  return undefined;
}

/** Resolves to whether a document changes before the user's writing must have arrived. */
function changes(document: vscode.TextDocument): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isChanged: boolean) => {
      clearTimeout(timer);
      listener.dispose();
      resolve(isChanged);
    };
    const timer = setTimeout(() => end(false), USER_WRITES_ARRIVE_WITHIN_MS);
    const listener = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === document) end(true);
    });
  });
}
