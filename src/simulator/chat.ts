import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { composeAnswer } from "./answers.ts";
import type { Journal } from "./journal.ts";
import type { Fault, Misbehaviour } from "./misbehaviour.ts";
import { simulatorCard } from "./models.ts";
import { readJsonBody } from "./requestBody.ts";
import { finishOf, type Speech, speak, toldUsage } from "./speak.ts";
import { countTokens, type PromptCache } from "./usage.ts";
import {
  isRecord,
  isWireError,
  REQUESTS_PER_MINUTE,
  type SimulatedAsk,
  type Wire,
  type WireError,
} from "./wire.ts";

export type ChatExchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly wire: Wire;
  readonly wireName: "openai" | "anthropic";
  readonly misbehaviour: Misbehaviour;
  readonly journal: Journal;
  readonly cache: PromptCache;
  readonly tokensPerSecond: number;
};

/** Answers one chat request, with the fault whose turn it is. @throws AbortError once the client has gone */
export async function answerChat(exchange: ChatExchange): Promise<void> {
  const { request, response, wire, wireName, misbehaviour, journal } = exchange;
  const read = await readJsonBody(request);
  const body = read.kind === "json" && isRecord(read.value) ? read.value : {};
  const model = typeof body["model"] === "string" ? body["model"] : "";
  const fault = misbehaviour.next(model);
  const nowMs = Date.now();
  const number = journal.arrived({ wire: wireName, model, atMs: nowMs, headers: withoutKey(request), body });
  const gone = new AbortController();
  response.once("close", () => {
    const isOurs = response.writableEnded || BREAKS_ITSELF.has(fault?.kind);
    journal.ended(number, response.writableFinished ? "answered" : isOurs ? "broken" : "closedByClient");
    gone.abort();
  });

  if (fault?.kind === "resetBeforeHeaders") {
    request.socket.resetAndDestroy();
    return;
  }
  if (fault?.kind === "delayHeaders") await sleep(fault.ms, undefined, { signal: gone.signal });
  const requestId = `req_sim${number}`;
  const headers = wire.headers(
    requestId,
    Math.max(0, REQUESTS_PER_MINUTE - (number % REQUESTS_PER_MINUTE)),
    nowMs,
  );
  const fail = (error: WireError, more: Readonly<Record<string, string>> = {}, own?: unknown): void => {
    const sent = own ?? wire.errorBody(error, requestId);
    const type = typeof sent === "string" ? "text/plain" : "application/json";
    response
      .writeHead(error.status, { "content-type": type, ...headers, ...more })
      .end(typeof sent === "string" ? sent : JSON.stringify(sent));
  };
  if (fault?.kind === "status") return fail(errorOfStatus(wireName, fault.status), fault.headers, fault.body);
  if (read.kind === "too-large") return fail(errorOfStatus(wireName, 413));
  if (read.kind !== "json") return fail(errorOfStatus(wireName, 400));
  const ask = wire.read(body, request.headers);
  if (isWireError(ask)) return fail(ask);

  const speech = speechOf(ask, fault, exchange);
  if (!ask.stream) {
    await answerWhole(ask, number, speech, headers, exchange, gone.signal);
    return;
  }
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    ...headers,
  });
  response.flushHeaders();
  await speak(response, wire.voice(ask, number, speech.input, nowMs), speech, gone.signal);
}

/** Faults that end the connection from this side. */
const BREAKS_ITSELF: ReadonlySet<Fault["kind"] | undefined> = new Set(["cut", "resetBeforeHeaders"]);

function speechOf(
  ask: SimulatedAsk,
  fault: Fault | undefined,
  { cache, tokensPerSecond }: ChatExchange,
): Speech {
  const modelLimit = simulatorCard(ask.model)?.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const inputTokens = countTokens(ask.context);
  return {
    answer: composeAnswer(ask.prompt),
    maxTokens: Math.min(ask.maxTokens ?? modelLimit, modelLimit),
    input: {
      inputTokens,
      cachedTokens: Math.min(inputTokens, cache.read(ask.model, ask.context)),
      outputTokens: 0,
    },
    fault,
    tokensPerSecond,
  };
}

/** In one piece, all at once: a fault that needs a stream shows as an answer that breaks or never comes. */
async function answerWhole(
  ask: SimulatedAsk,
  number: number,
  speech: Speech,
  headers: Readonly<Record<string, string>>,
  { wire, response }: ChatExchange,
  signal: AbortSignal,
): Promise<void> {
  const { fault, answer, maxTokens } = speech;
  if (fault?.kind === "stall") return;
  if (fault?.kind === "slowFirstToken") await sleep(fault.ms, undefined, { signal });
  const isSilent = fault?.kind === "empty" || fault?.kind === "refusal";
  const pieces = isSilent ? [] : [...answer.pieces];
  const said = pieces.slice(0, maxTokens);
  const toolCall = isSilent ? undefined : answer.toolCall;
  const finish = finishOf(fault, pieces.length > said.length, toolCall !== undefined);
  const whole = wire.whole(
    ask,
    number,
    {
      text: said.join(""),
      finish,
      told: toldUsage(speech, said.length),
      ...(toolCall === undefined ? {} : { toolCall }),
    },
    Date.now(),
  );
  const json = JSON.stringify(whole);
  response.writeHead(200, { "content-type": "application/json", ...headers });
  if (fault?.kind === "cut") response.write(json.slice(0, json.length / 2), () => response.destroy());
  else response.end(json);
}

function withoutKey(request: IncomingMessage): Readonly<Record<string, string>> {
  const { authorization: _, "x-api-key": __, "api-key": ___, ...rest } = request.headers;
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
}

const OPENAI_CODES: Readonly<Record<number, string>> = {
  400: "invalid_value",
  401: "invalid_api_key",
  403: "unsupported_country_region_territory",
  404: "model_not_found",
  413: "context_length_exceeded",
  429: "rate_limit_exceeded",
};
/** Anthropic's types by status, as its reference on errors lists them. */
const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
  529: "overloaded_error",
};

function errorOfStatus(wire: "openai" | "anthropic", status: number): WireError {
  const code =
    wire === "openai" ? (OPENAI_CODES[status] ?? "server_error") : (ANTHROPIC_TYPES[status] ?? "api_error");
  return { status, code, message: `Simulated error ${status}.` };
}
