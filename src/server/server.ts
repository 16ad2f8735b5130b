import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { authorizeWith } from "./auth.ts";
import { errorJson, HttpError, type WireError } from "./httpError.ts";
import { type ChatCompletionsDeps, chatCompletions } from "./openaiChat/chatCompletions.ts";
import { modelEntry, modelList } from "./openaiChat/modelNames.ts";
import { type SpendDeps, spendAnswer } from "./spend.ts";

const HOST = "127.0.0.1";

/** Longer than clients keep idle connections, so that the client closes them, and not the server during a request. */
const KEEP_ALIVE_MS = 65_000;

/** How long running answers may take after the server was asked to stop. */
const STOP_GRACE_MS = 30_000;

export type ServerOptions = ChatCompletionsDeps &
  SpendDeps & {
    /** The token that every request must send as `Authorization: Bearer`. */
    readonly token: string;
    /** 0: any free port. */
    readonly port: number;
    /** Receives errors of the server itself, as opposed to a provider's. */
    readonly onError: (error: unknown) => void;
  };

export type RunningServer = {
  /** The base URL for tools: `http://127.0.0.1:4141/v1`. */
  readonly url: string;
  /**
   * Stops accepting requests. Resolves when the running answers have ended and are settled. Those that still run after
   * `graceMs` (default: 30 s) are ended then, because a client that reads nothing would never let its answer end.
   */
  stop(graceMs?: number): Promise<void>;
  /** Ends the running answers at once. */
  abort(): void;
};

/** Starts the server on 127.0.0.1 only. @throws the system's error, e.g. if the port is in use */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const connections = new OpenConnections();
  const running = new Set<Promise<void>>();
  const answer = requestHandler(options, () => connections.isStopping);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    connections.trackResponse(request.socket, response);
    const run = answer(request, response).finally(() => running.delete(run));
    running.add(run);
  });
  server.on("connection", (socket: Socket) => connections.trackSocket(socket));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port, HOST, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  return {
    url: `http://${HOST}:${port}/v1`,
    async stop(graceMs = STOP_GRACE_MS) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.stop();
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(timer);
      await Promise.allSettled(running);
    },
    abort: () => server.closeAllConnections(),
  };
}

/**
 * The open connections and the responses on each. `server.closeIdleConnections` does not count a connection as idle
 * before its first request.
 */
class OpenConnections {
  readonly #responses = new Map<Socket, Set<ServerResponse>>();
  #isStopping = false;

  get isStopping(): boolean {
    return this.#isStopping;
  }

