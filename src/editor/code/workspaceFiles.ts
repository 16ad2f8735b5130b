import { LRUCache } from "lru-cache";
import * as vscode from "vscode";
import { readPathReference } from "../../base/paths/pathReference.ts";

/** Folders of copied or generated files. */
const NOT_SEARCHED = "**/{node_modules,.git,.hg,.svn}/**";
const SEARCH_TIMEOUT_MS = 5_000;
const MAX_FOUND = 1_000;
const MAX_CHOICES = 50;
/** A file may appear or disappear: what was found is checked again after this time. */
const REMEMBERED_MS = 30_000;

/** Finds the files of the workspace that an answer names. Files outside its folders are never looked at. */
export class WorkspaceFiles {
  readonly #known = new LRUCache<string, boolean>({ max: 5_000, ttl: REMEMBERED_MS });

  /** Returns those of the names that are files of the workspace. */
  async existing(names: readonly string[]): Promise<string[]> {
    const unknown = names.filter((name) => this.#known.get(name) === undefined);
    const paths = new Map(unknown.map((name) => [name, readPathReference(name)?.path ?? ""]));
    const missing: string[] = [];
    await Promise.all(
      unknown.map(async (name) => {
        const isThere = (await exactFiles(paths.get(name) ?? "")).length > 0;
        if (isThere) this.#known.set(name, true);
        else missing.push(name);
      }),
    );
    const found = await searchFiles(missing.map((name) => paths.get(name) ?? ""));
    for (const name of missing) {
      const path = paths.get(name) ?? "";
      this.#known.set(
        name,
        found.some((uri) => endsWithPath(uri, path)),
      );
    }
    return names.filter((name) => this.#known.get(name) === true);
  }

  /** Returns the files that a path may mean: those at this place in a folder of the workspace, else those below one. */
  async find(path: string): Promise<readonly vscode.Uri[]> {
    const exact = await exactFiles(path);
    if (exact.length > 0) return exact;
    return (await searchFiles([path])).filter((uri) => endsWithPath(uri, path)).slice(0, MAX_CHOICES);
  }

  /** Like `find`, but lets the user choose where there are several. Undefined: there is none, or the user chose none. */
  async choose(path: string): Promise<{ readonly uri: vscode.Uri | undefined; readonly exists: boolean }> {
    const uris = await this.find(path);
    const [only] = uris;
    if (uris.length <= 1) return { uri: only, exists: only !== undefined };
    const items = uris.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
    const placeHolder = vscode.l10n.t("Several files are named “{name}”", { name: path });
    const chosen = await vscode.window.showQuickPick(items, { placeHolder });
    return { uri: chosen?.uri, exists: true };
  }

  /** Opens a file at the line and column of a name such as `src/a.ts:8:3`. */
  async open(name: string): Promise<void> {
    const reference = readPathReference(name);
    const { uri, exists } =
      reference === undefined ? { uri: undefined, exists: false } : await this.choose(reference.path);
    if (uri !== undefined) {
      const line = (reference?.line ?? 1) - 1;
      const column = (reference?.column ?? 1) - 1;
      const selection =
        reference?.line === undefined ? {} : { selection: new vscode.Range(line, column, line, column) };
      await vscode.commands.executeCommand("vscode.open", uri, { preview: true, ...selection });
      return;
    }
    if (exists) return;
    const message =
      reference === undefined || isAbsolute(reference.path)
        ? vscode.l10n.t("“{name}” is not opened, because it is not a file in this workspace.", { name })
        : vscode.l10n.t("“{name}” is not in this workspace.", { name });
    await vscode.window.showWarningMessage(message);
  }
}

async function exactFiles(path: string): Promise<readonly vscode.Uri[]> {
  if (path === "") return [];
  const places = (vscode.workspace.workspaceFolders ?? []).flatMap((folder) => placesIn(folder, path));
  const found = await Promise.all(places.map(async (uri) => ((await isFile(uri)) ? uri : undefined)));
  const unique = new Map(found.flatMap((uri) => (uri === undefined ? [] : [[uri.toString(), uri] as const])));
  return [...unique.values()];
}

/** Where a path may be in a folder: relative to it, with its name before, or absolute. Never outside the folder. */
function placesIn(folder: vscode.WorkspaceFolder, path: string): vscode.Uri[] {
  const root = folder.uri.path.replace(/\/$/, "");
  const absolute = /^[A-Za-z]:\//.test(path) ? `/${path}` : path;
  const inside = isAbsolute(path) ? withoutPrefix(absolute, `${root}/`) : path;
  const named = withoutPrefix(path, `${folder.name}/`);
  return [inside, named].flatMap((relative) => {
    if (relative === undefined || relative === "" || relative.split("/").includes("..")) return [];
    return [vscode.Uri.joinPath(folder.uri, relative)];
  });
}

function withoutPrefix(path: string, prefix: string): string | undefined {
  const isWindowsPath = /^\/[A-Za-z]:\//.test(prefix);
  const matches = isWindowsPath
    ? path.toLowerCase().startsWith(prefix.toLowerCase())
    : path.startsWith(prefix);
  return matches ? path.slice(prefix.length) : undefined;
}

function isAbsolute(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:\//.test(path);
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    const { type } = await vscode.workspace.fs.stat(uri);
    return (type & vscode.FileType.File) !== 0;
  } catch {
    // Not there, or its file system is not available: for a name in a text it is the same.
    return false;
  }
}

/** Searches the workspace for files that end with one of the paths. Names with wildcards are not searched. */
async function searchFiles(paths: readonly string[]): Promise<readonly vscode.Uri[]> {
  const searched = [...new Set(paths)].filter(
    (path) => path !== "" && !isAbsolute(path) && !/[*?[\]{}(),!]/.test(path),
  );
  if (searched.length === 0 || vscode.workspace.workspaceFolders === undefined) return [];
  const pattern = searched.length === 1 ? `**/${searched[0]}` : `**/{${searched.join(",")}}`;
  const cancellation = new vscode.CancellationTokenSource();
  const timer = setTimeout(() => cancellation.cancel(), SEARCH_TIMEOUT_MS);
  try {
    return await vscode.workspace.findFiles(pattern, NOT_SEARCHED, MAX_FOUND, cancellation.token);
  } catch {
    // Virtual file systems may have no search: names that need one are no links there.
    return [];
  } finally {
    clearTimeout(timer);
    cancellation.dispose();
  }
}

function endsWithPath(uri: vscode.Uri, path: string): boolean {
  return path !== "" && uri.path.endsWith(`/${path}`);
}
