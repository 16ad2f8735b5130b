/** One HTTP request. */
export type HttpRequest = {
  readonly method: "GET" | "POST";
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** How long connecting may take, including TLS, in milliseconds. */
  readonly connectMs: number;
};

/** Response headers by lower-case name. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Receives one response: `onHeaders` once, `onData` with each piece of the body as it is read from the socket, then
 * `onEnd`. `onError` ends it at any time. No method is called after `onEnd`, `onError` or `HttpExchange.abort`. Methods
 * must not throw.
 */
export type HttpHandler = {
  onHeaders(status: number, headers: ResponseHeaders): void;
  onData(chunk: Buffer): void;
  onEnd(): void;
  /** ConnectTimeoutError, or an error with Node's code for it (`ECONNRESET`, `HPE_*`, …). */
  onError(error: Error): void;
};

/** A request on its way. */
export type HttpExchange = {
  /** False until a connection is open: no byte of the request has left this machine. */
  readonly isSent: boolean;
  /** Destroys the socket, or stops waiting for one. Does nothing after the end. */
  abort(): void;
  /** Stops reading from the socket. What was already read may still arrive, including the end. */
  pause(): void;
  resume(): void;
};

/**
 * Sends requests over HTTP/1.1. It has no time limit except the one on connecting, follows no redirects (a key never
 * goes to another host), decompresses nothing and buffers nothing.
 */
export type HttpTransport = {
  /** Never throws. If the request itself is invalid, `onError` is called before this returns. */
  send(request: HttpRequest, handler: HttpHandler): HttpExchange;
};

const CLOSED: HttpExchange = { isSent: false, abort() {}, pause() {}, resume() {} };

/** Returns what `open` returns. An error that it throws is passed to the handler. */
export function openExchange(handler: HttpHandler, open: () => HttpExchange): HttpExchange {
  try {
    return open();
  } catch (error) {
    handler.onError(error instanceof Error ? error : new Error(String(error)));
    return CLOSED;
  }
}

/** No connection was opened in time: nothing was sent. */
export class ConnectTimeoutError extends Error {
  constructor(host: string, connectMs: number) {
    super(`no connection to ${host} within ${connectMs} ms`);
    this.name = "ConnectTimeoutError";
  }
}

/** The error for a status that HTTP does not define, with a code like that of the parsers' errors. */
export function invalidStatusError(status: number): Error | undefined {
  if (status >= 200 && status <= 599) return undefined;
  const error = new Error(`the server answered with status ${status}, which is not an HTTP status`);
  return Object.assign(error, { code: "HPE_INVALID_STATUS" });
}
