import type { Embedder, Embeddings } from "../contract/embedder.ts";
import type { ModelRef } from "../contract/model.ts";
import { normalised } from "./vector.ts";

/**
 * The most that is sent of a text. Three bytes of UTF-8 a unit and a token a byte, the worst there is, stay within the
 * 8,192 tokens that OpenAI's models take: https://platform.openai.com/docs/api-reference/embeddings
 */
const MAX_UNITS = 2700;
/** Texts in one request: of that length they stay within the 300,000 tokens that OpenAI takes together. */
const MAX_TEXTS = 32;

/** Asks a model for vectors, one a text, in their order; none of the texts is empty. @throws Failure */
export type AskEmbeddings = (texts: readonly string[], signal: AbortSignal) => Promise<Embeddings>;

const NEVER = new AbortController().signal;

/**
 * An embedder behind somebody else's API. What asking costs is the caller's to count: `ask` is told the usage. Texts
 * with nothing in them are not sent, since the API refuses them; they are like nothing.
 */
export function createRemote(ref: ModelRef, ask: AskEmbeddings): Embedder {
  return {
    id: ref,
    async embed(texts, signal = NEVER) {
      const sendable = texts.map((text) => text.slice(0, MAX_UNITS).toWellFormed());
      const sent = [...new Set(sendable.filter((text) => text.trim() !== ""))];
      const known = new Map<string, Float32Array>();
      for (let from = 0; from < sent.length; from += MAX_TEXTS) {
        const batch = sent.slice(from, from + MAX_TEXTS);
        const { vectors } = await ask(batch, signal);
        for (const [at, vector] of vectors.entries()) known.set(batch[at] ?? "", normalised(vector));
      }
      const dimensions = known.get(sent[0] ?? "")?.length ?? 0;
      return sendable.map((text) => known.get(text) ?? new Float32Array(dimensions));
    },
  };
}
