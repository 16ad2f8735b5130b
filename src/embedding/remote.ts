import { Failure, type FailureRecord } from "../contract/failure.ts";
import type { ModelRef } from "../contract/model.ts";
import type { Embedder, Embeddings } from "../contract/provider/embedder.ts";
import { normalize } from "./vectors.ts";

/**
 * The part of a text that is sent. Each of these UTF-16 units has at most three bytes of UTF-8 and each byte at most one
 * token, which stays within the 8,192 tokens of OpenAI's models: https://platform.openai.com/docs/api-reference/embeddings
 */
const MAX_UNITS = 2700;
/** Texts in one request. At that length they stay within OpenAI's 300,000 tokens for one request. */
const MAX_TEXTS = 32;

/** Requests vectors from a model, one for each text, in their order; no text is empty. @throws Failure */
export type AskEmbeddings = (texts: readonly string[], signal: AbortSignal) => Promise<Embeddings>;

const NEVER = new AbortController().signal;

/**
 * An embedder behind a provider's API. The function `ask` accounts for the cost. Empty texts are not sent, because the
 * API rejects them; their vectors are zeros.
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
        for (const [at, vector] of vectors.entries()) known.set(batch[at] ?? "", normalize(vector));
      }
      const dimensions = known.get(sent[0] ?? "")?.length ?? 0;
      return sendable.map((text) => known.get(text) ?? new Float32Array(dimensions));
    },
  };
}

/** How long a prompt waits for a remote embedder. */
const REMOTE_LIMIT_MS = 300;

/** `skipped`: the prompt continues without embeddings, for the reason given. */
export type TimedEmbeddings =
  | { readonly kind: "embedded"; readonly vectors: readonly Float32Array[] }
  | { readonly kind: "skipped"; readonly failure: FailureRecord };

/** Embeds within a time limit, even if the embedder ignores its signal. Failures are returned; bugs are thrown. */
export async function embedInTime(
  embedder: Embedder,
  texts: readonly string[],
  signal: AbortSignal,
  limitMs = REMOTE_LIMIT_MS,
): Promise<TimedEmbeddings> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const { promise: aborted, resolve } = Promise.withResolvers<"aborted">();
  const onAbort = (): void => resolve("aborted");
  either.addEventListener("abort", onAbort, { once: true });
  if (either.aborted) onAbort();
  try {
    const vectors = await Promise.race([embedder.embed(texts, either), aborted]);
    if (vectors !== "aborted") return { kind: "embedded", vectors };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (!either.aborted) return { kind: "skipped", failure: error.record };
  } finally {
    either.removeEventListener("abort", onAbort);
  }
  const provider = embedder.id;
  const failure: FailureRecord = signal.aborted
    ? { provider, kind: "cancelled", message: "stopped" }
    : { provider, kind: "timeout", phase: "total", message: `no embedding within ${limitMs} ms` };
  return { kind: "skipped", failure };
}
