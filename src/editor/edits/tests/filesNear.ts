import * as vscode from "vscode";
import { nameOf } from "../../chat/context/places.ts";

/** Folders without files that a person wrote. */
const NOT_SEARCHED = new Set([
  ...["node_modules", "bower_components", "vendor", "dist", "out", "build", "target", "bin", "obj"],
  ...["coverage", "venv", "__pycache__", "Pods", "_build", "deps"],
]);
/** So many folders are read: some 10 ms each on a slow file system. */
const MAX_FOLDERS = 1_000;
const MAX_TIME_MS = 2_000;

/**
 * Returns the files with one of these extensions around a folder, relative to the root, the nearest ones first. Only
 * `workspace.fs` is used, so that it works where no search is. In a large workspace, those far away are left out.
 * @param start the folder, relative to the root; empty: the root itself
 */
export async function filesNear(
  root: vscode.Uri,
  start: readonly string[],
  extensions: readonly string[],
): Promise<readonly string[]> {
  const endMs = performance.now() + MAX_TIME_MS;
  const seen = new Set<string>([start.join("/")]);
  const found: string[] = [];
  let level: readonly (readonly string[])[] = [start];
  // From each folder to those in it and to the one that it is in: each step reaches the folders one step further away.
  while (level.length > 0 && performance.now() < endMs) {
    const read = await Promise.all(
      level.map(async (folder) => [folder, await entriesOf(root, folder)] as const),
    );
    const next: (readonly string[])[] = [];
    for (const [folder, entries] of read) {
      const inside: (readonly string[])[] = [];
      for (const [name, type] of entries) {
        if (type === vscode.FileType.Directory && isSearched(name)) inside.push([...folder, name]);
        const isWanted = extensions.includes(nameOf(name).split(".").slice(1).at(-1) ?? "");
        if (type === vscode.FileType.File && isWanted) found.push([...folder, name].join("/"));
      }
      const around = folder.length > 0 ? [folder.slice(0, -1)] : [];
      for (const each of [...around, ...inside]) {
        const key = each.join("/");
        if (seen.has(key) || seen.size >= MAX_FOLDERS) continue;
        seen.add(key);
        next.push(each);
      }
    }
    level = next;
  }
  return found;
}

function isSearched(name: string): boolean {
  return !name.startsWith(".") && !NOT_SEARCHED.has(name);
}

async function entriesOf(
  root: vscode.Uri,
  folder: readonly string[],
): Promise<readonly [string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(root, ...folder));
  } catch {
    // It was deleted meanwhile, or it may not be read: its files do not decide then.
    return [];
  }
}
