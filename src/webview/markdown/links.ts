import type { RendererRule, Token } from "markdown-it";
import MarkdownIt from "markdown-it";

/** Where a link may lead: the web and mail. Everything else could act inside the editor. */
export const allowedHref: RegExp = /^(?:https?|mailto):/i;

const { escapeHtml } = new MarkdownIt().utils;

/** The address is the tooltip too: VS Code asks before it opens one, and nothing should surprise there. */
export const openLink: RendererRule = (tokens, index) => {
  const href = String(tokens[index]?.attrGet("href") ?? "");
  return allowedHref.test(href) ? `<a href="${escapeHtml(href)}" title="${escapeHtml(href)}">` : "<span>";
};

export const closeLink: RendererRule = (tokens, index) => {
  const open = linkAround(tokens, index);
  return allowedHref.test(String(open?.attrGet("href") ?? "")) ? "</a>" : "</span>";
};

/** A picture would be fetched by its address, which tells that address what was asked: its words stand for it. */
export const image: RendererRule = (tokens, index, options, env, renderer) => {
  const token = tokens[index];
  const alt = renderer.renderInlineAsText(token?.children ?? [], options, env ?? {});
  const words = escapeHtml(`[image: ${alt}]`);
  const src = String(token?.attrGet("src") ?? "");
  if (!allowedHref.test(src) || linkAround(tokens, index) !== undefined) return words;
  return `<a href="${escapeHtml(src)}" title="${escapeHtml(src)}">${words}</a>`;
};

function linkAround(tokens: readonly Token[], index: number): Token | undefined {
  const before = tokens.slice(0, index);
  const open = before.findLast((token) => token.type === "link_open" || token.type === "link_close");
  return open?.type === "link_open" ? open : undefined;
}
