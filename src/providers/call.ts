import type { CallLimits } from "../contract/ask.ts";
import { Failure } from "../contract/failure.ts";
import type { ProviderEvent } from "../contract/provider.ts";
import type { Answer } from "./answer.ts";
import { AnswerBounds } from "./answerBounds.ts";
import type { AnswerReader } from "./answerReader.ts";
import { type Events, readEvents } from "./eventStream.ts";
import { type FailureContext, failureOf, failureOfError, requestIdOf } from "./failures.ts";
import { guarded, refuseOtherTypes } from "./guard.ts";
import { PhaseLimit } from "./limits.ts";
import { rateLimitsOf } from "./rateLimits.ts";
import { readTogether } from "./readTogether.ts";
import { Relay } from "./relay.ts";
import type { Transport } from "./transport.ts";

/** How long a finished answer waits for its usage, which comes behind the finish reason if at all. */
const USAGE_GRACE_MS = 1000;
/** How long the rest of a finished stream may take, for its connection to be used again. */
const LINGER_MS = 500;

/** What a wire format brings to a call. */
export type Call = {
  readonly limits: CallLimits;
  /** What the request says: an answer that goes far beyond it is given up on. */
  readonly maxOutputTokens: number;
  readonly signal: AbortSignal;
  readonly context: FailureContext;
  readonly transport: Transport;
  /** Each event carries the wire's own text. */
  readonly isRelayed: boolean;
  /** Builds the request and sends it over `transport`; resolves once the headers are here. */
  readonly send: (transport: Transport) => Promise<Answer>;
  readonly reader: (requestId: string | undefined) => AnswerReader;
};

/**
 * One call, from the request to the end of its stream. Leaving the loop early closes the socket. The answer is complete
 * with its finish reason: from there on nothing that happens to the connection counts.
 * @throws Failure and nothing else
 */
export async function* runCall(call: Call): AsyncGenerator<ProviderEvent, void, undefined> {
  const { context, signal } = call;
  const line = new AbortController();
  const relay = new Relay(call.isRelayed);
  let known: Failure | undefined;
  /** Nothing has left this machine, or nothing ever did. */
  let isUnsent = true;
  let reader: AnswerReader | undefined;
  let rest: Events | undefined;
  const limit = new PhaseLimit((phase, limitMs) => {
    known ??= failureOf(context, "timeout", `nothing came for ${limitMs} ms`, { phase });
    line.abort();
  });
  const hangUp = (): void => line.abort();
  throwIfCancelled(call, isUnsent);
  signal.addEventListener("abort", hangUp, { once: true });

  try {
    limit.begin("headers", call.limits.firstTokenMs);
    const transport = guarded(call.transport, context, line.signal, (failure) => {
      isUnsent = failure.record.notSent === true;
      known = known === undefined || !isUnsent ? (known ?? failure) : unsent(known);
    });
    // The SDK wraps what `transport` throws; what it throws itself is about the request that it was to build.
    const response = await call.send(transport).catch((error: unknown) => {
      throw known ?? failureOf(context, "bad-request", error instanceof Error ? error.message : "not sent");
    });
    isUnsent = false;
    limit.rename("first-token");
    const requestId = requestIdOf(response.headers);
    const body = await refuseOtherTypes(response, context, requestId);
    yield {
      type: "headers",
      rateLimits: rateLimitsOf(response.headers, context.nowMs),
      ...(requestId === undefined ? {} : { requestId }),
    };
    reader = call.reader(requestId);
    const events = readEvents(body);
    yield* readAnswer(call, reader, events, limit, relay);
    rest = events;
  } catch (error) {
    throwIfCancelled(call, isUnsent);
    if (reader?.hasFinished !== true) throw known ?? failureOfError(context, error, reader !== undefined);
  } finally {
    limit.stop();
    signal.removeEventListener("abort", hangUp);
    if (rest === undefined) line.abort();
    else void linger(rest, line);
  }
  const { events, failure } = reader.end();
  for (const event of events) {
    throwIfCancelled(call, false);
    yield failure === undefined ? relay.carry(event) : event;
  }
  if (failure === undefined) return;
  throwIfCancelled(call, false);
  throw failure;
}

/** Ends with the stream, with its last word, or where a finished answer has waited long enough for its usage. */
async function* readAnswer(
  call: Call,
  reader: AnswerReader,
  events: Events,
  limit: PhaseLimit,
  relay: Relay,
): AsyncGenerator<ProviderEvent, void, undefined> {
  const bounds = new AnswerBounds(call.maxOutputTokens);
  let isInGrace = false;
  let callCharacters = 0;
  for (;;) {
    const { done, value } = await events.next();
    throwIfCancelled(call, false);
    if (done) return;
    const said = readTogether(value, reader, relay);
    if (said.content.length > 0 && !isInGrace) limit.hold();
    for (const each of said.content) {
      yield each;
      throwIfCancelled(call, false);
    }
    if (reader.callCharacters > callCharacters) {
      yield { type: "unseen", characters: reader.callCharacters - callCharacters };
      callCharacters = reader.callCharacters;
      throwIfCancelled(call, false);
    }
    if ("error" in said) throw said.error;
    const excess = bounds.excess(value, said.content);
    if (excess !== undefined) throw failureOf(call.context, "malformed", excess);
    if (reader.isDone) return;
    if (reader.hasFinished) {
      if (reader.hasUsage) return;
      if (!isInGrace) limit.begin("idle", USAGE_GRACE_MS);
      isInGrace = true;
    } else if (reader.hasBegun) limit.begin("idle", call.limits.idleMs);
  }
}

function throwIfCancelled({ signal, context }: Call, isUnsent: boolean): void {
  if (!signal.aborted) return;
  throw failureOf(context, "cancelled", "stopped", isUnsent ? { notSent: true } : {});
}

/** A limit that passed while there was no connection yet. */
function unsent({ record }: Failure): Failure {
  return new Failure({
    ...record,
    ...(record.phase === undefined ? {} : { phase: "connect" }),
    notSent: true,
  });
}

/** Reads what is left of a stream that has said all, so that its connection is free again; else hangs up. */
async function linger(rest: Events, line: AbortController): Promise<void> {
  const timer = setTimeout(() => line.abort(), LINGER_MS);
  try {
    while (!(await rest.next()).done);
  } catch {
    line.abort();
  } finally {
    clearTimeout(timer);
  }
}
