/**
 * Blocks that are too long to be parsed again with each chunk: code, lists, tables and paragraphs of several kilobytes.
 * They are parsed in parts. The beginning of the block is done when a part is long enough, and only the rest is parsed
 * again, after a prefix with which the parser reads it as what it is.
 */
import type { Env, Token } from "markdown-it";
import { codeInfo } from "../parsing/codeInfo.ts";
import { documentLanguages } from "../parsing/documentFences.ts";
import { parser } from "../parsing/parser.ts";

/** A block is parsed in parts from this length on. */
const LONG_LENGTH = 4000;
/** A paragraph is cut at a place inside emphasis, a link or a formula if no other is found within this length. */
const MAX_UNCUT_LENGTH = 16_000;
/** The end of a paragraph stays in one part. */
const OPEN_LENGTH = 500;
/** At how many places a paragraph is tried to be cut. */
const MAX_TRIES = 4;

export type LongBlock = {
  readonly kind: "fence" | "list" | "table" | "paragraph";
  /** The type of its first token, and the kind of its markers. */
  readonly type: string;
  readonly markup: string;
  /** What the rest is parsed after. */
  readonly prefix: string;
  /** For a list: whether its items are paragraphs. */
  readonly isLoose: boolean;
  /** For code: the length of the code that is done. */
  readonly codeLength: number;
  /** For a paragraph: whether it was cut where a full render may be different. */
  readonly isForced: boolean;
};

const plain = { prefix: "", isLoose: false, codeLength: 0, isForced: false } as const;

/** Where a block is cut. */
export type Cut = {
  readonly block: LongBlock;
  /** The place in the parsed text at which the rest begins. */
  readonly at: number;
  /** The tokens of both parts, each with those that open and close the block. */
  readonly done: Token[];
  /** Undefined for code: its rest is shown with what is done. */
  readonly rest: Token[] | undefined;
};

/** A parsed text: nothing but one block, which may continue. */
export type OneBlock = {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** The offset of each line. */
  readonly lines: readonly number[];
  /** The part before it, if it is not the first one. */
  readonly before: LongBlock | undefined;
  readonly env: Env;
};

/** Returns where a block can be cut; undefined if it is short, or cannot be cut. */
export function cutLongBlock(one: OneBlock): Cut | undefined {
  const { text, tokens, before } = one;
  if (text.length - (before?.prefix.length ?? 0) < LONG_LENGTH) return undefined;
  switch (tokens[0]?.type) {
    case "fence":
      return cutCode(one, tokens[0]);
    case "bullet_list_open":
    case "ordered_list_open":
      return cutList(one, tokens[0]);
    case "table_open":
      return cutTable(one, tokens[0]);
    case "paragraph_open":
      return cutParagraph(one, tokens[0]);
    default:
      return undefined;
  }
}

/** Whether the first block of a parsed text continues a long block. Shows the paragraphs of a list as the part before. */
export function continues(tokens: readonly Token[], block: LongBlock, text: string): boolean {
  const [first] = tokens;
  if (first?.type !== block.type || first.markup !== block.markup) return false;
  if (block.kind !== "list") return true;
  const paragraphs = itemParagraphs(tokens);
  if (block.isLoose) for (const paragraph of paragraphs) paragraph.hidden = false;
  return block.isLoose || isTight(paragraphs, text);
}

function cutCode({ text, lines, before }: OneBlock, { type, markup, info, content }: Token): Cut | undefined {
  // The last line may become the closing fence.
  const lastLine = lines.length - 2;
  const start = lines[lastLine];
  if (documentLanguages.has(codeInfo(info).language) || lastLine < 2 || start === undefined) return undefined;
  const doneLines = content.split("\n").slice(0, lastLine - 1);
  const codeLength = doneLines.reduce((sum, line) => sum + line.length + 1, before?.codeLength ?? 0);
  const prefix = text.slice(0, lines[1]);
  const block = { ...plain, kind: "fence", type, markup, prefix, codeLength } as const;
  return { block, at: start, done: [], rest: undefined };
}

