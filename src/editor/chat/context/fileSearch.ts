import * as vscode from "vscode";
import { offeredFiles, searchExclude } from "./git/ignored.ts";
import { isPrivateDocument, nameOf, placeOfDocument } from "./places.ts";

/** The search stops after so many files, so that it takes milliseconds in a large workspace too. */
const MAX_FOUND = 1_000;
const MAX_FILES = 20;
const MAX_FOLDERS = 5;
const MAX_OPEN = 10;

export type FoundFiles = { readonly files: readonly vscode.Uri[]; readonly folders: readonly vscode.Uri[] };

/**
 * Finds files and folders by a part of their names, ignoring case; `a/b` finds a `b` somewhere inside of an `a`. Private
 * files, and those that Git or the settings ignore, are not found.
 */
export async function findFiles(
  query: string,
  privatePaths: readonly string[],
  token: vscode.CancellationToken,
): Promise<FoundFiles> {
  const parts = query.split("/").filter((part) => part !== "");
  if (parts.length === 0) return { files: [], folders: [] };
  const glob = `**/${parts.map((part) => `*${ignoringCase(part)}*`).join("/**/")}`;
  const search = (include: string) =>
    vscode.workspace.findFiles(include, searchExclude(), MAX_FOUND, token).then((found) => found);
  const [named, inside] = await Promise.all([search(glob), search(`${glob}/**`)]);
  if (token.isCancellationRequested) return { files: [], folders: [] };
  const last = parts.at(-1)?.toLowerCase() ?? "";
  const [files, inFolders] = await Promise.all([
    offeredFiles(named, privatePaths),
    offeredFiles(inside, privatePaths),
  ]);
  const folders = new Map(
    inFolders.flatMap((uri) => foldersOf(uri, last)).map((uri) => [uri.toString(), uri] as const),
  );
  return {
    files: ranked(files, last).slice(0, MAX_FILES),
    folders: ranked([...folders.values()], last).slice(0, MAX_FOLDERS),
  };
}

/** Returns the files of the open tabs, those of the active group first. */
export function openFiles(privatePaths: readonly string[]): readonly vscode.Uri[] {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const groups = [activeTabGroup, ...all.filter((group) => group !== activeTabGroup)];
  const uris = groups
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri] : []))
    .filter((uri) => placeOfDocument(uri).folder !== undefined && !isPrivateDocument(privatePaths, uri));
  return [...new Map(uris.map((uri) => [uri.toString(), uri])).values()].slice(0, MAX_OPEN);
}

/** Globs are case-sensitive on some machines: a letter becomes a class of both its cases. */
function ignoringCase(part: string): string {
  return [...part]
    .map((character) => {
      if (/[[\]{}*?!,\\]/.test(character)) return "?";
      const [lower, upper] = [character.toLowerCase(), character.toUpperCase()];
      return lower === upper || lower.length > 1 || upper.length > 1 ? character : `[${lower}${upper}]`;
    })
    .join("");
}

/** Returns the folders around a file whose names contain a text. */
function foldersOf(uri: vscode.Uri, text: string): readonly vscode.Uri[] {
  const { relative, folder } = placeOfDocument(uri);
  if (folder === undefined) return [];
  const names = relative.split("/").slice(0, -1);
  return names.flatMap((name, index) =>
    name.toLowerCase().includes(text) ? [vscode.Uri.joinPath(folder.uri, ...names.slice(0, index + 1))] : [],
  );
}

/** Names that begin with the text come first, then the shorter paths. */
function ranked(uris: readonly vscode.Uri[], text: string): readonly vscode.Uri[] {
  const rank = (uri: vscode.Uri) => {
    const name = nameOf(uri.path).toLowerCase();
    return name === text || name.startsWith(`${text}.`) ? 0 : name.startsWith(text) ? 1 : 2;
  };
  return uris.toSorted(
    (one, other) =>
      rank(one) - rank(other) || one.path.length - other.path.length || (one.path < other.path ? -1 : 1),
  );
}
