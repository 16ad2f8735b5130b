/**
 * Footnotes. In a complete text, markdown-it-footnote numbers them and moves them to its end. While a text grows, they
 * stay where they were written, because the places that refer to them may be finished before they arrive.
 */
import type { Env, MarkdownIt, RendererRule, Token } from "markdown-it";
import Markdown from "markdown-it";
import footnotePlugin from "markdown-it-footnote";

const { escapeHtml } = new Markdown().utils;

/** What all footnote ids of the view begin with. Links to others are never made. */
export const FOOTNOTE_ID = "sy-fn-";

/** Whether a text may contain footnotes, which a complete text shows at another place than a growing one. */
export function mayHaveFootnotes(text: string): boolean {
  return text.includes("[^") || text.includes("^[");
}

/** Makes the ids of the footnotes of a text unique in the page. `answerId`: letters, digits and hyphens. */
export function setAnswerId(env: Env, answerId: string): void {
  env["docId"] = answerId;
}

/** The markdown-it plugin. */
export function footnotes(markdown: MarkdownIt, isComplete: boolean): void {
  const rulesBefore = markdown.block.ruler.getRules("");
  markdown.use(footnotePlugin);
  addLines(markdown, rulesBefore);
  const { rules } = markdown.renderer;
  if (!isComplete) {
    markdown.core.ruler.disable("footnote_tail");
    markdown.inline.ruler.disable(["footnote_ref", "footnote_inline"]);
    rules["footnote_reference_open"] = (tokens, index) =>
      `<div class="sy-footnote"><sup>${escapeHtml(String(tokens[index]?.meta?.["label"] ?? ""))}</sup> `;
    rules["footnote_reference_close"] = () => "</div>";
    return;
  }
  rules["footnote_ref"] = reference;
  rules["footnote_block_open"] = () => '<section class="sy-footnotes"><ol>';
  rules["footnote_block_close"] = () => "</ol></section>";
  rules["footnote_open"] = (tokens, index, _options, env) => `<li id="${footnoteId(tokens[index], env)}">`;
  rules["footnote_close"] = () => "</li>";
  rules["footnote_anchor"] = (tokens, index, _options, env) =>
    ` <a class="sy-footnote-back" href="#${referenceId(tokens[index], env)}">${numberOf(tokens[index])}</a>`;
}

const reference: RendererRule = (tokens, index, _options, env) => {
  const token = tokens[index];
  return (
    `<sup><a class="sy-footnote-ref" href="#${footnoteId(token, env)}" id="${referenceId(token, env)}">` +
    `${numberOf(token)}</a></sup>`
  );
};

function footnoteId(token: Token | undefined, env: Env | undefined): string {
  return `${FOOTNOTE_ID}${escapeHtml(String(env?.["docId"] ?? ""))}-${numberOf(token)}`;
}

/** A footnote may be referred to more than once. */
function referenceId(token: Token | undefined, env: Env | undefined): string {
  return `${footnoteId(token, env)}-ref${Number(token?.meta?.["subId"] ?? 0)}`;
}

function numberOf(token: Token | undefined): number {
  return Number(token?.meta?.["id"] ?? 0) + 1;
}

/** Sets the lines of a definition, which the plugin leaves out: the beginning of a block marks which text is finished. */
function addLines({ block }: MarkdownIt, rulesBefore: readonly unknown[]): void {
  // Its function has another name in the minified bundle.
  const define = block.ruler.getRules("").find((rule) => !rulesBefore.includes(rule));
  if (define === undefined) throw new Error("markdown-it-footnote has no rule for definitions");
  const withLines: typeof define = (state, startLine, endLine, silent) => {
    const opening = state.tokens.length;
    if (!define(state, startLine, endLine, silent)) return false;
    const token = state.tokens[opening];
    if (token !== undefined) token.map = [startLine, state.line];
    return true;
  };
  block.ruler.at("footnote_def", withLines, { alt: ["paragraph", "reference"] });
}
