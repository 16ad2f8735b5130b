import type { Env, Token } from "markdown-it";
import { openLevels } from "./headings.ts";
import { lineStarts } from "./lines.ts";
import { parser } from "./parser.ts";
import { giveSeams, type Seam } from "./seams.ts";

/** What earlier blocks of a text mean for later ones. */
type Context = { readonly references: Env["references"]; readonly openLevels: readonly number[] };

/** A text as it grows: all before `offset` is finished and is never looked at again. */
export type Tail = { readonly offset: number; readonly context: Context };

export const startOfText: Tail = { offset: 0, context: { references: {}, openLevels: [] } };

/** HTML of the blocks that are finished since the last cut, and of those that may still change. */
export type Cut = { readonly finished: string; readonly open: string; readonly tail: Tail };

/**
 * Parses the end of a growing text alone. A block is finished when a later one has begun on a line that is complete:
 * the last line may yet become part of what stands before it ("2" becomes "2. second item").
 */
export function cut(text: string, tail: Tail, seams: readonly Seam[]): Cut {
  const rest = text.slice(tail.offset);
  const env = envOf(tail.context);
  giveSeams(env, rest, openSeams(seams, tail));
  const tokens = parser.parse(rest, env);
  const starts = lineStarts(rest);
  const lastLine = starts.length - 1;
  const lastLineIsEmpty = starts[lastLine] === rest.length;

  const blocks = topLevel(tokens);
  const last = blocks.at(-1);
  const keep = last !== undefined && !lastLineIsEmpty && last.line >= lastLine ? 2 : 1;
  const firstOpen = blocks.at(-keep);
  if (firstOpen === undefined || firstOpen.token === 0 || blocks.length <= keep) {
    return { finished: "", open: render(tokens, env), tail };
  }

  const finished = render(tokens.slice(0, firstOpen.token), env);
  const context = contextAfter(rest.slice(0, starts[firstOpen.line]), tail.context, openLevels(env));
  const open = render(tokens.slice(firstOpen.token), env);
  return { finished, open, tail: { offset: tail.offset + (starts[firstOpen.line] ?? 0), context } };
}

/** The seams that are not shown by the finished blocks: one that a block begins at stands before it. */
export function openSeams(seams: readonly Seam[], { offset }: Tail): readonly Seam[] {
  return seams.flatMap(({ at, words }) => (at > offset || offset === 0 ? [{ at: at - offset, words }] : []));
}

/** HTML of a text that is whole. */
export function renderWhole(text: string, seams: readonly Seam[]): string {
  const env = envOf(startOfText.context);
  giveSeams(env, text, seams);
  return render(parser.parse(text, env), env);
}

function render(tokens: Token[], env: Env): string {
  return parser.renderer.render(tokens, parser.options, env);
}

/** markdown-it writes into what it is given. */
function envOf(context: Context): Env {
  return { references: { ...context.references }, openLevels: [...context.openLevels] };
}

/**
 * The references are collected from the finished lines alone: the first definition of a label holds, and in the open
 * ones it may be half an address.
 */
function contextAfter(finishedText: string, before: Context, levels: readonly number[]): Context {
  const context = { references: before.references, openLevels: [...levels] };
  if (!finishedText.includes("]:")) return context;
  const env = envOf(before);
  parser.parse(finishedText, env);
  return { ...context, references: env.references };
}

/** Where each top-level block begins: the index of its first token, and its line. A note belongs to the one before it. */
function topLevel(tokens: readonly Token[]): { token: number; line: number }[] {
  return tokens.flatMap(({ type, level, nesting, map }, index) =>
    level === 0 && nesting >= 0 && type !== "seam" ? [{ token: index, line: map?.[0] ?? 0 }] : [],
  );
}
