import { Agent, type Dispatcher, EnvHttpProxyAgent, errors, Pool } from "undici";
import { OpeningConnections } from "./openingConnections.ts";
import type { Proxies } from "./proxies.ts";
import {
  ConnectTimeoutError,
  type HttpExchange,
  type HttpHandler,
  type HttpRequest,
  type HttpTransport,
  invalidStatusError,
  openExchange,
  type ResponseHeaders,
} from "./transport.ts";

/** The shortest of undici's own limits on connecting. They double until one is longer than the request's limit. */
const MIN_CONNECT_MS = 5000;

/** A transport over undici. `close` destroys all connections. */
export type UndiciTransport = HttpTransport & { close(): Promise<void> };

/** No limits of undici's own. */
const NO_LIMITS = { headersTimeout: 0, bodyTimeout: 0 } as const;

/**
 * HTTP over undici, for `serve`: a call takes about half the processor time of one over Node's own `http`. The editor
 * does not use it, because VS Code's proxy and certificates do not apply to it.
 * @param proxies undefined: every request goes directly to its server
 */
export function createUndiciTransport(proxies?: Proxies): UndiciTransport {
  const agents = new Map<number, Agent | EnvHttpProxyAgent>();
  const opening = new OpeningConnections();
  // A limit may be any number, because it depends on the rest of the answer's time. One agent for each would open too
  // many connections.
  const agentFor = (connectMs: number): Dispatcher => {
    const doublings = Math.max(0, Math.ceil(Math.log2(connectMs / MIN_CONNECT_MS)));
    const existing = agents.get(doublings);
    if (existing !== undefined) return existing;
    const timeout = MIN_CONNECT_MS * 2 ** doublings;
    const options = {
      connect: opening.connector(timeout),
      pipelining: 1,
      keepAliveTimeout: 30_000,
      ...NO_LIMITS,
    };
    const agent =
      proxies === undefined
        ? new Agent(options)
        : new EnvHttpProxyAgent({
            ...options,
            ...proxies,
            proxyTls: { timeout },
            requestTls: { timeout },
            // A proxy's own connections do not get the agent's options.
            factory: (origin, more) => new Pool(origin, { ...more, ...NO_LIMITS }),
          });
    agents.set(doublings, agent);
    return agent;
  };
  return {
    send: (request, handler) =>
      openExchange(handler, () => new UndiciExchange(agentFor(request.connectMs), opening, request, handler)),
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

class UndiciExchange implements HttpExchange, Dispatcher.DispatchHandler {
  readonly #handler: HttpHandler;
  readonly #host: string;
  readonly #connectMs: number;
  readonly #connectTimer: ReturnType<typeof setTimeout> | undefined;
  /** Called when the request waits for a connection no longer. */
  #stopWaiting: (() => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #isOver = false;

  constructor(
    agent: Dispatcher,
    opening: OpeningConnections,
    { method, url, headers, body, connectMs }: HttpRequest,
    handler: HttpHandler,
  ) {
    const { origin, host, pathname, search } = new URL(url);
    this.#handler = handler;
    this.#host = host;
    this.#connectMs = connectMs;
    agent.dispatch(
      {
        origin,
        path: `${pathname}${search}`,
        method,
        headers: { "accept-encoding": "identity", ...headers },
        body: body ?? null,
      },
      this,
    );
    // With a kept connection, the request has already started.
    if (this.#controller === undefined && !this.#isOver) {
      this.#stopWaiting = opening.wait(origin);
      this.#connectTimer = setTimeout(() => this.#fail(this.#connectTimeout()), connectMs);
    }
  }

  get isSent(): boolean {
    return this.#controller !== undefined;
  }

  abort(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#endWait();
    this.#controller?.abort(new Error("aborted"));
  }

  #endWait(): void {
    clearTimeout(this.#connectTimer);
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  /** A connection is open, and the request is about to be written. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#endWait();
    if (this.#isOver) controller.abort(new Error("aborted before a connection was open"));
    else this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
  ): void {
    // Informational responses (102, 103) precede the real one.
    if (this.#isOver || status < 200) return;
    const invalid = invalidStatusError(status);
    if (invalid === undefined) this.#handler.onHeaders(status, headers);
    else this.#fail(invalid);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isOver) this.#handler.onData(chunk);
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#handler.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#fail(this.#asNodeError(error));
  }

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.abort();
    this.#handler.onError(error);
  }

  /** The error that Node's own `http` would report. */
  #asNodeError(error: Error): Error {
    if (error instanceof errors.ConnectTimeoutError) return this.#connectTimeout();
    if (error instanceof errors.SecureProxyConnectionError && error.cause instanceof Error)
      return error.cause;
    const refusedBy = PROXY_REFUSAL.exec(error.message)?.[1];
    if (refusedBy !== undefined) return coded(`the proxy answered with status ${refusedBy}`, "EPROXY");
    if (error instanceof errors.SocketError) return coded("the connection was closed", "ECONNRESET");
    if (error instanceof errors.InvalidArgumentError) return coded(error.message, "ERR_INVALID_CHAR");
    if (HTTP_VIOLATIONS.some((violation) => error instanceof violation)) {
      return coded(error.message, "HPE_INVALID");
    }
    return error;
  }

  #connectTimeout(): ConnectTimeoutError {
    return new ConnectTimeoutError(this.#host, this.#connectMs);
  }
}

/** Undici's messages for a proxy that refuses a request: "Proxy response (403) !== 200 when HTTP Tunneling". */
const PROXY_REFUSAL = /^Proxy (?:response|Authentication Required) \((\d{3})\)/;

/** Undici's errors for a response that is not HTTP, or has too many headers. */
const HTTP_VIOLATIONS = [
  errors.HTTPParserError,
  errors.HeadersOverflowError,
  errors.ResponseContentLengthMismatchError,
];

function coded(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
