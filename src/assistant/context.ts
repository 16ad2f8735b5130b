import { matchesAny } from "../base/glob.ts";
import type { ContextItem } from "../contract/conversation.ts";

/** Returns `src/retry.ts:12–48` for a selection and the path alone for a whole file. */
export function placeOf({
  kind,
  path,
  startLine,
  endLine,
}: Pick<ContextItem, "kind" | "path" | "startLine" | "endLine">): string {
  if (kind === "file") return path;
  return startLine === endLine ? `${path}:${startLine}` : `${path}:${startLine}–${endLine}`;
}

/** Returns code as it is sent to a model: its place, and a fence that nothing in the code can close. */
export function fenced(item: ContextItem): string {
  const longest = Math.max(2, ...(item.text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `From ${placeOf(item)}:\n${fence}${item.language}\n${item.text}\n${fence}`;
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

/** Returns a Windows path with its drive letter in both cases, and any other path as it is. */
function driveLetterVariants(absolute: string): readonly string[] {
  const path = absolute.replace(/^\//, "");
  return /^[a-z]:/i.test(path)
    ? [path.charAt(0).toLowerCase() + path.slice(1), path.charAt(0).toUpperCase() + path.slice(1)]
    : [path];
}
