import type { Embedder } from "../contract/embedder.ts";
import { Failure, type FailureRecord } from "../contract/failure.ts";

/** How long a prompt waits for another's embedder: its answer waits all the longer. */
const REMOTE_LIMIT_MS = 300;

/** `skipped`: the prompt goes on without it, and the failure says why. */
export type InTime =
  | { readonly kind: "embedded"; readonly vectors: readonly Float32Array[] }
  | { readonly kind: "skipped"; readonly failure: FailureRecord };

/** Embeds, or gives up after a while, whatever the embedder does with its signal. Never rejects but for a bug. */
export async function embedInTime(
  embedder: Embedder,
  texts: readonly string[],
  signal: AbortSignal,
  limitMs = REMOTE_LIMIT_MS,
): Promise<InTime> {
  const tooLate = AbortSignal.timeout(limitMs);
  const either = AbortSignal.any([signal, tooLate]);
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<"given up">();
  const onAbort = (): void => giveUp("given up");
  either.addEventListener("abort", onAbort, { once: true });
  if (either.aborted) onAbort();
  try {
    const vectors = await Promise.race([embedder.embed(texts, either), givenUp]);
    if (vectors !== "given up") return { kind: "embedded", vectors };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (!either.aborted) return { kind: "skipped", failure: error.record };
  } finally {
    either.removeEventListener("abort", onAbort);
  }
  const common = { provider: embedder.id, message: "stopped" };
  const failure: FailureRecord = signal.aborted
    ? { ...common, kind: "cancelled" }
    : { ...common, kind: "timeout", phase: "total", message: `no embedding within ${limitMs} ms` };
  return { kind: "skipped", failure };
}
