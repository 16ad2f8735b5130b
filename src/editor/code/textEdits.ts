import * as vscode from "vscode";
import { splitLines } from "../../assistant/edits/lines.ts";
import { lineChanges } from "../../assistant/edits/mergeTexts.ts";

/** The edits that lead from a document's text to another one: only the lines that differ. */
export function editsBetween(
  document: vscode.TextDocument,
  current: string,
  after: string,
): vscode.TextEdit[] {
  const starts = [0];
  for (const line of splitLines(current)) starts.push((starts.at(-1) ?? 0) + line.length);
  const at = (line: number) => document.positionAt(starts[line] ?? current.length);
  return lineChanges(current, after).map(({ start, end, lines }) =>
    vscode.TextEdit.replace(new vscode.Range(at(start), at(end)), lines.join("")),
  );
}
