import type { Env, RendererRule, Token } from "markdown-it";
import MarkdownIt from "markdown-it";
import { readPathReference } from "../../../base/paths/pathReference.ts";
import { handoffNotes } from "../handoffNotes.ts";
import { allowedHref } from "../sanitize.ts";
import { codeInfo } from "./codeInfo.ts";
import { documentFences } from "./documentFences.ts";
import { footnotes } from "./footnotes.ts";
import { formulas } from "./formulas.ts";
import { htmlTags } from "./htmlTags.ts";
import { taskLists } from "./taskLists.ts";

const { escapeHtml } = new MarkdownIt().utils;

/**
 * The tooltip shows the address, so that the user sees where a link leads before opening it. An address that may be a file
 * is text until the editor has found the file (fileLinks.ts); every other one stays text.
 */
const openLink: RendererRule = (tokens, index) => {
  const href = String(tokens[index]?.attrGet("href") ?? "");
  if (allowedHref.test(href)) return `<a href="${escapeHtml(href)}" title="${escapeHtml(href)}">`;
  const name = decoded(href);
  return readPathReference(name) === undefined
    ? '<span class="sy-path">'
    : `<span class="sy-path" title="${escapeHtml(name)}">`;
};

function decoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    // Not encoded: a percent sign is part of the name.
    return href;
  }
}

const closeLink: RendererRule = (tokens, index) => {
  const open = enclosingLink(tokens, index);
  return allowedHref.test(String(open?.attrGet("href") ?? "")) ? "</a>" : "</span>";
};

/** A link in place of an image: its address may contain parts of the conversation, and fetching it would disclose them. */
const image: RendererRule = (tokens, index, options, env, renderer) => {
  const token = tokens[index];
  const alt = renderer.renderInlineAsText(token?.children ?? [], options, env ?? {});
  const text = escapeHtml(`[image: ${alt}]`);
  const src = String(token?.attrGet("src") ?? "");
  if (!allowedHref.test(src) || enclosingLink(tokens, index) !== undefined) return text;
  return `<a href="${escapeHtml(src)}" title="${escapeHtml(src)}">${text}</a>`;
};

function enclosingLink(tokens: readonly Token[], index: number): Token | undefined {
  const before = tokens.slice(0, index);
  const open = before.findLast((token) => token.type === "link_open" || token.type === "link_close");
  return open?.type === "link_open" ? open : undefined;
}

/**
 * Headings of an answer are below the conversation's title (h1) and skip no level, whatever the model wrote: the first
 * is an h2, and each deeper one is one level deeper than the last.
 */
const openHeading: RendererRule = (tokens, index, _options, env) => {
  const open = openLevels(env);
  const level = Number(tokens[index]?.tag.slice(1));
  while (open.length > 0 && (open.at(-1) ?? 0) >= level) open.pop();
  open.push(level);
  return `<h${headingDepth(open)}>`;
};

const closeHeading: RendererRule = (_tokens, _index, _options, env) => {
  return `</h${headingDepth(openLevels(env))}>`;
};

/** The levels, as written, of the headings that enclose the next block. */
export function openLevels(env: Env | undefined): number[] {
  const open = env?.["openLevels"];
  return Array.isArray(open) ? open : [];
}

function headingDepth(open: readonly number[]): number {
  return Math.min(Math.max(open.length, 1) + 1, 4);
}

/** A code block with a header for its name; its buttons are added when the block is finished. */
const codeBlock: RendererRule = (tokens, index) => {
  const token = tokens[index];
  const { language, file } = codeInfo(token?.info ?? "");
  const languageClass = /^[\w+#.-]+$/.test(language) ? ` class="language-${language}"` : "";
  const code = escapeHtml((token?.content ?? "").replace(/\n$/, ""));
  return (
    `<figure class="sy-code"><figcaption class="sy-code-head">` +
    `${codeName(language, file)}</figcaption>` +
    `<pre><code${languageClass}>${code}</code></pre></figure>`
  );
};

/** A file's name, which may be cut off, has a tooltip. */
function codeName(language: string, file: string | undefined): string {
  if (file === undefined) return `<span class="sy-code-name">${escapeHtml(language)}</span>`;
  return `<span class="sy-code-name" title="${escapeHtml(file)}">${escapeHtml(file)}</span>`;
}

/** Parses the Markdown of a growing answer: little HTML, no images, and links only to the web and to mail. */
export const parser = makeParser(false);

/** Parses the Markdown of a complete answer. */
export const completeParser = makeParser(true);

function makeParser(isComplete: boolean) {
  const markdown = new MarkdownIt({ html: false, linkify: true });
  // Every link is parsed, so that a forbidden one is shown as its text; the renderer decides which become links.
  markdown.validateLink = () => true;
  // File names end like domains (`main.rs`, `setup.py`): only an address with a scheme becomes a link.
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false }).add("ftp:", null).add("//", null);

  markdown.use(documentFences).use(formulas).use(htmlTags).use(taskLists);
  markdown.use(footnotes, isComplete);
  // Last, because a note in a footnote is placed before footnotes move to the end.
  markdown.use(handoffNotes);

  const { rules } = markdown.renderer;
  rules["link_open"] = openLink;
  rules["link_close"] = closeLink;
  rules["image"] = image;
  rules["fence"] = codeBlock;
  rules["code_block"] = codeBlock;
  rules["heading_open"] = openHeading;
  rules["heading_close"] = closeHeading;
  rules["table_open"] = () => '<div class="sy-scroll"><table>';
  rules["table_close"] = () => "</table></div>";
  rules["th_open"] = (tokens, index) => `<th${alignment(tokens[index])}>`;
  rules["td_open"] = (tokens, index) => `<td${alignment(tokens[index])}>`;
  return markdown;
}

/** A class in place of markdown-it's style attribute, which the page's content security policy forbids. */
function alignment(cell: Token | undefined): string {
  const side = /right|center/.exec(String(cell?.attrGet("style") ?? ""))?.[0];
  return side === undefined ? "" : ` class="sy-align-${side}"`;
}
