import type { Env, MarkdownIt, Token } from "markdown-it";
import { type GrowingText, textFrom } from "./growingText.ts";
import { type HandoffNote, lineStarts, setNotes } from "./handoffNotes.ts";
import { continues, cutLongBlock, type LongBlock } from "./long/longBlocks.ts";
import { setComplete } from "./parsing/documentFences.ts";
import { mayHaveFootnotes, setAnswerId } from "./parsing/footnotes.ts";
import { completeParser, openLevels, parser } from "./parsing/parser.ts";

/** What earlier blocks of a text determine for later ones: link definitions and the enclosing headings. */
type Context = { readonly references: Env["references"]; readonly openLevels: readonly number[] };

/** How much of a growing text is finished: nothing before `offset` is parsed again. */
export type Progress = {
  readonly offset: number;
  readonly context: Context;
  /** The block whose beginning is finished, and where it begins: it may turn out to be another block. */
  readonly long?: { readonly block: LongBlock; readonly start: Progress } | undefined;
  /** Whether a part was finished that a full render may show in another way. */
  readonly isForced?: boolean | undefined;
};

export const startOfText: Progress = { offset: 0, context: { references: {}, openLevels: [] } };

/** The HTML of what was finished since the last step, and of what may still change. */
export type Step = {
  /** The part of the first block that is finished, if this block is so long that it is finished in parts. */
  readonly beginning: string;
  readonly finished: string;
  /** The first of these blocks, or of the finished ones, is the rest of a long block whose beginning is finished. */
  readonly open: string;
  readonly progress: Progress;
  /** Whether the long block is shown from its start again, because it is another block than it seemed. */
  readonly startsAgain: boolean;
};

/**
 * Parses only the end of a growing text. A block is finished when a later block has begun on a complete line: the last
 * line may still become a part of the block before it ("2" becomes "2. second item"). If the text is complete, all are.
 */
export function parseStep(
  text: GrowingText,
  progress: Progress,
  notes: readonly HandoffNote[],
  isComplete = false,
): Step {
  const { long } = progress;
  const prefix = long?.block.prefix ?? "";
  const rest = prefix + textFrom(text, progress.offset);
  const env = envOf(progress.context);
  const ownNotes = notesAfter(notes, progress);
  if (isComplete) setComplete(env);
  setNotes(
    env,
    rest,
    ownNotes.map(({ at, text: note }) => ({ at: at + prefix.length, text: note })),
  );
  const tokens = parser.parse(rest, env);
  if (long !== undefined && !continues(tokens, long.block, rest)) {
    return { ...parseStep(text, long.start, notes, isComplete), startsAgain: true };
  }
  if (isComplete) return { ...nothing, finished: render(tokens, env), progress };

  const lines = lineStarts(rest);
  const lastLine = lines.length - 1;
  const lastLineIsEmpty = lines[lastLine] === rest.length;
  const blocks = topLevelBlocks(tokens);
  const last = blocks.at(-1);
  const openCount = last !== undefined && !lastLineIsEmpty && last.line >= lastLine ? 2 : 1;
  const firstOpen = blocks.at(-openCount);
  if (firstOpen === undefined || firstOpen.token === 0 || blocks.length <= openCount) {
    const isCuttable = blocks.length === 1 && ownNotes.length === 0;
    const cut = isCuttable && cutLongBlock({ text: rest, tokens, lines, before: long?.block, env });
    if (!cut) return { ...nothing, open: render(tokens, env), progress };
    const beginning = render(cut.done, env);
    const context = contextAfter(rest.slice(0, cut.at), progress.context, openLevels(env));
    // The rest of code is shown with what is finished of it.
    const open = render(cut.rest ?? tokens, env);
    const offset = progress.offset - prefix.length + cut.at;
    const isForced = progress.isForced === true || cut.block.isForced;
    const start = long?.start ?? progress;
    return {
      ...nothing,
      beginning,
      open,
      progress: { offset, context, long: { block: cut.block, start }, isForced },
    };
  }

  const end = lines[firstOpen.line] ?? 0;
  const finished = render(tokens.slice(0, firstOpen.token), env);
  const context = contextAfter(rest.slice(0, end), progress.context, openLevels(env));
  const open = render(tokens.slice(firstOpen.token), env);
  const offset = progress.offset - prefix.length + end;
  return { ...nothing, finished, open, progress: { offset, context, isForced: progress.isForced } };
}

const nothing = { beginning: "", finished: "", open: "", startsAgain: false } as const;

/** The notes that the finished blocks do not show. A note at the start of a block is shown before that block. */
export function notesAfter(notes: readonly HandoffNote[], { offset }: Progress): readonly HandoffNote[] {
  return notes.flatMap(({ at, text }) => (at > offset || offset === 0 ? [{ at: at - offset, text }] : []));
}

/** Whether the parts of a text together are what a full render shows: no part depends on a later one. */
export function isRenderedByParts(text: string, { isForced }: Progress): boolean {
  return isForced !== true && !text.includes("]:") && !mayHaveFootnotes(text);
}

/** The HTML of a complete text. `answerId` makes the ids of its footnotes unique in the page. */
export function renderComplete(text: string, notes: readonly HandoffNote[], answerId: string): string {
  const env = envOf(startOfText.context);
  setComplete(env);
  setAnswerId(env, answerId);
  setNotes(env, text, notes);
  return render(completeParser.parse(text, env), env, completeParser);
}

function render(tokens: Token[], env: Env, { renderer, options }: MarkdownIt = parser): string {
  return renderer.render(tokens, options, env);
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