  trackSocket(socket: Socket): void {
    this.#responses.set(socket, new Set());
    socket.once("close", () => this.#responses.delete(socket));
  }

  trackResponse(socket: Socket, response: ServerResponse): void {
    const responses = this.#responses.get(socket);
    responses?.add(response);
    response.once("close", () => {
      responses?.delete(response);
      if (this.#isStopping) this.#closeIdle();
    });
  }

  /** Closes each connection as soon as its last response has ended. */
  stop(): void {
    this.#isStopping = true;
    this.#closeIdle();
  }

  #closeIdle(): void {
    for (const [socket, responses] of this.#responses) if (responses.size === 0) socket.destroySoon();
  }
}

function requestHandler(
  options: ServerOptions,
  isStopping: () => boolean,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const authorize = authorizeWith(options.token);
  const startedSeconds = Math.floor(options.now() / 1000);

  /** Returns the answer to a GET request; undefined if there is nothing at this path. */
  const readerOf = (path: string, query: URLSearchParams): (() => Promise<object>) | undefined => {
    if (path === "/v1/models") return () => modelList(options, startedSeconds);
    if (path === "/v1/switchyard/spend") return () => spendAnswer(query, options);
    if (!path.startsWith(MODEL_PREFIX)) return undefined;
    return () => modelEntry(decoded(path.slice(MODEL_PREFIX.length)), options, startedSeconds);
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const rejected = authorize(request);
    if (rejected !== undefined) throw new HttpError(rejected);
    const { method = "GET" } = request;
    const path = pathOf(request);
    const read = readerOf(path, queryOf(request));
    const allowed = path === "/v1/chat/completions" ? "POST" : read === undefined ? undefined : "GET";
    if (allowed === undefined) throw new HttpError(unknownUrl(`${method} ${path}`));
    if (method !== allowed) throw new HttpError(methodNotAllowed(method, path, allowed), { allow: allowed });
    if (isStopping()) throw new HttpError(STOPPING);
    if (read !== undefined) {
      sendJson(response, 200, JSON.stringify(await read()));
      return;
    }
    const disconnected = new AbortController();
    const { socket } = request;
    const abort = (): void => disconnected.abort();
    // A response that is queued behind another one on its connection is not closed with the connection.
    socket.once("close", abort);
    response.once("close", () => {
      socket.off("close", abort);
      if (!response.writableFinished) abort();
    });
    await chatCompletions(request, response, options, disconnected.signal);
  };

  return async (request, response) => {
    response.setHeader("x-request-id", requestIdFor(request));
    try {
      await route(request, response);
    } catch (error) {
      // The client has disconnected.
      if (response.destroyed) return;
      if (!(error instanceof HttpError)) options.onError(error);
      if (response.headersSent) response.destroy();
      else sendError(response, error instanceof HttpError ? error : new HttpError(INTERNAL_ERROR));
      // The rest of the request is read and dropped.
      request.resume();
    }
  };
}

const STOPPING: WireError = {
  status: 503,
  type: "server_error",
  code: "stopping",
  message: "The server is stopping and accepts no more requests.",
};

const INTERNAL_ERROR: WireError = {
  status: 500,
  type: "server_error",
  code: "internal_error",
  message: "Switchyard itself failed; the error is written where the server runs.",
};

/** Before the name of a model, in the address of that model. */
const MODEL_PREFIX = "/v1/models/";

/**
 * The path of a request, without the query, without the origin that clients of proxies add (RFC 9112, 3.2.2), and without
 * the slashes that clients add when they join addresses.
 */
function pathOf({ url = "/" }: IncomingMessage): string {
  const [target = "/"] = url.split("?", 1);
  const path = target.replace(/^https?:\/\/[^/]*/i, "").replace(/\/{2,}/g, "/");
  return path.replace(/(?<=.)\/$/, "");
}

function queryOf({ url = "/" }: IncomingMessage): URLSearchParams {
  const start = url.indexOf("?");
  return new URLSearchParams(start < 0 ? "" : url.slice(start + 1));
}

/** A part of a path, with its escapes decoded where they are valid. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The client's id of a request if it is short and plain, so that its logs and ours name the same one; else a new one. */
function requestIdFor({ headers }: IncomingMessage): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

function unknownUrl(requested: string): WireError {
  return {
    status: 404,
    type: "invalid_request_error",
    code: "unknown_url",
    message: `There is no ${requested.slice(0, 200)} here. There are POST /v1/chat/completions, GET /v1/models, GET /v1/models/{id} and GET /v1/switchyard/spend.`,
  };
}

function methodNotAllowed(method: string, path: string, allowed: string): WireError {
  return {
    status: 405,
    type: "invalid_request_error",
    code: "method_not_allowed",
    message: `${path.slice(0, 200)} accepts ${allowed}, not ${method}.`,
  };
}

function sendError(response: ServerResponse, { error, headers }: HttpError): void {
  sendJson(response, error.status, errorJson(error), {
    ...headers,
    // Each model of the chain was already retried as often as its failure allows, so OpenAI's SDKs need not retry.
    ...(error.status >= 500 ? { "x-should-retry": "false" } : {}),
    ...(error.retryAfterSeconds === undefined ? {} : { "retry-after": String(error.retryAfterSeconds) }),
  });
}

function sendJson(
  response: ServerResponse,
  status: number,
  json: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response
    .writeHead(status, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(json),
      ...headers,
    })
    .end(json);
}
