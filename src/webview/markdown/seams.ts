import type { Env, MarkdownIt, StateCore, StateInline, Token } from "markdown-it";
import { lineStarts } from "./lines.ts";
import { seamHtml } from "./seamNote.ts";

/** Where an answer was torn and another model went on with it, and what the note there says. */
export type Seam = {
  /** How many characters of the text come before it. */
  readonly at: number;
  readonly words: string;
};

type Place = { readonly line: number; readonly column: number; readonly words: string };

/** A seam on its way into the tokens. */
type Mark = {
  readonly words: string;
  /** The token before which it is shown, unless it stands within. */
  readonly behind: number;
  /** The inline tokens that it may stand among, and where in their text. */
  readonly within?: { readonly tokens: readonly Token[]; readonly at: number };
  isShown: boolean;
};

const placesOf = new WeakMap<Env, readonly Place[]>();
const marksOf = new WeakMap<Env, readonly Mark[]>();

/** Gives a text's seams along to its parsing. */
export function giveSeams(env: Env, text: string, seams: readonly Seam[]): void {
  const starts = lineStarts(text);
  const places = seams.map(({ at, words }) => {
    const line = starts.findLastIndex((start) => start <= at);
    return { line, column: at - (starts[line] ?? 0), words };
  });
  placesOf.set(env, places);
}

/**
 * Has a parser put a note where the seams are: within a paragraph, though not in the midst of code or an address there;
 * behind every other block, which stays whole.
 */
export function seams(markdown: MarkdownIt): void {
  const { core, inline, renderer } = markdown;
  const [plainText] = inline.ruler.getRules("");
  core.ruler.before("inline", "seam_marks", mark);
  core.ruler.push("seams_behind", showBehind);
  inline.ruler.before("text", "seam", (state, silent) => {
    if (silent) return false;
    let next = nextMark(state);
    for (; next !== undefined && next.at <= state.pos; next = nextMark(state)) {
      next.mark.isShown = true;
      state.push("seam", "span", 0).content = next.mark.words;
    }
    if (next === undefined || plainText === undefined) return false;
    // It takes all up to what may mean something; so may a seam.
    const { posMax } = state;
    state.posMax = Math.min(posMax, next.at);
    const isTaken = plainText(state, silent);
    state.posMax = posMax;
    return isTaken;
  });
  renderer.rules["seam"] = (tokens, index) => seamHtml(tokens[index]);
}

function nextMark({ env, tokens }: StateInline): { readonly mark: Mark; readonly at: number } | undefined {
  const mark = marksOf.get(env)?.find(({ isShown, within }) => !isShown && within?.tokens === tokens);
  return mark?.within && { mark, at: mark.within.at };
}

function mark({ env, tokens, src }: StateCore): void {
  const places = placesOf.get(env) ?? [];
  if (places.length === 0) return;
  const blocks = blocksOf(tokens);
  const lines = src.split("\n");
  const marks = places.map((place): Mark => {
    const { line, column, words } = place;
    const block = blocks.findLast((each) => each.line < line || (each.line === line && column > 0));
    if (block === undefined) return { words, behind: 0, isShown: false };
    const paragraph = tokens[block.start]?.type === "paragraph_open" ? tokens[block.start + 1] : undefined;
    const at = paragraph && placeWithin(paragraph, block.line, place, lines);
    return {
      words,
      behind: block.end,
      ...(at === undefined || !paragraph?.children ? {} : { within: { tokens: paragraph.children, at } }),
      isShown: false,
    };
  });
  marksOf.set(env, marks);
}

/** Where a place is in the text of a paragraph, from which the outermost white space was taken. */
function placeWithin(
  { content }: Token,
  firstLine: number,
  { line, column }: Place,
  lines: readonly string[],
): number | undefined {
  const own = content.split("\n");
  const index = line - firstLine;
  if (index >= own.length) return undefined;
  const first = lines[firstLine] ?? "";
  const taken = first.length - first.trimStart().length;
  const before = own.slice(0, index).reduce((sum, each) => sum + each.length + 1, 0);
  return before + Math.max(0, index === 0 ? column - taken : column);
}

function showBehind({ env, tokens, Token }: StateCore): void {
  // From the last to the first: what is put in moves all that follows.
  for (const { isShown, behind, words } of marksOf.get(env)?.toReversed() ?? []) {
    if (isShown) continue;
    const note = new Token("seam", "p", 0);
    note.content = words;
    tokens.splice(behind, 0, note);
  }
}

type Block = { readonly start: number; readonly end: number; readonly line: number };

/** The blocks of a text's own, by the indices of their tokens, and their first lines. */
function blocksOf(tokens: readonly Token[]): readonly Block[] {
  const starts = tokens.flatMap(({ level, nesting, map }, start) =>
    level === 0 && nesting >= 0 ? [{ start, line: map?.[0] ?? 0 }] : [],
  );
  return starts.map((each, index) => ({ ...each, end: starts[index + 1]?.start ?? tokens.length }));
}
