import { matchesAny } from "../base/paths/glob.ts";
import type { ContextItem } from "../contract/context.ts";

/** What a source of context has to attach, or a sentence with the reason why it has nothing. */
export type Gathered =
  | { readonly kind: "items"; readonly items: readonly ContextItem[] }
  | { readonly kind: "none"; readonly reason: string };

/** An item that is one piece of a file, or a whole file. */
export type CodeItem = Extract<ContextItem, { kind: "selection" | "file" | "symbol" }>;

/** Whether an item is code: a selection, a file or a symbol, with its lines. */
export function isCode(item: ContextItem): item is CodeItem {
  return item.kind === "selection" || item.kind === "file" || item.kind === "symbol";
}

/** Returns `src/retry.ts:12–48`, and the path alone for a whole file. */
export function placeOf({
  kind,
  path,
  startLine,
  endLine,
}: Pick<CodeItem, "kind" | "path" | "startLine" | "endLine">): string {
  if (kind === "file") return path;
  return startLine === endLine ? `${path}:${startLine}` : `${path}:${startLine}–${endLine}`;
}

/** Returns the paths of the files whose content an item has. */
export function pathsOf(item: ContextItem): readonly string[] {
  switch (item.kind) {
    case "selection":
    case "file":
    case "symbol":
      return [item.path];
    case "folder":
    case "problems":
    case "changes":
      return item.paths;
    case "terminal":
      return [];
    case "image":
      return item.path === undefined ? [] : [item.path];
  }
}

/** Returns the same key for two items that stand for the same thing, whatever its content was at either time. */
export function contextKey(item: ContextItem): string {
  switch (item.kind) {
    case "selection":
    case "file":
    case "symbol":
      // Cells of a notebook, and both sides of a diff, have the same path.
      return `code ${item.source ?? item.path}:${item.startLine}–${item.endLine}`;
    case "folder":
      return `folder ${item.path}`;
    case "problems":
      return `problems ${item.path ?? ""}`;
    case "terminal":
      return `terminal ${item.terminal}`;
    case "changes":
      return "changes";
    case "image":
      return `image ${item.data}`;
  }
}

/** Returns whether two items are the same for a model: lines of a file by their place, all others by their text too. */
export function isSameContext(one: ContextItem, other: ContextItem): boolean {
  return contextKey(one) === contextKey(other) && (isCode(one) || one.text === other.text);
}

/** Returns an item as it is sent to a model: what it is, what it leaves out, and a fence that nothing in it can close. */
export function labelled(item: ContextItem): string {
  const { leftOut } = item;
  const rest =
    leftOut === undefined
      ? ""
      : ` (only ${leftOut.included} of ${leftOut.total} ${leftOut.unit} are included)`;
  return `${oneLine(labelOf(item))}${rest}:\n${fenced(item.text, isCode(item) ? item.language : "")}`;
}

function labelOf(item: ContextItem): string {
  switch (item.kind) {
    case "selection":
      return `Selected code from ${placeOf(item)}`;
    case "file":
      return `File ${item.path}`;
    case "symbol":
      return `Definition of ${item.name} from ${placeOf(item)}`;
    case "folder":
      return `Files of the folder ${item.path}`;
    case "problems":
      return item.path === undefined
        ? "Problems that the editor reports"
        : `Problems that the editor reports in ${item.path}`;
    case "terminal":
      return item.exitCode === undefined
        ? "The last command in the terminal, with its output"
        : `The last command in the terminal, with its output (exit code ${item.exitCode})`;
    case "changes":
      return "Uncommitted changes, as Git’s diff";
    case "image":
      return `Image ${item.name}`;
  }
}

/** Names of files may contain line breaks, which would end the label. */
function oneLine(label: string): string {
  return label.replace(/\p{Cc}+/gu, " ");
}

/** Returns a text in a Markdown fence that is longer than any run of backticks in it. */
export function fenced(text: string, language: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}`;
}

/** Where a file is. Both paths use forward slashes. */
export type FilePlace = {
  /** Relative to the workspace folder. */
  readonly relative: string;
  /** The path of the file's URI: `/home/me/a.ts`, `/c:/Users/me/a.ts`. */
  readonly absolute: string;
};

/**
 * Returns whether a file may go to local models only. The absolute path is matched too: `secrets/` also covers a
 * workspace that is opened inside `~/secrets`.
 */
export function isPrivateFile(globs: readonly string[], { relative, absolute }: FilePlace): boolean {
  return [relative, ...driveLetterVariants(absolute)].some((path) => matchesAny(globs, path));
}

/** Returns whether an item may go to local models only now, by the places of its files. */
export function isPrivateItem(globs: readonly string[], item: ContextItem): boolean {
  const source = item.source === undefined ? undefined : pathOfUri(item.source);
  return pathsOf(item).some((path) => isPrivateFile(globs, { relative: path, absolute: source ?? path }));
}

function pathOfUri(uri: string): string | undefined {
  const path = URL.parse(uri)?.pathname;
  try {
    return path === undefined ? undefined : decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Returns a Windows path with its drive letter in both cases, and any other path as it is. */
function driveLetterVariants(absolute: string): readonly string[] {
  const path = absolute.replace(/^\//, "");
  return /^[a-z]:/i.test(path)
    ? [path.charAt(0).toLowerCase() + path.slice(1), path.charAt(0).toUpperCase() + path.slice(1)]
    : [path];
}
