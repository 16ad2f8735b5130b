import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { anthropicModels, anthropicWire } from "./anthropic.ts";
import { answerChat } from "./chat.ts";
import { answerEmbeddings } from "./embeddings.ts";
import { type FaultRule, Misbehaviour, readRule } from "./faults.ts";
import { Journal, type SimulatedRequest } from "./journal.ts";
import { SIMULATOR_CARDS } from "./models.ts";
import { openaiModels, openaiWire } from "./openai.ts";
import { readJsonBody } from "./requestBody.ts";
import { PromptCache } from "./usage.ts";
import type { Wire, WireError } from "./wire.ts";

const HOST = "127.0.0.1";
/** Azure's older addresses name the deployment; its name is in the body too, as the SDK sends it. */
const DEPLOYMENT = /^\/openai\/deployments\/[^/]+\//;
/** About what a fast hosted model streams. */
const NATURAL_TOKENS_PER_SECOND = 120;

export type SimulatorOptions = {
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Left out: a random one. */
  readonly key?: string;
  /** Pieces of text a second; 0: as fast as they are taken. 120 where left out. */
  readonly tokensPerSecond?: number;
};

/** A running simulator. */
export type Simulator = {
  /** Without a slash at the end. */
  readonly url: string;
  readonly key: string;
  injectFault(rule: FaultRule): void;
  /** Takes all rules back. */
  clear(): void;
  /** What came, oldest first. */
  requests(): readonly SimulatedRequest[];
  /** How many came in all. */
  requestCount(): number;
  /** How many connections were opened in all. */
  connectionCount(): number;
  /** The next request that nobody waited for yet, also one that has come already. */
  nextRequest(): Promise<SimulatedRequest>;
  /** The next request whose client closed the connection before its answer was whole; told once. */
  nextClosedByClient(): Promise<SimulatedRequest>;
  /** Breaks what is still open, and frees the port. */
  stop(): Promise<void>;
};

/** Starts a simulator on 127.0.0.1. @throws if the port is taken */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const key = options.key ?? `sim-${randomBytes(24).toString("base64url")}`;
  const misbehaviour = new Misbehaviour();
  const journal = new Journal();
  const cache = new PromptCache();
  const tokensPerSecond = options.tokensPerSecond ?? NATURAL_TOKENS_PER_SECOND;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? "/", `http://${HOST}`).pathname;
    const wireName = path.startsWith("/anthropic/") ? "anthropic" : "openai";
    const wire = wireName === "anthropic" ? anthropicWire : openaiWire;
    if (!isKey(keyOf(request), key)) return refuse(response, wire, wrongKey(wireName));
    const route = `${request.method ?? "GET"} ${path.replace(DEPLOYMENT, "/openai/v1/")}`;
    switch (route) {
      case "POST /openai/v1/chat/completions":
      case "POST /anthropic/v1/messages":
        return answerChat({
          request,
          response,
          wire,
          wireName,
          misbehaviour,
          journal,
          cache,
          tokensPerSecond,
        });
      case "POST /openai/v1/embeddings":
        return answerEmbeddings({ request, response, wire, wireName, misbehaviour, journal });
      case "GET /openai/v1/models":
        return sendJson(response, 200, openaiModels(names()));
      case "GET /anthropic/v1/models":
        return sendJson(response, 200, anthropicModels(names()));
      case "POST /control": {
        const body = await readJsonBody(request);
        const rule = readRule(body.kind === "json" ? body.value : undefined);
        if (typeof rule === "string") return sendJson(response, 400, { error: rule });
        misbehaviour.add(rule);
        return sendJson(response, 200, { added: rule });
      }
      case "DELETE /control":
        misbehaviour.clear();
        return sendJson(response, 200, {});
      case "GET /control/requests":
        return sendJson(response, 200, { requests: journal.list() });
      default:
        return refuse(response, wire, unknownAddress(wireName, route));
    }
  };

  const server = createServer((request, response) => {
    // What handle throws is a client that has gone: there is nobody left to tell.
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
    injectFault: (rule) => misbehaviour.add(rule),
    clear: () => misbehaviour.clear(),
    requests: () => journal.list(),
    requestCount: () => journal.count,
    connectionCount: () => connections,
    nextRequest: () => journal.nextArrival(),
    nextClosedByClient: () => journal.nextClosed(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Sends a whole answer in JSON. */
function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, wire: Wire, error: WireError): void {
  const requestId = `req_sim${randomBytes(6).toString("hex")}`;
  sendJson(response, error.status, wire.errorBody(error, requestId), { "x-request-id": requestId });
}

function names(): readonly string[] {
  return SIMULATOR_CARDS.map((card) => card.wireName);
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

/** OpenAI's answer quotes the key that it got, as the real one does; ours is never among what may be quoted. */
function wrongKey(wire: "openai" | "anthropic"): WireError {
  return wire === "openai"
    ? { status: 401, code: "invalid_api_key", message: "Incorrect API key provided. This is the simulator." }
    : { status: 401, code: "authentication_error", message: "invalid x-api-key" };
}

function unknownAddress(wire: "openai" | "anthropic", route: string): WireError {
  const code = wire === "openai" ? "unknown_url" : "not_found_error";
  return { status: 404, code, message: `Invalid URL (${route})` };
}
