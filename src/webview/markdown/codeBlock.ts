import type { RendererRule } from "markdown-it";
import MarkdownIt from "markdown-it";

const { escapeHtml } = new MarkdownIt().utils;

/** What a fence says about its code: `ts src/retry.ts`, `ts:src/retry.ts`, `ts title="retry.ts"`, `src/retry.ts`. */
type CodeInfo = { readonly language: string; readonly file?: string };

function codeInfo(info: string): CodeInfo {
  const [first = "", ...rest] = info.trim().split(/\s+/);
  const named = /(?:title|file|filename|path)=["']?([^"'\s]+)/.exec(info)?.[1];
  const [word = "", afterColon] = first.split(":", 2);
  const file = named ?? (isFile(afterColon) ? afterColon : rest.find(isFile));
  if (file !== undefined) return { language: word.toLowerCase(), file };
  return isFile(word)
    ? { language: word.slice(word.lastIndexOf(".") + 1).toLowerCase(), file: word }
    : { language: word.toLowerCase() };
}

/** A code block with its head; its tools are added once the block is finished. */
export const codeBlock: RendererRule = (tokens, index) => {
  const token = tokens[index];
  const { language, file } = codeInfo(token?.info ?? "");
  const known = /^[\w+#.-]+$/.test(language) ? ` class="language-${language}"` : "";
  const code = escapeHtml((token?.content ?? "").replace(/\n$/, ""));
  return (
    `<figure class="sy-code"><figcaption class="sy-code-head">` +
    `<span class="sy-code-name">${escapeHtml(file ?? language)}</span></figcaption>` +
    `<pre><code${known}>${code}</code></pre></figure>`
  );
};

function isFile(word: string | undefined): boolean {
  return word !== undefined && /^[\w@./\\-]*\w\.\w+$/.test(word);
}
