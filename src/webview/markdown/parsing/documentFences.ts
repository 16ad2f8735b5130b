/**
 * Markdown documents inside a fence, which hold fences of the same length themselves:
 *
 *     ```markdown
 *     ```bash
 *     npm install
 *     ```
 *     ```
 *
 * CommonMark ends such a block at the first inner fence without a language. Models mean the one that closes the document.
 */
import type { Env, MarkdownIt, StateBlock } from "markdown-it";
import { codeInfo } from "./codeInfo.ts";

/** The languages of documents. */
export const documentLanguages: ReadonlySet<string> = new Set(["markdown", "md", "mdx"]);

/** A fence as the only thing in its line, apart from the markers of list items before it. */
const fencePattern = /^((?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}|~{3,})(.*)$/s;

type Fence = {
  readonly character: string;
  readonly length: number;
  readonly info: string;
  readonly beginsListItem: boolean;
};

/** A fenced block that is open at a line. */
type OpenBlock = { readonly length: number; readonly isDocument: boolean };

const completeTexts = new WeakSet<Env>();

/** Marks a text as complete for the plugin. Called before it is parsed with `env`. */
export function setComplete(env: Env): void {
  completeTexts.add(env);
}

/** The markdown-it plugin. */
export function documentFences(markdown: MarkdownIt): void {
  const alt = ["paragraph", "reference", "blockquote", "list"];
  markdown.block.ruler.before("fence", "document_fence", parseDocument, { alt });
}

function parseDocument(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const fence = fenceIn(state, startLine);
  if (fence === undefined || fence.beginsListItem || !isDocument(fence)) return false;
  if (silent) return true;
  const lastLine = lastLineOfContainer(state, startLine, endLine);
  // A fence without a language that text follows opens an inner block, unless the document then never ends.
  const closedAt =
    closingLine(state, fence, startLine, lastLine, true) ??
    (completeTexts.has(state.env) ? closingLine(state, fence, startLine, lastLine, false) : undefined);
  const end = closedAt ?? lastLine + 1;
  const token = state.push("fence", "code", 0);
  token.info = fence.info;
  token.content = state.getLines(startLine + 1, end, state.sCount[startLine] ?? 0, true);
  token.markup = fence.character.repeat(fence.length);
  state.line = closedAt === undefined ? end : end + 1;
  token.map = [startLine, state.line];
  return true;
}

/** Returns the line of the fence that closes a document; undefined if none does. */
function closingLine(
  state: StateBlock,
  fence: Fence,
  startLine: number,
  lastLine: number,
  bareFencesOpen: boolean,
): number | undefined {
  const open: OpenBlock[] = [{ length: fence.length, isDocument: true }];
  for (let line = startLine + 1; line <= lastLine; line++) {
    const inner = open.at(-1);
    const found = fenceIn(state, line);
    if (inner === undefined || found?.character !== fence.character || found.length < inner.length) continue;
    const isBare = found.info === "" && !found.beginsListItem;
    const opens = !isBare || (bareFencesOpen && isFollowedByText(state, line, lastLine));
    if (inner.isDocument && opens) open.push({ length: found.length, isDocument: isDocument(found) });
    else if (isBare) open.pop();
    if (open.length === 0) return line;
  }
  return undefined;
}

function fenceIn(state: StateBlock, line: number): Fence | undefined {
  const indent = (state.sCount[line] ?? 0) - state.blkIndent;
  if (indent >= 4) return undefined;
  const start = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
  const [, listMarkers = "", markup = "", rest = ""] =
    fencePattern.exec(state.src.slice(start, state.eMarks[line])) ?? [];
  const character = markup.charAt(0);
  if (character === "" || (character === "`" && rest.includes("`"))) return undefined;
  return { character, length: markup.length, info: rest.trim(), beginsListItem: listMarkers !== "" };
}

function isDocument({ info }: Fence): boolean {
  return documentLanguages.has(codeInfo(info).language);
}

function isFollowedByText(state: StateBlock, line: number, lastLine: number): boolean {
  const next = line + 1;
  return next <= lastLine && !state.isEmpty(next) && fenceIn(state, next) === undefined;
}

/** The last line of the list item or quote that holds a block, which ends with it. */
export function lastLineOfContainer(state: StateBlock, startLine: number, endLine: number): number {
  let line = startLine + 1;
  while (line < endLine && (state.isEmpty(line) || (state.sCount[line] ?? 0) >= state.blkIndent)) line++;
  return line - 1;
}
