import * as vscode from "vscode";

/**
 * Returns the text of a file that the user did not name: undefined if it is larger, not text, or a link, which may lead to
 * a file outside of the workspace.
 */
export async function ownText(uri: vscode.Uri, maxBytes: number): Promise<string | undefined> {
  try {
    const { type, size } = await vscode.workspace.fs.stat(uri);
    if (type !== vscode.FileType.File || size > maxBytes) return undefined;
    const bytes = await vscode.workspace.fs.readFile(uri);
    return bytes.includes(0) ? undefined : new TextDecoder().decode(bytes);
  } catch {
    // It was deleted meanwhile, or it may not be read.
    return undefined;
  }
}
