import { Agent, type Dispatcher, errors } from "undici";
import {
  ConnectTimeoutError,
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
      return async (input, init = {}) => {
        if (init.signal?.aborted === true) throw new NotSentError();
        return send(agent, new URL(input instanceof Request ? input.url : input), init, connectMs);
      };
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

function send(agent: Agent, url: URL, init: RequestInit, connectMs: number): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { body } = init;
    if (body !== undefined && body !== null && typeof body !== "string") {
      reject(new TypeError("only a text can be sent"));
      return;
    }
    const exchange = new Exchange(url.host, connectMs, init.signal ?? undefined, resolve, reject);
    agent.dispatch(
      {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: init.method === "POST" ? "POST" : "GET",
        headers: headersOf(init.headers),
        body: body ?? null,
      },
      exchange,
    );
  });
}

/** Nothing here unpacks: `fetch` itself would have offered gzip. */
function headersOf(given: RequestInit["headers"]): Record<string, string> {
  return { "accept-encoding": "identity", ...Object.fromEntries(new Headers(given)) };
}

/** One request and its answer, told by undici as it comes. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #host: string;
  readonly #connectMs: number;
  readonly #connectTimer: ReturnType<typeof setTimeout>;
  readonly #signal: AbortSignal | undefined;
  readonly #resolve: (response: Response) => void;
  readonly #reject: (error: Error) => void;
  #control: Dispatcher.DispatchController | undefined;
  /** Why nobody waits any more for the connection. */
  #givenUp: Error | undefined;
  #body: ReadableStreamDefaultController<Uint8Array> | undefined;
  #chunks: Buffer[] = [];

  constructor(
    host: string,
    connectMs: number,
    signal: AbortSignal | undefined,
    resolve: (response: Response) => void,
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

  onResponseStart(
    control: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    // Hints that come before the answer itself.
    if (status < 200) return;
    throwIfOddStatus(status);
    const isEmpty = status === 204 || status === 205 || status === 304;
    const body = isEmpty
      ? null
      : new ReadableStream<Uint8Array>(
          {
            start: (controller) => {
              this.#body = controller;
            },
            pull: () => control.resume(),
            cancel: () => control.abort(new Error("nobody reads the answer any more")),
          },
          new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
        );
    const pairs = Object.entries(headers).flatMap(([name, value = []]) =>
      (typeof value === "string" ? [value] : value).map((each): [string, string] => [name, each]),
    );
    this.#resolve(new Response(body, { status, headers: pairs }));
  }

  /** A read of the socket may hold many chunks of the wire: they are handed on together, since each is a turn for the reader. */
  onResponseData(_control: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
    if (this.#chunks.length === 1) queueMicrotask(this.#handOn);
  }

  readonly #handOn = (): void => {
    const chunks = this.#chunks;
    const [first] = chunks;
    if (first === undefined) return;
    this.#chunks = [];
    this.#body?.enqueue(chunks.length === 1 ? first : Buffer.concat(chunks));
    if ((this.#body?.desiredSize ?? 1) <= 0) this.#control?.pause();
  };

  onResponseEnd(): void {
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#handOn();
    this.#body?.close();
    this.#body = undefined;
  }

  onResponseError(_control: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#connectTimer);
    this.#signal?.removeEventListener("abort", this.#abort);
    const told = this.#told(error);
    this.#reject(told);
    this.#body?.error(told);
    this.#body = undefined;
  }

  /** Errors as Node's own `http` would tell them. */
  #told(error: Error): Error {
    if (error instanceof errors.ConnectTimeoutError) {
      return new ConnectTimeoutError(this.#host, this.#connectMs);
    }
    if (error instanceof errors.SocketError) {
      return Object.assign(new Error("the connection was closed", { cause: error }), { code: "ECONNRESET" });
    }
    return error;
  }
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException("aborted", "AbortError");
}
