/**
 * Notes inside an answer, at the places where its stream broke and another model continued it. A markdown-it plugin
 * puts each note into the rendered text: inside a paragraph at its exact place, but never inside code or an address;
 * after every other kind of block, which stays in one piece.
 */
import type { Env, MarkdownIt, StateCore, StateInline, Token } from "markdown-it";
import Markdown from "markdown-it";

const { escapeHtml } = new Markdown().utils;

export type HandoffNote = {
  /** The number of characters of the text before the note. */
  readonly at: number;
  readonly text: string;
};

type Position = { readonly line: number; readonly column: number; readonly text: string };

/** A note while the text is parsed. */
type PendingNote = {
  readonly text: string;
  /** The index of the token that the note comes before, unless it is inside a paragraph. */
  readonly beforeToken: number;
  /** The inline tokens of the paragraph that holds the note, and its place in the paragraph's text. */
  readonly inside?: { readonly tokens: readonly Token[]; readonly at: number } | undefined;
  isPlaced: boolean;
};

const NOTE_CLASS = "sy-note--handoff";

const positionsOf = new WeakMap<Env, readonly Position[]>();
const pendingOf = new WeakMap<Env, readonly PendingNote[]>();

/** Sets the notes of a text before it is parsed with `env`. */
export function setNotes(env: Env, text: string, notes: readonly HandoffNote[]): void {
  const starts = lineStarts(text);
  const positions = notes.map(({ at, text: noteText }) => {
    const line = starts.findLastIndex((start) => start <= at);
    return { line, column: at - (starts[line] ?? 0), text: noteText };
  });
  positionsOf.set(env, positions);
}

/** The offset of each line of a text, for `\n`, `\r\n` and `\r`. */
export function lineStarts(text: string): number[] {
  return [0, ...Array.from(text.matchAll(/\r\n?|\n/g), (end) => end.index + end[0].length)];
}

/** The markdown-it plugin. */
export function handoffNotes(markdown: MarkdownIt): void {
  const { core, inline, renderer } = markdown;
  const [plainText] = inline.ruler.getRules("");
  core.ruler.before("inline", "handoff_positions", findBlocks);
  core.ruler.after("inline", "handoff_after_blocks", insertAfterBlocks);
  inline.ruler.before("text", "handoff_note", (state, silent) => {
    if (silent) return false;
    let next = nextPending(state);
    for (; next !== undefined && next.at <= state.pos; next = nextPending(state)) {
      next.note.isPlaced = true;
      state.push("handoff_note", "span", 0).content = next.note.text;
    }
    if (next === undefined || plainText === undefined) return false;
    // The rule for plain text reads up to the next special character; it must also stop at a note.
    const { posMax } = state;
    state.posMax = Math.min(posMax, next.at);
    const isConsumed = plainText(state, silent);
    state.posMax = posMax;
    return isConsumed;
  });
  renderer.rules["handoff_note"] = (tokens, index) => noteHtml(tokens[index]);
}

function noteHtml(token: Token | undefined): string {
  const tag = token?.tag ?? "p";
  return (
    `<${tag} class="sy-note ${NOTE_CLASS}"><span class="codicon codicon-debug-disconnect"></span>` +
    `<span>${escapeHtml(token?.content ?? "")}</span></${tag}>`
  );
}

function nextPending({ env, tokens }: StateInline) {
  const note = pendingOf.get(env)?.find(({ isPlaced, inside }) => !isPlaced && inside?.tokens === tokens);
  return note?.inside && { note, at: note.inside.at };
}

/** Finds the block of each note. */
function findBlocks({ env, tokens, src }: StateCore): void {
  const positions = positionsOf.get(env) ?? [];
  if (positions.length === 0) return;
  const blocks = topLevelBlocks(tokens);
  const lines = src.split("\n");
  const pending = positions.map((position): PendingNote => {
    const { line, column, text } = position;
    const block = blocks.findLast((other) => other.line < line || (other.line === line && column > 0));
    if (block === undefined) return { text, beforeToken: 0, isPlaced: false };
    const paragraph = tokens[block.start]?.type === "paragraph_open" ? tokens[block.start + 1] : undefined;
    const at = paragraph && placeInParagraph(paragraph, block.line, position, lines);
    const inside = at === undefined || !paragraph?.children ? undefined : { tokens: paragraph.children, at };
    return { text, beforeToken: block.end, inside, isPlaced: false };
  });
  pendingOf.set(env, pending);
}

/** The place of a position in the text of a paragraph, which markdown-it has trimmed. */
function placeInParagraph(
  { content }: Token,
  firstLine: number,
  { line, column }: Position,
  lines: readonly string[],
): number | undefined {
  const ownLines = content.split("\n");
  const index = line - firstLine;
  if (index >= ownLines.length) return undefined;
  const first = lines[firstLine] ?? "";
  const trimmed = first.length - first.trimStart().length;
  const before = ownLines.slice(0, index).reduce((sum, ownLine) => sum + ownLine.length + 1, 0);
  return before + Math.max(0, index === 0 ? column - trimmed : column);
}

function insertAfterBlocks({ env, tokens, Token }: StateCore): void {
  // From the last to the first: an insertion moves all tokens after it.
  for (const { isPlaced, beforeToken, text } of pendingOf.get(env)?.toReversed() ?? []) {
    if (isPlaced) continue;
    const note = new Token("handoff_note", "p", 0);
    note.content = text;
    tokens.splice(beforeToken, 0, note);
  }
}

type Block = { readonly start: number; readonly end: number; readonly line: number };

/** The top-level blocks of a text: the indices of their tokens, and their first lines. */
function topLevelBlocks(tokens: readonly Token[]): readonly Block[] {
  const starts = tokens.flatMap(({ level, nesting, map }, start) =>
    level === 0 && nesting >= 0 ? [{ start, line: map?.[0] ?? 0 }] : [],
  );
  return starts.map((block, index) => ({ ...block, end: starts[index + 1]?.start ?? tokens.length }));
}

/** Whether HTML contains notes. Most blocks have none, and need no search for them. */
export function hasNotes(html: string): boolean {
  return html.includes(NOTE_CLASS);
}

/** Splits each paragraph that contains a note, so that the note is a paragraph of its own between the two halves. */
export function splitParagraphsAtNotes(blocks: ParentNode): void {
  for (const inner of blocks.querySelectorAll(`p span.${NOTE_CLASS}`)) {
    const before = inner.closest("p");
    if (before === null) continue;
    const range = document.createRange();
    range.setStartAfter(inner);
    range.setEnd(before, before.childNodes.length);
    const after = document.createElement("p");
    after.append(range.extractContents());
    const note = document.createElement("p");
    note.className = inner.className;
    note.append(...inner.childNodes);
    inner.remove();
    before.after(note, ...(isBlank(after) ? [] : [after]));
    if (isBlank(before)) before.remove();
  }
}

function isBlank({ textContent }: Element): boolean {
  return textContent.trim() === "";
}
