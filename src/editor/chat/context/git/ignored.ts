import * as vscode from "vscode";
import { isRecord } from "../../../../base/isRecord.ts";
import { matchesAny } from "../../../../base/paths/glob.ts";
import { isPrivateDocument, placeOfDocument } from "../places.ts";
import { gitApi } from "./git.ts";

/** Returns the URIs, as strings, of the files that Git or `files.exclude` ignores. */
export async function ignoredFiles(uris: readonly vscode.Uri[]): Promise<ReadonlySet<string>> {
  const excluded = uris.filter((uri) =>
    matchesAny(excludeGlobs("files", uri), placeOfDocument(uri).relative),
  );
  return new Set([...excluded, ...(await ignoredByGit(uris))].map(String));
}

/** Returns the files that are attached without being named one by one: neither ignored nor private. */
export async function offeredFiles(
  uris: readonly vscode.Uri[],
  privatePaths: readonly string[],
): Promise<readonly vscode.Uri[]> {
  const open = uris.filter(
    (uri) =>
      !isPrivateDocument(privatePaths, uri) &&
      !matchesAny(excludeGlobs("search", uri), placeOfDocument(uri).relative),
  );
  const ignored = await ignoredFiles(open);
  return open.filter((uri) => !ignored.has(uri.toString()));
}

/** Returns the glob of what the settings exclude from a search, for `findFiles`. Braces in braces it does not read. */
export function searchExclude(scope?: vscode.Uri): string | undefined {
  const globs = enabledGlobs("search", scope).filter((glob) => !/[{}]/.test(glob));
  return globs.length === 0 ? undefined : `{${globs.join(",")}}`;
}

/** Returns the globs of an `exclude` setting, with what is inside of the folders that they match. */
function excludeGlobs(section: "files" | "search", scope: vscode.Uri): readonly string[] {
  return enabledGlobs(section, scope).flatMap((glob) => [glob, `${glob}/**`]);
}

function enabledGlobs(section: "files" | "search", scope: vscode.Uri | undefined): readonly string[] {
  const exclude = vscode.workspace.getConfiguration(section, scope).get<unknown>("exclude");
  return isRecord(exclude) ? Object.keys(exclude).filter((glob) => exclude[glob] === true) : [];
}

async function ignoredByGit(uris: readonly vscode.Uri[]): Promise<readonly vscode.Uri[]> {
  const api = await gitApi();
  const byRepository = Map.groupBy(uris, (uri) => api?.getRepository(uri) ?? undefined);
  const ignored = [...byRepository].map(async ([repository, files]) => {
    if (repository?.checkIgnore === undefined) return ignoredByFile(files);
    const paths = await repository.checkIgnore(files.map(({ fsPath }) => fsPath));
    return files.filter(({ fsPath }) => paths.has(fsPath));
  });
  return (await Promise.all(ignored)).flat();
}

/** Without Git's own answer, the `.gitignore` of the workspace folder counts. */
async function ignoredByFile(uris: readonly vscode.Uri[]): Promise<readonly vscode.Uri[]> {
  const byFolder = Map.groupBy(uris, (uri) => placeOfDocument(uri).folder);
  const ignored = [...byFolder].map(async ([folder, files]) => {
    if (folder === undefined) return [];
    const lines = await gitignoreLines(folder.uri);
    return files.filter((uri) => isIgnoredBy(lines, placeOfDocument(uri).relative));
  });
  return (await Promise.all(ignored)).flat();
}

async function gitignoreLines(folder: vscode.Uri): Promise<readonly string[]> {
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, ".gitignore"));
    return new TextDecoder()
      .decode(bytes)
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#"));
  } catch {
    // There is no such file.
    return [];
  }
}

/** The last line that matches decides; one that begins with `!` includes the file again. */
function isIgnoredBy(lines: readonly string[], path: string): boolean {
  const last = lines.findLast((line) => {
    const pattern = line.replace(/^!/, "");
    return matchesAny([pattern, `${pattern.replace(/\/$/, "")}/**`], path);
  });
  return last !== undefined && !last.startsWith("!");
}
