import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault, Misbehaviour } from "./faults.ts";
import type { Journal } from "./journal.ts";
import { readJsonBody } from "./requestBody.ts";
import { isRecord, REQUESTS_PER_MINUTE, type Wire, type WireError } from "./wire.ts";

/** A request that came with the right key, and what is needed to answer it. */
export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly wire: Wire;
  readonly wireName: "openai" | "anthropic";
  readonly misbehaviour: Misbehaviour;
  readonly journal: Journal;
};

/** An exchange whose request is read and remembered, and whose fault is known. */
export type Begun = {
  readonly number: number;
  readonly nowMs: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly fault: Fault | undefined;
  /** The answer's own, in the vendor's names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted once the client has gone. */
  readonly signal: AbortSignal;
  fail(error: WireError): void;
};

/** Faults that end the connection from this side. */
const BREAKS_ITSELF: ReadonlySet<Fault["kind"] | undefined> = new Set(["cut", "resetBeforeHeaders"]);

/**
 * Reads a request, remembers it, and does the damage that comes before an answer's own.
 * @returns undefined where it is answered already
 * @throws AbortError once the client has gone
 */
export async function begin(exchange: Exchange): Promise<Begun | undefined> {
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
    return undefined;
  }
  if (fault?.kind === "delayHeaders") await sleep(fault.ms, undefined, { signal: gone.signal });
  const requestId = `req_sim${number}`;
  const remaining = Math.max(0, REQUESTS_PER_MINUTE - (number % REQUESTS_PER_MINUTE));
  const own = wire.headers(requestId, remaining, nowMs);
  const headers = fault?.kind === "headers" ? { ...own, ...fault.headers } : own;
  const fail = (
    error: WireError,
    more: Readonly<Record<string, string>> = {},
    words?: unknown,
  ): undefined => {
    const sent = words ?? wire.errorBody(error, requestId);
    const type = typeof sent === "string" ? "text/plain" : "application/json";
    response
      .writeHead(error.status, { "content-type": type, ...headers, ...more })
      .end(typeof sent === "string" ? sent : JSON.stringify(sent));
  };
  if (fault?.kind === "status") return fail(errorOfStatus(wireName, fault.status), fault.headers, fault.body);
  if (read.kind === "too-large") return fail(errorOfStatus(wireName, 413));
  if (read.kind !== "json") return fail(errorOfStatus(wireName, 400));
  return { number, nowMs, body, fault, headers, signal: gone.signal, fail };
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
