import { vi } from "vitest";
import { Failure, type FailureRecord } from "../../../src/contract/failure.ts";
import { textMessage } from "../../../src/contract/message.ts";
import type { Usage } from "../../../src/contract/money.ts";
import type { Ask } from "../../../src/contract/provider/ask.ts";
import type {
  Provider,
  ProviderEnd,
  ProviderEvent,
  ProviderSink,
  RateLimit,
} from "../../../src/contract/provider/provider.ts";
import type { ProviderConfig } from "../../../src/models/providerConfig.ts";
import type {
  HttpHandler,
  HttpRequest,
  HttpTransport,
} from "../../../src/providers/http/transport/transport.ts";

/** A provider whose address is never reached, because the transport replays its answers. */
export const COMPATIBLE: ProviderConfig = {
  id: "p",
  name: "P",
  kind: "openai-compatible",
  baseUrl: "http://127.0.0.1:9",
  local: false,
};

/** A plain request. Only a call that hangs reaches its limits, however busy the machine is. */
export const ASK: Ask = {
  model: "sim-balanced",
  messages: [textMessage("system", "Be brief."), textMessage("user", "Why is the sky blue?")],
  maxOutputTokens: 4096,
  limits: { connectMs: 30_000, firstTokenMs: 30_000, thinkingMs: 30_000, idleMs: 30_000 },
};

/** The request with other limits. Without one of its own, the limit for thinking is that for the first token. */
export function withLimits(limits: Partial<Ask["limits"]>): Ask {
  const thinkingMs = limits.firstTokenMs ?? ASK.limits.thinkingMs;
  return { ...ASK, limits: { ...ASK.limits, thinkingMs, ...limits } };
}

/** Every wire format, and the kinds of provider that use it. */
export const PROVIDER_KINDS = [
  { wire: "openai", kind: "simulator" },
  { wire: "openai", kind: "openai" },
  { wire: "anthropic", kind: "anthropic" },
] as const;

export const NEVER_ABORTED = new AbortController().signal;

/** One call of a sink's method, or the end that `ask` resolved with. */
export type CollectedEvent =
  | ProviderEvent
  | {
      readonly type: "started";
      readonly rateLimits: readonly RateLimit[];
      readonly requestId: string | undefined;
    }
  | { readonly type: "toolCallProgress"; readonly characters: number }
  | { readonly type: "usage"; readonly usage: Usage }
  | ({ readonly type: "end" } & ProviderEnd);

/** Everything that one call of a provider produced, in order. */
export type CollectedEvents = {
  readonly events: readonly CollectedEvent[];
  readonly failure?: FailureRecord | undefined;
};

export type CollectOptions = {
  readonly ask?: Ask | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with each event, inside of the sink's method. */
  readonly onEvent?: ((event: CollectedEvent, count: number) => void) | undefined;
  /** The sink's own `drained`. */
  readonly drained?: (() => Promise<void> | undefined) | undefined;
};

/** Collects the events of one call, and its failure. @throws what is not a Failure */
export async function collectEvents(
  provider: Provider,
  { ask = ASK, signal = NEVER_ABORTED, onEvent, drained }: CollectOptions = {},
): Promise<CollectedEvents> {
  const events: CollectedEvent[] = [];
  const add = (event: CollectedEvent): void => {
    events.push(event);
    onEvent?.(event, events.length);
  };
  const sink: ProviderSink = {
    started: (rateLimits, requestId) => add({ type: "started", rateLimits, requestId }),
    push: add,
    toolCallProgress: (characters) => add({ type: "toolCallProgress", characters }),
    model: () => undefined,
    usage: (usage) => add({ type: "usage", usage }),
    drained: () => drained?.(),
  };
  try {
    const end = await provider.ask(ask, sink, signal);
    return { events: [...events, { type: "end", ...end }] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { events, failure: error.record };
  }
}

export function textOf({ events }: CollectedEvents): string {
  return events.map((event) => (event.type === "text" ? event.text : "")).join("");
}

/** A network read; a number of milliseconds that pass by fake timers; or the error that ends the response. */
export type Replayed = string | Uint8Array | number | Error;

/** A transport whose responses all consist of these chunks, each in a separate network read. */
export function replayTransport(
  chunks: readonly Replayed[],
  headers: Readonly<Record<string, string>> = { "content-type": "text/event-stream" },
): HttpTransport & { readonly requests: readonly HttpRequest[] } {
  const requests: HttpRequest[] = [];
  const replay = async (handler: HttpHandler, isAborted: () => boolean): Promise<void> => {
    await undefined;
    if (!isAborted()) handler.onHeaders(200, headers);
    for (const chunk of chunks) {
      if (isAborted()) return;
      if (chunk instanceof Error) return handler.onError(chunk);
      if (typeof chunk === "number") await vi.advanceTimersByTimeAsync(chunk);
      else handler.onData(Buffer.from(chunk));
      await undefined;
    }
    if (!isAborted()) handler.onEnd();
  };
  return {
    requests,
    send(request, handler) {
      requests.push(request);
      let isAborted = false;
      void replay(handler, () => isAborted);
      return {
        isSent: true,
        abort: () => {
          isAborted = true;
        },
        pause() {},
        resume() {},
      };
    },
  };
}
