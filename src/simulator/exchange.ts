import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { isRecord } from "../base/isRecord.ts";
import { parseBoundedJson } from "../base/json.ts";
import type { Fault, FaultRules } from "./faults.ts";
import { REQUESTS_PER_MINUTE, type WireError, type WireFormat } from "./wire/wireFormat.ts";

/** A request with a valid key, its response, and the simulator's state. */
export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly format: WireFormat;
  readonly faults: FaultRules;
  readonly log: RequestLog;
};

/** A logged request with its fault. */
export type Received = {
  readonly number: number;
  readonly nowMs: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly fault: Fault | undefined;
  /** The headers of the response, in the provider's names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborts when the connection closes. */
  readonly signal: AbortSignal;
  /** Responds with an error. */
  fail(error: WireError): void;
};

/** Faults that make the simulator close the connection. */
const CLOSING: ReadonlySet<Fault["kind"] | undefined> = new Set(["cut", "resetBeforeHeaders"]);

/**
 * Reads and logs a request, and applies faults that precede an answer.
 * @returns undefined if the request has been answered
 * @throws AbortError if the client closes the connection
 */
export async function receive({
  request,
  response,
  format,
  faults,
  log,
}: Exchange): Promise<Received | undefined> {
  const read = await readJsonBody(request);
  const body = read.kind === "json" && isRecord(read.value) ? read.value : {};
  const model = typeof body["model"] === "string" ? body["model"] : "";
  const fault = faults.take(model);
  const nowMs = Date.now();
  const number = log.add({
    wire: format.name,
    model,
    atMs: nowMs,
    headers: headersWithoutKey(request),
    body,
  });
  const closed = new AbortController();
  response.once("close", () => {
    const isBroken = response.writableEnded || CLOSING.has(fault?.kind);
    log.end(number, response.writableFinished ? "answered" : isBroken ? "broken" : "closedByClient");
    closed.abort();
  });

  if (fault?.kind === "resetBeforeHeaders") {
    request.socket.resetAndDestroy();
    return undefined;
  }
  if (fault?.kind === "delayHeaders") await sleep(fault.ms, undefined, { signal: closed.signal });
  const requestId = `req_sim${number}`;
  const remaining = Math.max(0, REQUESTS_PER_MINUTE - (number % REQUESTS_PER_MINUTE));
  const own = format.headers(requestId, remaining, nowMs);
  const headers = fault?.kind === "headers" ? { ...own, ...fault.headers } : own;
  const fail = (
    error: WireError,
    more: Readonly<Record<string, string>> = {},
    replacement?: unknown,
  ): undefined => {
    const sent = replacement ?? format.errorBody(error, requestId);
    const type = typeof sent === "string" ? "text/plain" : "application/json";
    response
      .writeHead(error.status, { "content-type": type, ...headers, ...more })
      .end(typeof sent === "string" ? sent : JSON.stringify(sent));
  };
  if (fault?.kind === "status") return fail(format.errorOfStatus(fault.status), fault.headers, fault.body);
  if (read.kind === "too-large") return fail(format.errorOfStatus(413));
  if (read.kind !== "json") return fail(format.errorOfStatus(400));
  return { number, nowMs, body, fault, headers, signal: closed.signal, fail };
}

function headersWithoutKey({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const { authorization: _, "x-api-key": __, "api-key": ___, ...rest } = headers;
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
}

/** The largest accepted request: Anthropic's limit. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

type JsonBody =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "empty" }
  | { readonly kind: "not-json" }
  | { readonly kind: "too-large" };

/** Reads a request's body as JSON. */
export async function readJsonBody(request: IncomingMessage): Promise<JsonBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue;
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return { kind: "too-large" };
    chunks.push(chunk);
  }
  if (bytes === 0) return { kind: "empty" };
  try {
    return { kind: "json", value: parseBoundedJson(Buffer.concat(chunks).toString("utf8")) };
  } catch {
    return { kind: "not-json" };
  }
}

/** A request, and how its connection ended. */
export type SimulatedRequest = {
  readonly number: number;
  readonly wire: WireFormat["name"];
  readonly model: string;
  readonly atMs: number;
  /** All headers except those with the key. */
  readonly headers: Readonly<Record<string, string>>;
  /** Kept for the newest requests only. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  readonly outcome: "answering" | "answered" | "broken" | "closedByClient";
};

const MAX_REQUESTS = 10_000;
const MAX_BODIES = 200;

/** Keeps the requests, and lets tests wait for the next one. */
export class RequestLog {
  readonly #requests = new Map<number, SimulatedRequest>();
  readonly #arrivals = new Queue<SimulatedRequest>();
  readonly #closed = new Queue<SimulatedRequest>();
  #count = 0;

  /** The number of all requests, including those that are no longer kept. */
  get count(): number {
    return this.#count;
  }

  list(): readonly SimulatedRequest[] {
    return [...this.#requests.values()];
  }

  /** Adds a request and returns its number. */
  add(request: Omit<SimulatedRequest, "number" | "outcome">): number {
    this.#count += 1;
    const number = this.#count;
    const logged: SimulatedRequest = { ...request, number, outcome: "answering" };
    this.#requests.set(number, logged);
    this.#requests.delete(number - MAX_REQUESTS);
    const old = this.#requests.get(number - MAX_BODIES);
    if (old !== undefined) {
      const { body: _, ...rest } = old;
      this.#requests.set(old.number, rest);
    }
    this.#arrivals.push(logged);
    return number;
  }

  end(number: number, outcome: SimulatedRequest["outcome"]): void {
    const request = this.#requests.get(number);
    if (request === undefined || request.outcome !== "answering") return;
    const ended = { ...request, outcome };
    this.#requests.set(number, ended);
    if (outcome === "closedByClient") this.#closed.push(ended);
  }

  nextArrival(): Promise<SimulatedRequest> {
    return this.#arrivals.take();
  }

  nextClosedByClient(): Promise<SimulatedRequest> {
    return this.#closed.take();
  }
}

/** Hands each item to one taker. Items wait for takers, and takers for items. */
class Queue<Item> {
  #items: Item[] = [];
  readonly #takers: ((item: Item) => void)[] = [];

  push(item: Item): void {
    const taker = this.#takers.shift();
    if (taker !== undefined) taker(item);
    else this.#items = [...this.#items.slice(-MAX_BODIES), item];
  }

  take(): Promise<Item> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => this.#takers.push(resolve));
  }
}
