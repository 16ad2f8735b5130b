import { homedir } from "node:os";
import * as vscode from "vscode";
import { isPrivateFile } from "../../../assistant/context.ts";

/** Where a document is, as a model may know it. */
export type DocumentPlace = {
  /**
   * Relative to its workspace folder, with the folder's name before it if there are several folders; the name alone for a
   * document outside of all folders. Never absolute.
   */
  readonly path: string;
  /** Relative to its workspace folder, for globs. */
  readonly relative: string;
  /** Undefined: it is outside of all workspace folders. */
  readonly folder: vscode.WorkspaceFolder | undefined;
};

/**
 * Returns the place of a document of any scheme. A notebook's cell, either side of a diff and a file that is not saved yet
 * have the path of their file under a scheme of their own, so a path counts as inside of a folder under any scheme.
 */
export function placeOfDocument(uri: vscode.Uri): DocumentPlace {
  const folder = folderOf(uri);
  if (folder === undefined) {
    const name = nameOf(uri.path);
    return { path: name, relative: name, folder };
  }
  const relative = uri.path.slice(folder.uri.path.replace(/\/$/, "").length).replace(/^\//, "");
  const hasOthers = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  if (relative === "") return { path: folder.name, relative, folder };
  return { path: hasOthers ? `${folder.name}/${relative}` : relative, relative, folder };
}

/** Returns whether a document may go to local models only. */
export function isPrivateDocument(privatePaths: readonly string[], uri: vscode.Uri): boolean {
  const { relative } = placeOfDocument(uri);
  return isPrivateFile(privatePaths, { relative, absolute: uri.path });
}

/**
 * Returns globs that also match the paths of `placeOfDocument`. Of several folders, these begin with the folder's name, and
 * an item that was attached earlier has no other path.
 */
export function globsForSentPaths(globs: readonly string[]): readonly string[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length < 2) return globs;
  const rooted = globs.filter((glob) => glob.replace(/\/$/, "").includes("/"));
  const inFolders = folders.flatMap(({ name }) => {
    const literal = name.replace(/[*?[{]/g, "[$&]");
    return rooted.map((glob) => `${literal}/${glob.replace(/^\.?\//, "")}`);
  });
  return [...globs, ...inFolders];
}

/**
 * Returns the message of a tool with the paths of its files as `placeOfDocument` gives them, and with `~` for the user's
 * home folder: a model needs to know no user names.
 */
export function withoutAbsolutePaths(message: string): string {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const relative = folders.reduce((text, { name, uri }) => {
    const path = patternOf(uri.fsPath);
    return path === undefined
      ? text
      : text.replace(new RegExp(`${path}[\\\\/]`, "giu"), () => (folders.length > 1 ? `${name}/` : ""));
  }, message);
  const home = patternOf(homedir());
  return home === undefined ? relative : relative.replace(new RegExp(`${home}(?![\\w.-])`, "giu"), "~");
}

/** Matches an absolute path with either kind of slash, also in an address; undefined for the root of a disk. */
function patternOf(path: string): string | undefined {
  const names = path.split(/[\\/]/).filter((name) => name !== "");
  if (names.length === 0 || (names.length === 1 && /^[a-z]:$/i.test(names[0] ?? ""))) return undefined;
  const start = /^[\\/]/.test(path) ? "[\\\\/]" : "";
  return `(?<![\\w.-])${start}${names.map(escapeForPattern).join("[\\\\/]")}`;
}

function escapeForPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** Returns the last part of a path. */
export function nameOf(path: string): string {
  const trimmed = path.replace(/[/\\]+$/, "");
  return trimmed.slice(Math.max(trimmed.lastIndexOf("/"), trimmed.lastIndexOf("\\")) + 1);
}

/**
 * Returns the file of a document in a workspace folder: without the scheme of a cell, of a side of a diff, or of the
 * remote machine as the workbench names it. Other documents stay as they are.
 */
export function fileOf(uri: vscode.Uri): vscode.Uri {
  if (uri.scheme === "untitled") return uri;
  const root = folderOf(uri)?.uri;
  if (root !== undefined)
    return uri.with({ scheme: root.scheme, authority: root.authority, query: "", fragment: "" });
  return uri.scheme === "vscode-remote" ? uri.with({ scheme: "file", authority: "" }) : uri;
}

/** Returns the file in a workspace folder that a path of `placeOfDocument` stands for; undefined if there is none now. */
export async function fileAt(path: string): Promise<vscode.Uri | undefined> {
  // An imported conversation may have any path.
  if (path.split(/[\\/]/).includes("..")) return undefined;
  const folders = vscode.workspace.workspaceFolders ?? [];
  for (const { name, uri } of folders) {
    const relative = folders.length > 1 && path.startsWith(`${name}/`) ? path.slice(name.length + 1) : path;
    const file = vscode.Uri.joinPath(uri, relative);
    try {
      await vscode.workspace.fs.stat(file);
      return file;
    } catch {
      // It is not in this folder.
    }
  }
  return undefined;
}

function folderOf(uri: vscode.Uri): vscode.WorkspaceFolder | undefined {
  const own = vscode.workspace.getWorkspaceFolder(uri);
  if (own !== undefined) return own;
  for (const { uri: root } of vscode.workspace.workspaceFolders ?? []) {
    const { scheme, authority } = root;
    if (!uri.path.startsWith("/")) continue;
    const found = vscode.workspace.getWorkspaceFolder(
      uri.with({ scheme, authority, query: "", fragment: "" }),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
