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

/**
 * Writes a document's new text as one change, which one undo takes back. Resolves to false if that is not possible, which the
 * user then has read.
 */
export async function writeText(document: vscode.TextDocument, text: string): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, editsBetween(document, document.getText(), text));
  if (await vscode.workspace.applyEdit(edit)) return true;
  const { path: file } = placeOfDocument(document.uri);
  await vscode.window.showErrorMessage(vscode.l10n.t("{file} cannot be edited.", { file }));
  return false;
}
