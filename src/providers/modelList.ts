import type { Failure } from "../contract/failure.ts";
import { readBounded } from "./boundedText.ts";
import { type FailureContext, failureOf, failureOfError } from "./failures.ts";
import { guarded } from "./guard.ts";
import { isRecord, parseRecord } from "./json.ts";
import type { Transport } from "./transport.ts";

/** OpenRouter's list, the longest known, is about 1 MB. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_MS = 15_000;

/** For a list nobody has set limits. */
export const LIST_CONNECT_MS = 5000;

/** The ids in a server's list of models, in its order. @throws Failure */
export async function readModelList(
  send: (transport: Transport) => Promise<Response>,
  transport: Transport,
  context: FailureContext,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const line = new AbortController();
  let known: Failure | undefined;
  const hangUp = (): void => line.abort();
  const timer = setTimeout(() => {
    known ??= failureOf(context, "timeout", `no list of models within ${MAX_MS} ms`, { phase: "total" });
    line.abort();
  }, MAX_MS);
  signal.addEventListener("abort", hangUp, { once: true });
  try {
    if (signal.aborted) line.abort();
    const own = guarded(transport, context, line.signal, (failure) => {
      known ??= failure;
    });
    const response = await send(own);
    const data = parseRecord(await readBounded(response.body, MAX_BYTES, MAX_MS))?.["data"];
    if (!Array.isArray(data)) throw failureOf(context, "malformed", "the list of models cannot be read");
    return data.flatMap((entry: unknown) =>
      isRecord(entry) && typeof entry["id"] === "string" ? [entry["id"]] : [],
    );
  } catch (error) {
    if (signal.aborted) throw failureOf(context, "cancelled", "stopped");
    throw known ?? failureOfError(context, error, false);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", hangUp);
  }
}
