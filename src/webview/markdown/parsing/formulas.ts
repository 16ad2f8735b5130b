/**
 * Formulas in TeX: `\( … \)`, `\[ … \]`, `$ … $` and `$$ … $$`. Without this, Markdown would remove the backslashes of the
 * delimiters and read the `*` and `_` of a formula as emphasis. They are shown as they were written (shownFormulas.ts
 * makes MathML of those that are closed).
 */
import type { MarkdownIt, StateBlock, StateInline } from "markdown-it";
import Markdown from "markdown-it";

const { escapeHtml } = new Markdown().utils;

/**
 * Each pattern stops at the next delimiter of its kind, so that many delimiters without a counterpart take linear time.
 * As in Pandoc, a single `$` stands next to its formula, and no digit or word follows. Nor is it the sign after an amount
 * or before one that a word follows. So prices and variables of a shell are no formulas.
 */
const priceAndWord = String.raw`\d[\d.,]*(?:\s+|-)[*_]*[A-Za-z]{2}`;
const inlineFormula = new RegExp(
  [
    String.raw`\\\((?:[^\\]|\\[^()])*\\\)`,
    String.raw`\\\[(?:[^\\]|\\[^[\]])*\\\]`,
    String.raw`\$\$(?:[^$\\]|\\.)+\$\$`,
    String.raw`(?<![\w$])\$(?!${priceAndWord}|[\s$])(?:[^$\\\n\x60]|\\[^\n])*(?<!\s)\$(?![\w$])`,
    // A delimiter by itself
    String.raw`\\[()[\]]`,
    String.raw`\$\$`,
  ].join("|"),
  "sy",
);

/** Longer formulas are read as text: a line that only begins like one is compared with this many lines at most. */
const MAX_LINES = 100;

/** The markdown-it plugin. */
export function formulas(markdown: MarkdownIt): void {
  markdown.inline.ruler.before("escape", "formula", parseInline);
  const alt = ["paragraph", "reference", "blockquote", "list"];
  markdown.block.ruler.before("fence", "formula_block", parseBlock, { alt });
  const { rules } = markdown.renderer;
  rules["formula"] = (tokens, index) =>
    `<span class="sy-formula">${escapeHtml(tokens[index]?.content ?? "")}</span>`;
  rules["formula_block"] = (tokens, index) => {
    const { info, content } = tokens[index] ?? { info: "", content: "" };
    return `<p class="${info === "open" ? "sy-open-formula" : "sy-formula"}">${escapeHtml(content)}</p>`;
  };
}

function parseInline(state: StateInline, silent: boolean): boolean {
  inlineFormula.lastIndex = state.pos;
  const [formula] = inlineFormula.exec(state.src) ?? [];
  if (formula === undefined || state.pos + formula.length > state.posMax) return false;
  if (!silent && isDelimiter(formula)) state.pending += formula;
  else if (!silent) state.push("formula", "span", 0).content = formula;
  state.pos += formula.length;
  return true;
}

/** Whether this is a delimiter without a counterpart. */
function isDelimiter(formula: string): boolean {
  return formula.length <= 2;
}

/** A formula in lines of its own ends at its delimiter, or before the next blank line. */
function parseBlock(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if ((state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false;
  const first = textOf(state, startLine);
  const opening = first.slice(0, 2);
  if (opening !== "$$" && opening !== "\\[") return false;
  const closing = opening === "$$" ? "$$" : "\\]";
  let line = startLine;
  let closedAt = first.indexOf(closing, 2);
  const lastLine = Math.min(endLine, startLine + MAX_LINES) - 1;
  while (closedAt < 0 && line < lastLine && continues(state, line + 1)) {
    line++;
    closedAt = textOf(state, line).indexOf(closing);
  }
  // A line that continues after a formula, or that only begins with a delimiter, is part of a paragraph.
  const isParagraph =
    closedAt < 0 ? first.length > 2 : line === startLine && first.length > closedAt + closing.length;
  if (isParagraph) return false;
  if (silent) return true;
  state.line = line + 1;
  const token = state.push("formula_block", "p", 0);
  token.content = state.getLines(startLine, state.line, state.sCount[startLine] ?? 0, false);
  token.info = closedAt < 0 ? "open" : "";
  token.map = [startLine, state.line];
  return true;
}

function continues(state: StateBlock, line: number): boolean {
  return !state.isEmpty(line) && (state.sCount[line] ?? 0) >= state.blkIndent;
}

function textOf(state: StateBlock, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]).trimEnd();
}
