import { isRecord } from "../../base/isRecord.ts";
import type { Embeddings } from "../../contract/provider/embedder.ts";
import { type FailureContext, failureOf, failureOfErrorBody } from "../errors/failures.ts";
import type { Json } from "../json.ts";
import { openaiUsage } from "../stream/usage.ts";

/** The body of a request for embeddings: as plain numbers, because some servers support no other encoding. */
export function embeddingsBody(model: string, texts: readonly string[]): Json {
  return { model, input: texts, encoding_format: "float" };
}

/**
 * The vectors in the order of the texts, and the usage.
 * @param count the number of texts
 * @throws Failure if the response holds an error, or a vector is missing or invalid
 */
export function readEmbeddings(answer: Json, count: number, context: FailureContext): Embeddings {
  if (isRecord(answer["error"])) throw failureOfErrorBody(context, answer["error"]);
  const { data } = answer;
  const vectors = new Array<Float32Array | undefined>(count);
  for (const [position, entry] of Array.isArray(data) ? data.entries() : []) {
    if (!isRecord(entry)) continue;
    // Some servers omit the index and keep the order of the texts.
    const index = entry["index"] ?? position;
    if (typeof index === "number" && index < count) vectors[index] = vectorIn(entry["embedding"]);
  }
  const [first] = vectors;
  const complete = vectors.flatMap((vector) => (vector?.length === first?.length ? (vector ?? []) : []));
  if (complete.length !== count) throw failureOf(context, "malformed", "the embeddings cannot be read");
  return { vectors: complete, usage: openaiUsage(answer["usage"]) };
}

function vectorIn(value: unknown): Float32Array | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every((component) => Number.isFinite(component)) ? Float32Array.from(value) : undefined;
}
