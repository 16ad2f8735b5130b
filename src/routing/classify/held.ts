import { LRUCache } from "lru-cache";
import type { Complexity, Held } from "../../contract/features.ts";
import { NEW_TOPIC_BELOW, topicsOf } from "./topic.ts";

/** Embeds texts offline, with the built-in embedder. */
export type EmbedOffline = (texts: readonly string[]) => Promise<readonly Float32Array[]>;

/** A prompt of a conversation, classified. */
export type ClassifiedPrompt = {
  /** Its own words (ownWords.ts). */
  readonly words: string;
  readonly complexity: Complexity;
  /** Its number in the conversation, from 1. */
  readonly number: number;
};

/** How many prompts are compared to find topics: the last ones, and the hardest one. */
const MAX_COMPARED = 20;

/** The beginning of a prompt shows its topic. */
const MAX_CHARACTERS = 500;

/** Finds the complexity that a conversation holds, and whether a prompt leaves the topic that it belongs to. */
export class HeldComplexity {
  readonly #embed: EmbedOffline | undefined;
  readonly #vectors = new LRUCache<string, Float32Array>({ max: 1000 });

  /** @param embed without it, a conversation has one topic */
  constructor(embed: EmbedOffline | undefined) {
    this.#embed = embed;
  }

  /** What is held of the earlier prompts; undefined if none was harder than this one. */
  async of(prompt: ClassifiedPrompt, earlier: readonly ClassifiedPrompt[]): Promise<Held | undefined> {
    const hardest = hardestOf(earlier);
    if (hardest === undefined || hardest.complexity.score <= prompt.complexity.score) return undefined;
    const held = { complexity: hardest.complexity, prompt: hardest.number };
    const last = earlier.slice(-MAX_COMPARED);
    const compared = last.includes(hardest) ? last : [hardest, ...last];
    const found = await this.#topics([...compared, prompt]);
    if (found === undefined) return held;
    const { topics, similarity } = found;
    const topic = topics.at(-1);
    if (topic === topics[compared.indexOf(hardest)]) return held;
    const inTopic = hardestOf(compared.filter((_, at) => topics[at] === topic));
    const hardestInTopic = inTopic && { complexity: inTopic.complexity, prompt: inTopic.number };
    return { ...held, topic: { similarity, threshold: NEW_TOPIC_BELOW, hardest: hardestInTopic } };
  }

  async #topics(prompts: readonly ClassifiedPrompt[]) {
    if (this.#embed === undefined) return undefined;
    const texts = prompts.map(({ words }) => words.slice(0, MAX_CHARACTERS));
    const missing = texts.filter((text) => !this.#vectors.has(text));
    const vectors = missing.length === 0 ? [] : await this.#embed(missing);
    for (const [at, vector] of vectors.entries()) this.#vectors.set(missing[at] ?? "", vector);
    return topicsOf(
      texts.map((words) => ({ words, vector: this.#vectors.get(words) ?? new Float32Array(0) })),
    );
  }
}

/** The first of the prompts with the highest score. */
function hardestOf(prompts: readonly ClassifiedPrompt[]): ClassifiedPrompt | undefined {
  let hardest: ClassifiedPrompt | undefined;
  for (const prompt of prompts) {
    if (hardest === undefined || prompt.complexity.score > hardest.complexity.score) hardest = prompt;
  }
  return hardest;
}
