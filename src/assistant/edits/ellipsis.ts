import { foldSpace } from "./alignment.ts";

/** A comment's beginning in the usual languages. */
const COMMENT = /^(?:\/\/|#|--|;|%|\/\*+|<!--|\{\s*\/\*|\*|"""|''')\s*/;
const COMMENT_END = /\s*(?:\*\/\s*\}?|-->|"""|''')$/;
const ELLIPSIS = /\.{3}|…/;
const LEFT_OUT_WORDS =
  /\b(?:existing|rest of|remain\w*|unchanged|other|omitted|same as|previous|earlier|as before|keep|more)\b/i;

/**
 * Whether a line of an answer stands for code that the answer leaves out, such as `// ... existing code ...`, `# …` or
 * `...rest of the file`. Three dots by themselves are code in Python, so they need a comment or words.
 */
export function isEllipsis(line: string): boolean {
  const text = foldSpace(line);
  const isComment = COMMENT.test(text);
  const words = text.replace(COMMENT, "").replace(COMMENT_END, "");
  if (words.length > 80 || !ELLIPSIS.test(words)) return false;
  const beginsSo = /^(?:\.{3}|…)/.test(words);
  const endsSo = /(?:\.{3}|…)$/.test(words);
  if (isComment) return beginsSo || (endsSo && LEFT_OUT_WORDS.test(words));
  return beginsSo && LEFT_OUT_WORDS.test(words) && /^[\s.…\p{L}]+$/u.test(words);
}
