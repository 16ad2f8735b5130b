import * as vscode from "vscode";
import { placeOfDocument } from "./places.ts";

/** Whether folders are links, or inside of one, by their URIs. */
export type KnownLinks = Map<string, Promise<boolean>>;

/**
 * Returns the text of a file that the user did not name: undefined if it is larger, not text, or a link or in a linked
 * folder, which may lead outside of the workspace.
 * @param links what is known of folders; of use for several files
 */
export async function ownText(
  uri: vscode.Uri,
  maxBytes: number,
  links: KnownLinks = new Map(),
): Promise<string | undefined> {
  try {
    const { type, size } = await vscode.workspace.fs.stat(uri);
    if (type !== vscode.FileType.File || size > maxBytes) return undefined;
    if (await isLinked(parentOf(uri), links)) return undefined;
    const bytes = await vscode.workspace.fs.readFile(uri);
    return bytes.includes(0) ? undefined : new TextDecoder().decode(bytes);
  } catch {
    // It was deleted meanwhile, or it may not be read.
    return undefined;
  }
}

/** Whether a folder, or one around it, is a link. The workspace folder itself was opened by the user. */
function isLinked(folder: vscode.Uri, links: KnownLinks): Promise<boolean> {
  const key = folder.toString();
  const known = links.get(key);
  if (known !== undefined) return known;
  const found = findLink(folder, links);
  links.set(key, found);
  return found;
}

async function findLink(folder: vscode.Uri, links: KnownLinks): Promise<boolean> {
  const { relative, folder: root } = placeOfDocument(folder);
  if (root === undefined || relative === "") return false;
  const { type } = await vscode.workspace.fs.stat(folder);
  return (type & vscode.FileType.SymbolicLink) !== 0 || isLinked(parentOf(folder), links);
}

function parentOf(uri: vscode.Uri): vscode.Uri {
  return uri.with({ path: uri.path.slice(0, uri.path.lastIndexOf("/")) });
}
