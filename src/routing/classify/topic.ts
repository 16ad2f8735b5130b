import { dot } from "../../embedding/vectors.ts";
import { refersBack } from "./followUp.ts";
import { isInOtherLanguage } from "./language.ts";

/**
 * A prompt whose cosine to every earlier one is lower can begin a new topic. Calibrated with the built-in embedder on 20
 * conversations of six prompts and 30 other prompts (test/bench/routing/conversations.json): of the 100 prompts that
 * continue their conversation, 3 are taken for a new topic; of other prompts after six, 20 of 100 are found. A new topic
 * that is not found costs money; one that is not new would cost quality.
 */
export const NEW_TOPIC_BELOW = 0.15;

/** A prompt with this cosine to an earlier one belongs to its topic, even if it refers back. */
const SAME_TOPIC_FROM = 0.3;

/** Fewer words can depend on what came before without a word that refers to it. */
const MIN_WORDS = 6;

/** A prompt's own words, and their vector at length 1 or zeros. */
export type EmbeddedPrompt = { readonly words: string; readonly vector: Float32Array };

/** The topic of each prompt of a conversation, in order, and how similar its last prompt is to an earlier one. */
export type Topics = {
  /** A topic is the index of its first prompt. */
  readonly topics: readonly number[];
  /** The highest cosine of the last prompt to one before it. */
  readonly similarity: number;
};

/**
 * Groups the prompts of a conversation into topics. A prompt belongs to the topic of the most similar one, unless it is
 * clearly new; if it is not very similar and refers back, to the topic of the prompt before it.
 */
export function topicsOf(prompts: readonly EmbeddedPrompt[]): Topics {
  const topics: number[] = [];
  let similarity = 0;
  for (const [index, prompt] of prompts.entries()) {
    const before = prompts.slice(0, index).map(({ vector }) => dot(prompt.vector, vector));
    similarity = Math.max(...before);
    const nearest = topics[before.indexOf(similarity)] ?? 0;
    const last = topics[index - 1] ?? 0;
    if (similarity >= SAME_TOPIC_FROM) topics.push(nearest);
    else if (!canBeginTopic(prompt)) topics.push(last);
    else topics.push(similarity >= NEW_TOPIC_BELOW ? nearest : index);
  }
  return { topics, similarity };
}

/** Words of other languages are rarely in the table of the built-in embedder, so their vectors show no topic. */
function canBeginTopic({ words, vector }: EmbeddedPrompt): boolean {
  const count = words.match(/\S+/g)?.length ?? 0;
  return (
    count >= MIN_WORDS &&
    !refersBack(words) &&
    !isInOtherLanguage(words) &&
    vector.some((value) => value !== 0)
  );
}
