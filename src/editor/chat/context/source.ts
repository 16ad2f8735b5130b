import type * as vscode from "vscode";
import type { Gathered } from "../../../assistant/context.ts";
import type { LeftOut } from "../../../contract/context.ts";

/** Images, which the view reads before they are attached. */
export type ImageUris = { readonly kind: "images"; readonly uris: readonly vscode.Uri[] };

/** One place that context comes from: the selection, a file, the problems, … */
export type ContextSource = () => Promise<Gathered | ImageUris>;

/** The result of a source that has nothing to attach. `reason`: a sentence for the user. */
export function nothing(reason: string): Gathered {
  return { kind: "none", reason };
}

/** Returns whole lines of a text up to this length, with how many lines that are. At least the first line is kept, cut. */
export function cutLines(
  text: string,
  maxCharacters: number,
  from: "start" | "end" = "start",
): { readonly text: string; readonly leftOut?: LeftOut } {
  if (text.length <= maxCharacters) return { text };
  const lines = text.split("\n");
  const ordered = from === "start" ? lines : lines.toReversed();
  const kept: string[] = [];
  let room = maxCharacters;
  for (const line of ordered) {
    if (line.length + 1 > room) break;
    room -= line.length + 1;
    kept.push(line);
  }
  const leftOut = { unit: "lines", included: kept.length, total: lines.length } as const;
  if (kept.length === 0) {
    const cut = from === "start" ? text.slice(0, maxCharacters) : text.slice(-maxCharacters);
    return { text: cut, leftOut: { ...leftOut, included: 1 } };
  }
  return { text: (from === "start" ? kept : kept.toReversed()).join("\n"), leftOut };
}
