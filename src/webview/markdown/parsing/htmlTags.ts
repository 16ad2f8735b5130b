/**
 * The HTML that answers may contain: `<kbd>`, `<sub>`, `<sup>` and `<br>` within text, and `<details>` with its
 * `<summary>` around blocks. Their content is Markdown. Other tags, tags with attributes (except `<details open>`) and
 * tags without a counterpart are shown as text.
 */
import type { MarkdownIt, StateBlock, StateCore, StateInline, Token } from "markdown-it";
import { lastLineOfContainer } from "./documentFences.ts";

const inlineTag = /<(\/?)(kbd|sub|sup)>|<br ?\/?>/iy;
const openingDetails = /^<details( open)?>[ \t]*/i;
const closingDetails = /(?<![ \t])[ \t]*<\/details>$/i;
const fence = /^(`{3,}|~{3,})/;

/** A summary may take this many lines. */
const MAX_SUMMARY_LINES = 5;

/** The markdown-it plugin. */
export function htmlTags(markdown: MarkdownIt): void {
  markdown.inline.ruler.before("autolink", "html_tag", parseTag);
  markdown.core.ruler.after("inline", "html_tag_pairs", pairTags);
  const alt = ["paragraph", "reference", "blockquote", "list"];
  markdown.block.ruler.before("fence", "details", parseDetails, { alt });
}

function parseTag(state: StateInline, silent: boolean): boolean {
  inlineTag.lastIndex = state.pos;
  const [tag, slash, name] = inlineTag.exec(state.src) ?? [];
  if (tag === undefined || state.pos + tag.length > state.posMax) return false;
  if (!silent && name === undefined) state.push("hardbreak", "br", 0);
  else if (!silent) {
    const token = state.push("html_tag", name?.toLowerCase() ?? "", 0);
    token.content = tag;
    token.markup = slash ?? "";
  }
  state.pos += tag.length;
  return true;
}

/** Makes elements of tags that belong together, and text of all others. */
function pairTags({ tokens }: StateCore): void {
  for (const { children } of tokens) if (children?.some(({ type }) => type === "html_tag")) pairIn(children);
}

function pairIn(tokens: readonly Token[]): void {
  const open: Token[] = [];
  for (const token of tokens) {
    const isTag = token.type === "html_tag";
    const isClosing = isTag ? token.markup === "/" : token.nesting === -1;
    if (isTag) becomeText(token);
    if (!isClosing) {
      if (isTag || token.nesting === 1) open.push(token);
      continue;
    }
    const opening = isTag ? open.at(-1) : open.findLast(({ nesting }) => nesting === 1);
    if (opening === undefined || (isTag && !(opening.type === "text" && opening.tag === token.tag))) continue;
    open.length = open.lastIndexOf(opening);
    if (!isTag) continue;
    become(opening, 1);
    become(token, -1);
  }
}

function becomeText(token: Token): void {
  token.type = "text";
}

function become(token: Token, nesting: 1 | -1): void {
  token.type = nesting === 1 ? "html_open" : "html_close";
  token.nesting = nesting;
}

function parseDetails(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if ((state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false;
  const [tag, isOpen] = openingDetails.exec(lineText(state, startLine)) ?? [];
  if (tag === undefined) return false;
  if (silent) return true;
  const lastLine = lastLineOfContainer(state, startLine, endLine);
  const closedAt = closingLine(state, startLine, lastLine);
  const { lineMax } = state;
  const restore = saveLines(state, startLine, Math.min(lastLine, startLine + 2 * MAX_SUMMARY_LINES));
  const restoreLast = closedAt === undefined ? () => {} : saveLines(state, closedAt, closedAt);

  const opening = state.push("details_open", "details", 1);
  if (isOpen !== undefined) opening.attrSet("open", "");
  const afterTag = skipText(state, startLine, tag.length);
  const firstLine = parseSummary(state, afterTag, closedAt === undefined ? lastLine + 1 : closedAt + 1);
  const end = closedAt === undefined ? lastLine + 1 : dropClosingTag(state, closedAt);
  state.lineMax = end;
  state.md.block.tokenize(state, firstLine, end);
  state.push("details_close", "details", -1);

  state.lineMax = lineMax;
  restoreLast();
  restore();
  state.line = (closedAt ?? lastLine) + 1;
  opening.map = [startLine, state.line];
  return true;
}

/** Keeps where lines begin and end, for a rule that parses parts of them. @returns what restores them */
function saveLines(state: StateBlock, first: number, last: number): () => void {
  const { bMarks, eMarks, tShift, sCount } = state;
  const saved = [bMarks, eMarks, tShift, sCount].map((marks) => ({
    marks,
    of: marks.slice(first, last + 1),
  }));
  return () => {
    for (const { marks, of } of saved) marks.splice(first, of.length, ...of);
  };
}

/** Ends a line before its closing tag. @returns the end of the content: the next line, or this one if nothing is left */
function dropClosingTag(state: StateBlock, line: number): number {
  const text = lineText(state, line);
  const kept = text.replace(closingDetails, "");
  state.eMarks[line] = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0) + kept.length;
  return kept === "" ? line : line + 1;
}

/** Returns the line that closes a `<details>`; undefined if none does. */
function closingLine(state: StateBlock, startLine: number, lastLine: number): number | undefined {
  let depth = 0;
  let openFence = "";
  for (let line = startLine; line <= lastLine; line++) {
    const text = lineText(state, line);
    const [marks] = fence.exec(text) ?? [];
    if (openFence === "" && marks !== undefined) openFence = marks;
    else if (openFence !== "" && text.startsWith(openFence) && marks === text) openFence = "";
    if (openFence !== "") continue;
    if (openingDetails.test(text)) depth++;
    if (closingDetails.test(text)) depth--;
    if (depth <= 0) return line;
  }
  return undefined;
}

/** Parses the `<summary>` that a `<details>` begins with. @returns the first line after it */
function parseSummary(state: StateBlock, startLine: number, endLine: number): number {
  let first = startLine;
  while (first < endLine && first < startLine + MAX_SUMMARY_LINES && lineText(state, first) === "") first++;
  if (!/^<summary>/i.test(lineText(state, first))) return startLine;
  const last = Math.min(endLine, first + MAX_SUMMARY_LINES);
  for (let line = first; line < last; line++) {
    const end = lineText(state, line).search(/<\/summary>/i);
    if (end < 0) continue;
    const lines = Array.from({ length: line - first + 1 }, (_, index) => lineText(state, first + index));
    const [, content = ""] = /^<summary>(.*?)<\/summary>/is.exec(lines.join("\n")) ?? [];
    state.push("summary_open", "summary", 1);
    const inline = state.push("inline", "", 0);
    inline.content = content.trim();
    inline.map = [first, line + 1];
    inline.children = [];
    state.push("summary_close", "summary", -1);
    return skipText(state, line, end + "</summary>".length);
  }
  return startLine;
}

/** Drops the first characters of a line. @returns the line, or the next one if nothing is left of it */
function skipText(state: StateBlock, line: number, length: number): number {
  const start = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0) + length;
  const rest = state.src.slice(start, state.eMarks[line]);
  state.bMarks[line] = start + rest.length - rest.trimStart().length;
  state.tShift[line] = 0;
  state.sCount[line] = state.blkIndent;
  return rest.trim() === "" ? line + 1 : line;
}

/** The text of a line without its indentation. */
function lineText(state: StateBlock, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]).trimEnd();
}
