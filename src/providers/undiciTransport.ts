import { Agent, type Dispatcher, errors } from "undici";
import type { Answer } from "./answer.ts";
import { PushedBody } from "./pushedBody.ts";
import {
  ConnectTimeoutError,
  type LeanRequest,
  NotSentError,
  type Transport,
  type TransportOptions,
  throwIfOddStatus,
} from "./transport.ts";

/** How much of an answer is held while nobody reads it. */
const BUFFER_BYTES = 64 * 1024;

/** How long undici itself tries to connect: the least, and twice that for as often as a limit is longer. */
const LEAST_CONNECT_MS = 5000;

/** Undici's `dispatch` as a transport, and the end of its connections. */
export type UndiciTransport = {
  readonly makeTransport: (options: TransportOptions) => Transport;
  close(): Promise<void>;
};

/**
 * A transport for `serve`, at about half of what Node's own `http` costs a call. In the editor it would go round VS Code's
 * proxy and certificates, so it is never used there. It keeps what `createTransport` promises: no limit but the one on
 * connecting, no redirects, no decompression, and an abort destroys the socket at once.
 */
export function createUndiciTransport(): UndiciTransport {
  const agents = new Map<number, Agent>();
  // A limit may be any number, what is left of the time of an answer: an agent for each would be kept for ever.
  const agentFor = (connectMs: number): Agent => {
    const doublings = Math.max(0, Math.ceil(Math.log2(connectMs / LEAST_CONNECT_MS)));
    const known = agents.get(doublings);
    if (known !== undefined) return known;
    const agent = new Agent({
      connect: { timeout: LEAST_CONNECT_MS * 2 ** doublings },
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 30_000,
    });
    agents.set(doublings, agent);
    return agent;
  };
  return {
    makeTransport({ connectMs }) {
      const agent = agentFor(connectMs);
      const lean = (url: string, request: LeanRequest): Promise<Answer> =>
        send(agent, url, request, connectMs);
      const fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> =>
        responseOf(await send(agent, input instanceof Request ? input.url : String(input), init, connectMs));
      return Object.assign(fetch, { lean });
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

function send(
  agent: Agent,
  url: string,
  init: RequestInit | LeanRequest,
  connectMs: number,
): Promise<HeadedAnswer> {
  return new Promise((resolve, reject) => {
    const { body, signal } = init;
    if (signal?.aborted === true) throw new NotSentError();
    if (body !== undefined && body !== null && typeof body !== "string") {
      throw new TypeError("only a text can be sent");
    }
    const { origin, host, pathname, search } = new URL(url);
    agent.dispatch(
      {
        origin,
        path: `${pathname}${search}`,
        method: init.method === "POST" ? "POST" : "GET",
        headers: headersOf(init.headers),
        body: body ?? null,
      },
      new Exchange(host, connectMs, signal ?? undefined, resolve, reject),
    );
  });
}

/** Nothing here unpacks: `fetch` itself would have offered gzip. */
function headersOf(given: RequestInit["headers"]): Record<string, string> {
  const isPlain = given !== undefined && !(given instanceof Headers) && !Array.isArray(given);
  return { "accept-encoding": "identity", ...(isPlain ? given : Object.fromEntries(new Headers(given))) };
}

type WireHeaders = Readonly<Record<string, string | string[] | undefined>>;

type HeadedAnswer = Answer & { readonly wireHeaders: WireHeaders };

/** The answer as an SDK takes it. */
function responseOf({ status, wireHeaders, body }: HeadedAnswer): Response {
  const headers = Object.entries(wireHeaders).flatMap(([name, value = []]) =>
    (typeof value === "string" ? [value] : value).map((each): [string, string] => [name, each]),
  );
  const reader = body?.getReader();
  if (reader === undefined) return new Response(null, { status, headers });
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => reader.cancel(),
    },
    { highWaterMark: 0 },
  );
  return new Response(stream, { status, headers });
}

/** One request and its answer, told by undici as it comes. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #host: string;
  readonly #connectMs: number;
  readonly #connectTimer: ReturnType<typeof setTimeout>;
  readonly #signal: AbortSignal | undefined;
  readonly #resolve: (answer: HeadedAnswer) => void;
  readonly #reject: (error: Error) => void;
  #control: Dispatcher.DispatchController | undefined;
  /** Why nobody waits any more for the connection. */
  #givenUp: Error | undefined;
  #body: PushedBody | undefined;

  constructor(
    host: string,
    connectMs: number,
    signal: AbortSignal | undefined,
    resolve: (answer: HeadedAnswer) => void,
    reject: (error: Error) => void,
  ) {
    this.#host = host;
    this.#connectMs = connectMs;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    signal?.addEventListener("abort", this.#abort, { once: true });
    this.#connectTimer = setTimeout(() => this.#giveUp(new ConnectTimeoutError(host, connectMs)), connectMs);
  }

  readonly #abort = (): void => {
    if (this.#control === undefined) this.#giveUp(new NotSentError());
    else this.#control.abort(reasonOf(this.#signal));
  };

  /** Before a connection stands there is nothing to destroy, but nobody waits for it any more. */
  #giveUp(error: Error): void {
    clearTimeout(this.#connectTimer);
    this.#givenUp = error;
    this.#reject(error);
  }

  /** A connection stands, and the request is about to be written. */
  onRequestStart(control: Dispatcher.DispatchController): void {
    clearTimeout(this.#connectTimer);
    if (this.#givenUp !== undefined) control.abort(this.#givenUp);
    else this.#control = control;
  }

  onResponseStart(control: Dispatcher.DispatchController, status: number, wireHeaders: WireHeaders): void {
    // Hints that come before the answer itself.
    if (status < 200) return;
    throwIfOddStatus(status);
    const isEmpty = status === 204 || status === 205 || status === 304;
    if (!isEmpty)
      this.#body = new PushedBody(
        {
          pause: () => control.pause(),
          resume: () => control.resume(),
          cancel: () => control.abort(new Error("nobody reads the answer any more")),
        },
        BUFFER_BYTES,
      );
    this.#resolve({
      ok: status < 300,
      status,
      wireHeaders,
      headers: {
        get(name) {
          const value = wireHeaders[name] ?? null;
          return Array.isArray(value) ? value.join(", ") : value;
        },
      },
      body: this.#body ?? null,
    });
  }

  onResponseData(_control: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#body?.end();
  }

  onResponseError(_control: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#connectTimer);
    this.#signal?.removeEventListener("abort", this.#abort);
    const told = this.#told(error);
    this.#reject(told);
    this.#body?.fail(told);
  }

  /** Errors as Node's own `http` would tell them. */
  #told(error: Error): Error {
    if (error instanceof errors.ConnectTimeoutError) {
      return new ConnectTimeoutError(this.#host, this.#connectMs);
    }
    if (error instanceof errors.SocketError) {
      return Object.assign(new Error("the connection was closed", { cause: error }), { code: "ECONNRESET" });
    }
    if (NO_HTTP.some((kind) => error instanceof kind)) {
      return Object.assign(new Error(error.message, { cause: error }), { code: "HPE_INVALID" });
    }
    return error;
  }
}

/** What undici says of an answer that is not HTTP, or is too much of it. */
const NO_HTTP = [
  errors.HTTPParserError,
  errors.HeadersOverflowError,
  errors.ResponseContentLengthMismatchError,
];

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException("aborted", "AbortError");
}
