import type { ContextItem } from "../contract/conversation.ts";

/** `src/retry.ts:12–48`, or the path alone for a whole file. */
export function placeOf({
  kind,
  path,
  startLine,
  endLine,
}: Pick<ContextItem, "kind" | "path" | "startLine" | "endLine">): string {
  if (kind === "file") return path;
  return startLine === endLine ? `${path}:${startLine}` : `${path}:${startLine}–${endLine}`;
}

/** Code as a model reads it: where it is from, and a fence that nothing in the code can close. */
export function fenced(item: ContextItem): string {
  const longest = Math.max(2, ...(item.text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `From ${placeOf(item)}:\n${fence}${item.language}\n${item.text}\n${fence}`;
}
