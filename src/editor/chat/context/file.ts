import * as vscode from "vscode";
import { type CodeItem, type Gathered, isPrivateFile } from "../../../assistant/context.ts";
import { estimateTokens } from "../../../models/tokens.ts";
import { ignoredFiles } from "./git/ignored.ts";
import { fileOf, isPrivateDocument, nameOf, placeOfDocument } from "./places.ts";
import { cutLines, nothing } from "./source.ts";

/** A file is cut here: no model's window holds more, and the editor's storage keeps what is attached. */
const MAX_CHARACTERS = 8_000_000;

/** Gathers a file that the user names, marked if Git or the settings ignore it. What is not saved yet counts. */
export async function file(uri: vscode.Uri, privatePaths: readonly string[]): Promise<Gathered> {
  const { path } = placeOfDocument(uri);
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(uri);
  } catch {
    return nothing(vscode.l10n.t("{file} cannot be read as text.", { file: path }));
  }
  const item = fileItem(document, privatePaths);
  if (item === undefined) return nothing(vscode.l10n.t("{file} is empty.", { file: path }));
  const isIgnored = (await ignoredFiles([fileOf(uri)])).size > 0;
  return { kind: "items", items: [isIgnored ? { ...item, isIgnored } : item] };
}

/** Returns a document as an item; undefined if it is empty. */
export function fileItem(
  document: vscode.TextDocument,
  privatePaths: readonly string[],
): CodeItem | undefined {
  const whole = document.getText();
  if (whole.trim() === "") return undefined;
  const { text, leftOut } = cutLines(whole, MAX_CHARACTERS);
  return {
    kind: "file",
    path: placeOfDocument(document.uri).path,
    language: document.languageId,
    startLine: 1,
    endLine: leftOut?.included ?? document.lineCount,
    text,
    tokens: estimateTokens(text),
    isPrivate: isPrivateDocument(privatePaths, document.uri),
    source: document.uri.toString(),
    leftOut,
  };
}

/** Gathers a file of which only its name and text are known: it was dropped from outside of VS Code. */
export function droppedText(name: string, whole: string, privatePaths: readonly string[]): Gathered {
  const path = nameOf(name);
  if (whole.includes("\0")) return nothing(vscode.l10n.t("{file} cannot be read as text.", { file: path }));
  if (whole.trim() === "") return nothing(vscode.l10n.t("{file} is empty.", { file: path }));
  const { text, leftOut } = cutLines(whole, MAX_CHARACTERS);
  return {
    kind: "items",
    items: [
      {
        kind: "file",
        path,
        language: "",
        startLine: 1,
        endLine: leftOut?.included ?? text.split("\n").length,
        text,
        tokens: estimateTokens(text),
        isPrivate: isPrivateFile(privatePaths, { relative: path, absolute: path }),
        leftOut,
      },
    ],
  };
}
