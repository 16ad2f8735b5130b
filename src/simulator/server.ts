import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { ScriptedAnswers } from "./answers/answers.ts";
import { answerChat, type Hold } from "./chat.ts";
import { answerEmbeddings } from "./embeddings.ts";
import { RequestLog, readJsonBody, type SimulatedRequest } from "./exchange.ts";
import { type FaultRule, FaultRules, readFaultRule } from "./faults.ts";
import { SIMULATOR_CARDS } from "./models.ts";
import { anthropicFormat } from "./wire/anthropic.ts";
import { openaiFormat } from "./wire/openai.ts";
import { PromptCache, type WireError, type WireFormat } from "./wire/wireFormat.ts";

const HOST = "127.0.0.1";
/** Azure's URLs contain the deployment, which the SDK also sends as the model in the body. */
const DEPLOYMENT = /^\/openai\/deployments\/[^/]+\//;
/** The pace of a fast hosted model. */
const DEFAULT_TOKENS_PER_SECOND = 120;

export type SimulatorOptions = {
  /** 0, the default: any free port. */
  readonly port?: number | undefined;
  /** The key that requests must have; random by default. */
  readonly key?: string | undefined;
  /** Pieces of text per second; 0: no delay. 120 by default. */
  readonly tokensPerSecond?: number | undefined;
};

/** A running simulator. */
export type Simulator = {
  /** Without a trailing slash. */
  readonly url: string;
  readonly key: string;
  /** Makes the next requests that the rule applies to fail. */
  injectFault(rule: FaultRule): void;
  /** Answers the next request with this text; `model`: the next one for this model. */
  answerNext(text: string, model?: string): void;
  /** Streams no text, or none of this model, until the returned function is called, or `clear`. */
  hold(model?: string): () => void;
  /** Removes all fault rules and given answers, and holds no answer any longer. */
  clear(): void;
  /** The requests, oldest first. */
  requests(): readonly SimulatedRequest[];
  /** The number of all requests. */
  requestCount(): number;
  /** The number of all connections. */
  connectionCount(): number;
  /** The next request, or the first one that no earlier call has returned. */
  nextRequest(): Promise<SimulatedRequest>;
  /** The same for requests whose client closed the connection before the end of the answer. */
  nextClosedByClient(): Promise<SimulatedRequest>;
  /** Closes all connections and the port. */
  stop(): Promise<void>;
};

/** Starts a simulator on 127.0.0.1. @throws if the port is in use */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const key = options.key ?? `sim-${randomBytes(24).toString("base64url")}`;
  const faults = new FaultRules();
  const scripted = new ScriptedAnswers();
  const log = new RequestLog();
  const cache = new PromptCache();
  let hold: Hold | undefined;
  const tokensPerSecond = options.tokensPerSecond ?? DEFAULT_TOKENS_PER_SECOND;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? "/", `http://${HOST}`).pathname;
    const format = path.startsWith("/anthropic/") ? anthropicFormat : openaiFormat;
    if (!isKey(keyOf(request), key)) return reject(response, format, WRONG_KEY[format.name]);
    const exchange = { request, response, format, faults, log };
    const route = `${request.method ?? "GET"} ${path.replace(DEPLOYMENT, "/openai/v1/")}`;
    switch (route) {
      case "POST /openai/v1/chat/completions":
      case "POST /anthropic/v1/messages":
        return answerChat({ ...exchange, cache, scripted, hold, tokensPerSecond });
      case "POST /openai/v1/embeddings":
        return answerEmbeddings(exchange);
      case "GET /openai/v1/models":
      case "GET /anthropic/v1/models":
        return sendJson(response, 200, format.models(SIMULATOR_CARDS.map((card) => card.wireName)));
      case "POST /control": {
        const body = await readJsonBody(request);
        const rule = readFaultRule(body.kind === "json" ? body.value : undefined);
        if (typeof rule === "string") return sendJson(response, 400, { error: rule });
        faults.add(rule);
        return sendJson(response, 200, { added: rule });
      }
      case "DELETE /control":
        faults.clear();
        return sendJson(response, 200, {});
      case "GET /control/requests":
        return sendJson(response, 200, { requests: log.list() });
      default:
        return reject(response, format, unknownUrl(format, route));
    }
  };

  const server = createServer((request, response) => {
    // `handle` throws only if the client has closed the connection.
    handle(request, response).catch(() => response.destroy());
  });
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port ?? 0, HOST, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  return {
    url: `http://${HOST}:${port}`,
    key,
    injectFault: (rule) => faults.add(rule),
    answerNext: (text, model) => scripted.add(text, model),
    hold: (model) => {
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      hold = { model, released, release };
      return release;
    },
    clear: () => {
      hold?.release();
      hold = undefined;
      faults.clear();
      scripted.clear();
    },
    requests: () => log.list(),
    requestCount: () => log.count,
    connectionCount: () => connections,
    nextRequest: () => log.nextArrival(),
    nextClosedByClient: () => log.nextClosedByClient(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Sends a JSON body. */
function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

function reject(response: ServerResponse, format: WireFormat, error: WireError): void {
  const requestId = `req_sim${randomBytes(6).toString("hex")}`;
  sendJson(response, error.status, format.errorBody(error, requestId), { "x-request-id": requestId });
}

function keyOf(request: IncomingMessage): string {
  const bearer = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const header = request.headers["x-api-key"] ?? request.headers["api-key"];
  return (typeof header === "string" ? header : bearer) ?? "";
}

function isKey(given: string, key: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(key)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const WRONG_KEY: Readonly<Record<WireFormat["name"], WireError>> = {
  openai: {
    status: 401,
    code: "invalid_api_key",
    message: "Incorrect API key provided. This is the simulator.",
  },
  anthropic: { status: 401, code: "authentication_error", message: "invalid x-api-key" },
};

function unknownUrl({ name }: WireFormat, route: string): WireError {
  const code = name === "openai" ? "unknown_url" : "not_found_error";
  return { status: 404, code, message: `Invalid URL (${route})` };
}
