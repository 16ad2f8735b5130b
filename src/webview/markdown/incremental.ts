import type { Env, Token } from "markdown-it";
import { type HandoffNote, lineStarts, setNotes } from "./handoffNotes.ts";
import { setComplete } from "./parsing/documentFences.ts";
import { setAnswerId } from "./parsing/footnotes.ts";
import { completeParser, openLevels, parser } from "./parsing/parser.ts";

/** What earlier blocks of a text determine for later ones: link definitions and the enclosing headings. */
type Context = { readonly references: Env["references"]; readonly openLevels: readonly number[] };

/** How much of a growing text is finished: nothing before `offset` is parsed again. */
export type Progress = { readonly offset: number; readonly context: Context };

export const startOfText: Progress = { offset: 0, context: { references: {}, openLevels: [] } };

/** The HTML of the blocks finished since the last step, and of those that may still change. */
export type Step = { readonly finished: string; readonly open: string; readonly progress: Progress };

/**
 * Parses only the end of a growing text. A block is finished when a later block has begun on a complete line: the last
 * line may still become a part of the block before it ("2" becomes "2. second item").
 */
export function parseStep(text: string, progress: Progress, notes: readonly HandoffNote[]): Step {
  const rest = text.slice(progress.offset);
  const env = envOf(progress.context);
  setNotes(env, rest, notesAfter(notes, progress));
  const tokens = parser.parse(rest, env);
  const starts = lineStarts(rest);
  const lastLine = starts.length - 1;
  const lastLineIsEmpty = starts[lastLine] === rest.length;

  const blocks = topLevelBlocks(tokens);
  const last = blocks.at(-1);
  const openCount = last !== undefined && !lastLineIsEmpty && last.line >= lastLine ? 2 : 1;
  const firstOpen = blocks.at(-openCount);
  if (firstOpen === undefined || firstOpen.token === 0 || blocks.length <= openCount) {
    return { finished: "", open: render(tokens, env), progress };
  }

  const finished = render(tokens.slice(0, firstOpen.token), env);
  const context = contextAfter(rest.slice(0, starts[firstOpen.line]), progress.context, openLevels(env));
  const open = render(tokens.slice(firstOpen.token), env);
  const offset = progress.offset + (starts[firstOpen.line] ?? 0);
  return { finished, open, progress: { offset, context } };
}

/** The notes that the finished blocks do not show. A note at the start of a block is shown before that block. */
export function notesAfter(notes: readonly HandoffNote[], { offset }: Progress): readonly HandoffNote[] {
  return notes.flatMap(({ at, text }) => (at > offset || offset === 0 ? [{ at: at - offset, text }] : []));
}

/** The HTML of a complete text. `answerId` makes the ids of its footnotes unique in the page. */
export function renderComplete(text: string, notes: readonly HandoffNote[], answerId: string): string {
  const env = envOf(startOfText.context);
  setComplete(env);
  setAnswerId(env, answerId);
  setNotes(env, text, notes);
  return completeParser.renderer.render(completeParser.parse(text, env), completeParser.options, env);
}

function render(tokens: Token[], env: Env): string {
  return parser.renderer.render(tokens, parser.options, env);
}

/** A copy, because markdown-it changes its `env`. */
function envOf(context: Context): Env {
  return { references: { ...context.references }, openLevels: [...context.openLevels] };
}

/**
 * Collects link definitions from the finished lines only: the first definition of a label applies, and one in an open
 * line may hold half an address.
 */
function contextAfter(finishedText: string, before: Context, levels: readonly number[]): Context {
  const context = { references: before.references, openLevels: [...levels] };
  if (!finishedText.includes("]:")) return context;
  const env = envOf(before);
  parser.parse(finishedText, env);
  return { ...context, references: env.references };
}

/** The first token and the line of each top-level block. A note belongs to the block before it. */
function topLevelBlocks(tokens: readonly Token[]): { token: number; line: number }[] {
  return tokens.flatMap(({ type, level, nesting, map }, index) =>
    level === 0 && nesting >= 0 && type !== "handoff_note" ? [{ token: index, line: map?.[0] ?? 0 }] : [],
  );
}
