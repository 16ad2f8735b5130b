import type { Env, RendererRule } from "markdown-it";

/**
 * Headings of an answer stand below the conversation's own (h1) and skip no level, whatever the model wrote: the first
 * is an h2, and each deeper one is one deeper than the last.
 */
export const openHeading: RendererRule = (tokens, index, _options, env) => {
  const open = openLevels(env);
  const level = Number(tokens[index]?.tag.slice(1));
  while (open.length > 0 && (open.at(-1) ?? 0) >= level) open.pop();
  open.push(level);
  return `<h${depth(open)}>`;
};

export const closeHeading: RendererRule = (_tokens, _index, _options, env) => `</h${depth(openLevels(env))}>`;

/** The levels, as written, of the headings that enclose what comes next. */
export function openLevels(env: Env | undefined): number[] {
  const open = env?.["openLevels"];
  return Array.isArray(open) ? open : [];
}

function depth(open: readonly number[]): number {
  return Math.min(Math.max(open.length, 1) + 1, 4);
}
