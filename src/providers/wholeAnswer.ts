import type { Failure } from "../contract/failure.ts";
import { readBounded } from "./boundedText.ts";
import { type FailureContext, failureOf, failureOfError } from "./failures.ts";
import { guarded } from "./guard.ts";
import { type Json, parseRecord } from "./json.ts";
import type { Transport } from "./transport.ts";

/** OpenRouter's list of models, the longest answer known, is about 1 MB; 32 embeddings of 4,096 dimensions are 3 MB. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_MS = 15_000;

/** For a call that nobody has set limits for. */
export const CONNECT_MS = 5000;

export type WholeCall = {
  /** Builds the request and sends it over `transport`; resolves once the headers are here. */
  readonly send: (transport: Transport) => Promise<Response>;
  readonly transport: Transport;
  readonly context: FailureContext;
  readonly signal: AbortSignal;
  /** For a failure's words: what is asked for. */
  readonly what: string;
};

/** An answer in one piece: the object in its body. @throws Failure and nothing else */
export async function readWholeAnswer({ send, transport, context, signal, what }: WholeCall): Promise<Json> {
  const line = new AbortController();
  let known: Failure | undefined;
  const hangUp = (): void => line.abort();
  const timer = setTimeout(() => {
    known ??= failureOf(context, "timeout", `no ${what} within ${MAX_MS} ms`, { phase: "total" });
    line.abort();
  }, MAX_MS);
  signal.addEventListener("abort", hangUp, { once: true });
  try {
    if (signal.aborted) line.abort();
    const own = guarded(transport, context, line.signal, (failure) => {
      known ??= failure;
    });
    const { body } = await send(own);
    const answer = parseRecord(await readBounded(body, MAX_BYTES, MAX_MS));
    if (answer === undefined) throw failureOf(context, "malformed", `the ${what} cannot be read`);
    return answer;
  } catch (error) {
    if (signal.aborted) throw failureOf(context, "cancelled", "stopped");
    throw known ?? failureOfError(context, error, false);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", hangUp);
  }
}
