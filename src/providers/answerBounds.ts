import type { ContentEvent } from "./answerReader.ts";
import type { StreamEvent } from "./eventStream.ts";

/** Eight times what a token of English holds. A single one may hold more (a run of spaces), a whole answer's do not. */
const MAX_CHARACTERS_PER_TOKEN = 32;
/** For short limits, where a single token weighs. */
const ALWAYS_CHARACTERS = 64 * 1024;
/** A tool call of 128,000 tokens, each told in an event of 250 characters. */
const MAX_SILENT_CHARACTERS = 32_000_000;

/** What an answer may hold at most, so that a stream without an end is not read without an end. */
export class AnswerBounds {
  readonly #maxOutputTokens: number;
  #said = 0;
  #silent = 0;

  /** @param maxOutputTokens the limit that was sent */
  constructor(maxOutputTokens: number) {
    this.#maxOutputTokens = maxOutputTokens;
  }

  /** Counts the events of a chunk, and the content that was in them; tells what is too much, or undefined. */
  excess(events: readonly StreamEvent[], content: readonly ContentEvent[]): string | undefined {
    for (const { text } of content) this.#said += text.length;
    if (this.#said > ALWAYS_CHARACTERS + this.#maxOutputTokens * MAX_CHARACTERS_PER_TOKEN) {
      return `the answer went on far beyond its limit of ${this.#maxOutputTokens} tokens`;
    }
    if (content.length > 0) this.#silent = 0;
    else for (const { data } of events) this.#silent += data.length;
    return this.#silent > MAX_SILENT_CHARACTERS ? "the stream went on without saying anything" : undefined;
  }
}
