import * as vscode from "vscode";
import type { Indentation } from "../../assistant/edits/indentation.ts";

/** The scheme of documents that show a file as a proposal would leave it. */
export const PROPOSAL_SCHEME = "switchyard-proposal";

/** The schemes of documents that the user edits. Others are output, reports and the like. */
const EDITED = new Set([
  "file",
  "untitled",
  "vscode-remote",
  "vscode-userdata",
  "vscode-notebook-cell",
  "vscode-vfs",
]);

/** Returns the editor that the user works in; the chat view itself does not count as one. */
export function currentEditor(): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  return [activeTextEditor, ...visibleTextEditors].find(
    (editor) => editor !== undefined && isEdited(editor.document),
  );
}

/** Whether a document is one that the user can edit. */
export function isEdited({ uri }: vscode.TextDocument): boolean {
  return EDITED.has(uri.scheme) || vscode.workspace.fs.isWritableFileSystem(uri.scheme) === true;
}

/** How an editor indents. */
export function indentationOf({ options }: vscode.TextEditor): Indentation {
  const { insertSpaces, indentSize, tabSize } = options;
  if (insertSpaces === false) return { kind: "tabs" };
  const size = [indentSize, tabSize].find((each) => typeof each === "number");
  return { kind: "spaces", size: size ?? 4 };
}
