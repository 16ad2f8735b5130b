/** After so many different chunks, learning stops: OpenAI can pad each chunk of a stream with random letters. */
const MAX_TEMPLATES = 4;

/** Longer chunks hold more than a token, and rarely resemble the next one. */
const MAX_CHARACTERS = 10_000;

/** Splits a chunk before its text. */
const AROUND_TEXT = /^(.*?"content":\s*")(.*)$/s;

/** Characters that JSON escapes in a text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes control characters.
const ESCAPED = /["\\\u0000-\u001f]/;

/**
 * Reads chunks without parsing them. Most chunks of a stream equal an earlier one except for their text, so a text
 * without escapes between the same prefix and the same suffix is a chunk's content.
 *
 * Gain (`npm run bench providers`, 2026-11): 0.8 µs of processor time for an event in a network read of its own instead
 * of 2.2, and 0.4 µs instead of 1.6 when ten events arrive in one read.
 */
export class ChunkTemplateCache {
  #prefix = "";
  #suffix = "";
  #templates = 0;

  /** The text of a chunk; undefined if the chunk has to be parsed. */
  textOf(data: string): string | undefined {
    const prefix = this.#prefix;
    const suffix = this.#suffix;
    const end = data.length - suffix.length;
    if (prefix === "" || end < prefix.length) return undefined;
    // V8 compares whole strings at once, and takes ten times as long for startsWith and endsWith.
    if (data.slice(0, prefix.length) !== prefix || data.slice(end) !== suffix) return undefined;
    const text = data.slice(prefix.length, end);
    return ESCAPED.test(text) ? undefined : text;
  }

  /** Uses a chunk whose only content is `text` as the template of the next ones. */
  learn(data: string, text: string): void {
    if (this.#templates >= MAX_TEMPLATES || data.length > MAX_CHARACTERS) return;
    this.#templates += 1;
    const [, prefix = "", rest = ""] = AROUND_TEXT.exec(data) ?? [];
    // A server may write any character as an escape (é as \u00e9): the chunk then does not contain the text itself.
    if (!rest.startsWith(text) || rest[text.length] !== '"' || ESCAPED.test(text)) return;
    // With a second member of this name, it is unclear which one holds the text.
    if (AROUND_TEXT.test(rest)) return;
    this.#prefix = prefix;
    this.#suffix = rest.slice(text.length);
  }
}
