import { createHash } from "node:crypto";

/** What an answer used, before it is put in a wire's own words. */
export type SimulatedUsage = {
  /** All of the prompt, cached tokens included. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
};

/** The shortest beginning that is cached, in tokens, and the step in which it grows (OpenAI's figures). */
const MIN_CACHED_TOKENS = 1024;
const STEP_TOKENS = 128;
const CHARACTERS_PER_TOKEN = 4;
const MAX_REMEMBERED = 10_000;

/** Tokens of a text: a quarter of its characters, rounded up. Made up, but always the same. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** Remembers the beginnings of prompts, as a provider's prompt cache does. */
export class PromptCache {
  readonly #seen = new Set<string>();

  /** How many tokens of this prompt's beginning were seen before for this model; remembers the prompt. */
  read(model: string, prompt: string): number {
    const hash = createHash("sha256").update(`${model}\n`);
    let cached = 0;
    let at = 0;
    for (
      let tokens = MIN_CACHED_TOKENS;
      tokens * CHARACTERS_PER_TOKEN <= prompt.length;
      tokens += STEP_TOKENS
    ) {
      hash.update(prompt.slice(at, tokens * CHARACTERS_PER_TOKEN));
      at = tokens * CHARACTERS_PER_TOKEN;
      const key = hash.copy().digest("base64");
      if (this.#seen.has(key)) cached = tokens;
      else this.#remember(key);
    }
    return cached;
  }

  #remember(key: string): void {
    if (this.#seen.size >= MAX_REMEMBERED) {
      const [oldest] = this.#seen;
      if (oldest !== undefined) this.#seen.delete(oldest);
    }
    this.#seen.add(key);
  }
}
