import * as vscode from "vscode";

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
