import * as vscode from "vscode";
import type { CodeItem, Gathered } from "../../../assistant/context.ts";
import { estimateTokens } from "../../../models/tokens.ts";
import { fileItem } from "./file.ts";
import { isPrivateDocument, placeOfDocument } from "./places.ts";
import { nothing } from "./source.ts";

/** Gathers every selection of the active editor. */
export function selections(privatePaths: readonly string[]): Gathered {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return nothing(noEditor());
  const items = editor.selections.flatMap((selection) => rangeItem(editor.document, selection, privatePaths));
  return items.length === 0
    ? nothing(vscode.l10n.t("Nothing is selected in the editor."))
    : { kind: "items", items };
}

/** Gathers every selection of the active editor, or its whole file if nothing is selected. */
export function selectionsOrFile(privatePaths: readonly string[]): Gathered {
  const selected = selections(privatePaths);
  return selected.kind === "items" ? selected : activeFile(privatePaths);
}

/** Gathers the file of the active editor, with what is not saved yet. */
export function activeFile(privatePaths: readonly string[]): Gathered {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined) return nothing(noEditor());
  const item = fileItem(document, privatePaths);
  return item === undefined
    ? nothing(vscode.l10n.t("{file} is empty.", { file: placeOfDocument(document.uri).path }))
    : { kind: "items", items: [item] };
}

function noEditor(): string {
  return vscode.l10n.t("No editor is open. Type # and the name of a file.");
}

/** Returns the code of a range as an item; none if there is only white space. */
export function rangeItem(
  document: vscode.TextDocument,
  range: vscode.Range,
  privatePaths: readonly string[],
): readonly CodeItem[] {
  const text = document.getText(range);
  if (text.trim() === "") return [];
  const { start, end } = range;
  // A selection of whole lines ends at the start of the line after it.
  const endsBeforeLine = end.character === 0 && end.line > start.line;
  return [
    {
      kind: "selection",
      path: placeOfDocument(document.uri).path,
      language: document.languageId,
      startLine: start.line + 1,
      endLine: endsBeforeLine ? end.line : end.line + 1,
      text,
      tokens: estimateTokens(text),
      isPrivate: isPrivateDocument(privatePaths, document.uri),
      source: document.uri.toString(),
    },
  ];
}
