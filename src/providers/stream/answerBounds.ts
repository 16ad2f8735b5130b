import type { ContentEvent } from "./answerReader.ts";

/**
 * Eight times an average token of English. A single token may be longer (a run of spaces), a whole answer's are not.
 */
const MAX_CHARACTERS_PER_TOKEN = 32;
/** Always allowed, because a single long token matters in a short answer. */
const MIN_CONTENT_CHARACTERS = 64 * 1024;
/** A tool call of 128,000 tokens, each in an event of 250 characters. */
const MAX_SILENT_CHARACTERS = 32_000_000;

/** Detects a stream that is longer than any real answer. */
export class AnswerBounds {
  readonly #maxOutputTokens: number;
  #contentCharacters = 0;
  #silentCharacters = 0;

  /** @param maxOutputTokens the limit in the request */
  constructor(maxOutputTokens: number) {
    this.#maxOutputTokens = maxOutputTokens;
  }

  /** Counts an event of `length` characters and its content. */
  count(length: number, content: readonly ContentEvent[]): void {
    if (content.length === 0) this.#silentCharacters += length;
    else {
      this.#silentCharacters = 0;
      for (const { text } of content) this.#contentCharacters += text.length;
    }
  }

  /** Why the stream is too long; undefined while it is not. */
  get excess(): string | undefined {
    const maxCharacters = MIN_CONTENT_CHARACTERS + this.#maxOutputTokens * MAX_CHARACTERS_PER_TOKEN;
    if (this.#contentCharacters > maxCharacters) {
      return `the answer is far beyond its limit of ${this.#maxOutputTokens} tokens`;
    }
    return this.#silentCharacters > MAX_SILENT_CHARACTERS
      ? "the stream continues without content"
      : undefined;
  }
}