function cutList({ text, tokens, lines }: OneBlock, { type, markup }: Token): Cut | undefined {
  const items = tokens.flatMap((token, index) =>
    token.type === "list_item_open" && token.level === 1 ? [index] : [],
  );
  const lineOf = (index: number | undefined) => tokens[index ?? -1]?.map?.[0] ?? 0;
  const lastLine = lines.length - 1;
  const isLastLineOpen = lines[lastLine] !== text.length && lineOf(items.at(-1)) >= lastLine;
  const first = items.at(isLastLineOpen ? -2 : -1);
  const at = lines[lineOf(first)];
  const [open, close] = [tokens[0], tokens.at(-1)];
  const paragraphs = itemParagraphs(tokens);
  const isLoose = paragraphs.some(({ hidden }) => !hidden);
  if (first === undefined || first < 2 || !at || !open || !close) return undefined;
  if (!isLoose && !isTight(paragraphs, text)) return undefined;
  return {
    block: { ...plain, kind: "list", type, markup, isLoose },
    at,
    done: [...tokens.slice(0, first), close],
    rest: [open, ...tokens.slice(first)],
  };
}

/** The tokens of the paragraphs directly in the items of a top-level list at the start of a text. */
function itemParagraphs(tokens: readonly Token[]): Token[] {
  const end = tokens.findIndex(({ level, nesting }) => level === 0 && nesting === -1);
  return tokens.slice(0, end).filter(({ type, level }) => level === 2 && type.startsWith("paragraph_"));
}

/** Whether a list is tight for sure: one without a paragraph does not show it if it has a blank line. */
function isTight(paragraphs: readonly Token[], text: string): boolean {
  return paragraphs.length > 0 ? paragraphs.every(({ hidden }) => hidden) : !/\n[ \t]*\n/.test(text);
}

function cutTable({ text, tokens, lines }: OneBlock, { type, markup, map }: Token): Cut | undefined {
  const body = tokens.findIndex((token) => token.type === "tbody_open");
  const rows = tokens.flatMap((token, index) => (token.type === "tr_open" && index > body ? [index] : []));
  // The last row may be incomplete, and the one before become a part of another block.
  const first = rows.at(-2);
  const start = map?.[0] ?? 0;
  const at = lines[start + rows.length];
  if (body < 0 || first === undefined || rows.length < 3 || at === undefined) return undefined;
  return {
    block: { ...plain, kind: "table", type, markup, prefix: text.slice(lines[start], lines[start + 2]) },
    at,
    done: [...tokens.slice(0, first), ...tokens.slice(-2)],
    rest: [...tokens.slice(0, body + 1), ...tokens.slice(first)],
  };
}

/** What may belong to something that is still open, if it is shown as text. */
const special = /[*_~`[\]<$\\^]/;

function cutParagraph({ text, env }: OneBlock, { type, markup }: Token): Cut | undefined {
  let end = text.length - OPEN_LENGTH;
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    const at = lastCutBefore(text, end);
    if (at === undefined) return undefined;
    const isForced = tries === MAX_TRIES && text.length > MAX_UNCUT_LENGTH;
    const done = beginningOfParagraph(text.slice(0, at + 1), env);
    const rest = parser.parse(text.slice(at), copyOf(env));
    const isSafe = done?.[1]?.children?.every(
      (token) => token.type !== "text" || !special.test(token.content),
    );
    if (done !== undefined && rest[0]?.type === type && (isSafe === true || isForced)) {
      return { block: { ...plain, kind: "paragraph", type, markup, isForced }, at, done, rest };
    }
    end = at - LONG_LENGTH / (2 * MAX_TRIES);
  }
  return undefined;
}

/** The tokens of a paragraph without its last letter: a paragraph would lose the space before it. */
function beginningOfParagraph(text: string, env: Env): Token[] | undefined {
  const tokens = parser.parse(text, copyOf(env));
  const last = tokens[1]?.children?.at(-1);
  if (tokens.length !== 3 || tokens[0]?.type !== "paragraph_open" || last?.type !== "text") return undefined;
  last.content = last.content.slice(0, -1);
  return tokens;
}

/** The last place up to `end` at which a word begins with a letter: no block begins with one. */
function lastCutBefore(text: string, end: number): number | undefined {
  for (let at = end; at > 0; at--) {
    if (/\S[ \n]\p{L}/u.test(text.slice(at - 2, at + 1))) return at;
  }
  return undefined;
}

function copyOf(env: Env): Env {
  return { ...env, references: { ...env.references } };
}
