import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type ChatDeps, chatCompletions } from "./chatCompletions.ts";
import { Gate } from "./gate.ts";
import { modelList } from "./modelList.ts";
import { errorJson, Refusal, type WireError } from "./refusal.ts";

const HOST = "127.0.0.1";

/** Longer than clients keep a connection themselves, so that it is theirs to close: no request meets a closing one. */
const KEEP_ALIVE_MS = 65_000;

export type EndpointOptions = ChatDeps & {
  /** What every request must bring as `Authorization: Bearer`. */
  readonly token: string;
  /** 0: any free port. */
  readonly port: number;
  /** Told of what went wrong here, as opposed to at a provider. */
  readonly onError: (error: unknown) => void;
};

/** A running endpoint. */
export type Endpoint = {
  /** What tools call the base URL: `http://127.0.0.1:4141/v1`. */
  readonly url: string;
  /** Takes no more requests; resolves once the answers that run have ended and their books are closed. */
  stop(): Promise<void>;
  /** Ends the answers that run, at once. */
  cut(): void;
};

/** Starts the endpoint on 127.0.0.1, and nowhere else. @throws what the system says, e.g. where the port is in use */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { port, token, now, onError } = options;
  const gate = new Gate(token);
  const startedSeconds = Math.floor(now() / 1000);
  const running = new Set<Promise<void>>();
  /** Each connection, with the answers that run over it. Node's own count of idle ones leaves out those that said nothing yet. */
  const connections = new Map<Socket, Set<ServerResponse>>();
  let isStopping = false;
  const closeIdle = (): void => {
    for (const [socket, answers] of connections) if (answers.size === 0) socket.destroySoon();
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refused = gate.refusal(request.headers);
    if (refused !== undefined) throw new Refusal(refused);
    const { method = "GET" } = request;
    const path = pathOf(request);
    const allowed = path === "/v1/chat/completions" ? "POST" : path === "/v1/models" ? "GET" : undefined;
    if (allowed === undefined) throw new Refusal(unknownAddress(`${method} ${path}`));
    if (method !== allowed) throw new Refusal(wrongMethod(method, path, allowed), { allow: allowed });
    if (isStopping) throw new Refusal(STOPPING);
    if (path === "/v1/models") {
      sendJson(response, 200, JSON.stringify(await modelList(options, startedSeconds)));
      return;
    }
    const gone = new AbortController();
    response.once("close", () => {
      if (!response.writableFinished) gone.abort();
    });
    await chatCompletions(request, response, options, gone.signal);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await answer(request, response);
    } catch (error) {
      // The client has gone: there is nobody left to tell.
      if (response.destroyed) return;
      if (!(error instanceof Refusal)) onError(error);
      // What was told to its end stays told, also where it could not be written down.
      if (response.writableEnded) return;
      if (response.headersSent) response.destroy();
      else refuse(response, error instanceof Refusal ? error : new Refusal(BROKEN));
      // What the client still sends is read and dropped.
      request.resume();
    }
  };

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const run = handle(request, response).finally(() => running.delete(run));
    running.add(run);
    const answers = connections.get(request.socket);
    answers?.add(response);
    response.once("close", () => {
      answers?.delete(response);
      if (isStopping) closeIdle();
    });
  });
  server.on("connection", (socket: Socket) => {
    connections.set(socket, new Set());
    socket.once("close", () => connections.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, HOST, resolve);
  });
  const address = server.address();
  return {
    url: `http://${HOST}:${typeof address === "object" && address !== null ? address.port : port}/v1`,
    async stop() {
      isStopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      closeIdle();
      await closed;
      await Promise.allSettled(running);
    },
    cut: () => server.closeAllConnections(),
  };
}

const STOPPING: WireError = {
  status: 503,
  type: "server_error",
  code: "stopping",
  message: "The endpoint is being stopped: it takes no more requests.",
};

const BROKEN: WireError = {
  status: 500,
  type: "server_error",
  code: "internal_error",
  message: "Something went wrong in the endpoint itself; what it was is written where it runs.",
};

/** Without the query, which nothing here reads. */
function pathOf({ url = "/" }: IncomingMessage): string {
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}

function unknownAddress(what: string): WireError {
  return {
    status: 404,
    type: "invalid_request_error",
    code: "unknown_url",
    message: `There is no ${what.slice(0, 200)} here. There are POST /v1/chat/completions and GET /v1/models.`,
  };
}

function wrongMethod(method: string, path: string, allowed: string): WireError {
  return {
    status: 405,
    type: "invalid_request_error",
    code: "method_not_allowed",
    message: `${path} takes ${allowed}, not ${method}.`,
  };
}

function refuse(response: ServerResponse, { error, headers }: Refusal): void {
  sendJson(response, error.status, errorJson(error), {
    ...headers,
    // The models of the chain were tried already, each as often as its failure allows: OpenAI's SDKs ask no more.
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
