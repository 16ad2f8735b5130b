// biome-ignore-all lint/style/useNodejsImportProtocol: without the prefix on purpose. VS Code's extension host patches a
// `require` of exactly "http" and "https", so that its proxy and certificate settings hold (code-server 4.139,
// extensionHostProcess.js: `_load` compares the name with these strings); esbuild keeps the name as it is written here.

import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import http from "http";
import https from "https";
import type { Answer } from "./answer.ts";

/** What the SDKs take for `fetch`. */
export type Transport = {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** The same for who needs no whole `Response`, where that is less work. */
  readonly lean?: (url: string, request: LeanRequest) => Promise<Answer>;
};

export type LeanRequest = {
  readonly method: "POST";
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal?: AbortSignal;
};

export type TransportOptions = {
  /** How long a connection may take to stand, TLS included. */
  readonly connectMs: number;
};

/** The request was given up before a connection stood: not a byte of it was sent. */
export class NotSentError extends Error {
  constructor(message = "given up before it was sent") {
    super(message);
    this.name = "NotSentError";
  }
}

/** No connection stood in time. */
export class ConnectTimeoutError extends NotSentError {
  constructor(host: string, connectMs: number) {
    super(`no connection to ${host} within ${connectMs} ms`);
    this.name = "ConnectTimeoutError";
  }
}

/** @throws Error where a status is none of HTTP's, so that no `Response` can have it; coded as parsers code others like it */
export function throwIfOddStatus(status: number): void {
  if (status >= 200 && status <= 599) return;
  const error = new Error(`the server answered with the status ${status}, which HTTP does not have`);
  throw Object.assign(error, { code: "HPE_INVALID_STATUS" });
}

/** How much of an answer is held while nobody reads it. */
const BUFFER_BYTES = 64 * 1024;

/**
 * A `fetch` over Node's own `http` and `https`: no limits but the one on connecting (the global `fetch` gives up after
 * 300 s), no redirects (a 3xx is handed back: a key never goes to another host), no decompression. Connections are
 * kept by Node's global agents; passing an agent of our own would take the request out of VS Code's proxy settings
 * where `http.proxySupport` is `on` (@vscode/proxy-agent, createHttpPatch).
 *
 * It rejects with ConnectTimeoutError, with Node's own error, with NotSentError where it is aborted before the connection
 * stands, else with the signal's reason; an abort destroys the socket at once, at any time. A body that breaks off makes
 * its reader reject.
 */
export function createTransport(options: TransportOptions): Transport {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const body = await bytesOf(init.body);
    if (init.signal?.aborted === true) throw new NotSentError();
    return send(url, init, body, options.connectMs);
  };
}

function send(url: URL, init: RequestInit, body: Buffer | undefined, connectMs: number): Promise<Response> {
  const headers = new Headers(init.headers);
  // Nothing here unpacks; `fetch` itself would have offered gzip.
  if (!headers.has("accept-encoding")) headers.set("accept-encoding", "identity");
  if (body !== undefined) headers.set("content-length", String(body.length));
  const signal = init.signal ?? undefined;

  return new Promise((resolve, reject) => {
    const { request } = url.protocol === "http:" ? http : https;
    const outgoing = request(url, { method: init.method ?? "GET", headers: Object.fromEntries(headers) });
    let isConnected = false;
    const abort = (): void => void outgoing.destroy(isConnected ? reasonOf(signal) : new NotSentError());
    const connectTimer = setTimeout(
      () => outgoing.destroy(new ConnectTimeoutError(url.host, connectMs)),
      connectMs,
    );
    signal?.addEventListener("abort", abort, { once: true });
    const settle = (): void => clearTimeout(connectTimer);
    const connected = (): void => {
      isConnected = true;
      settle();
    };
    outgoing.once("socket", (socket) => {
      if (outgoing.reusedSocket) connected();
      else whenConnected(socket, connected);
    });
    outgoing.once("close", () => {
      settle();
      signal?.removeEventListener("abort", abort);
    });
    // Errors that come behind the answer's headers reach its body's reader instead.
    outgoing.on("error", reject);
    outgoing.once("response", (incoming) => {
      settle();
      try {
        resolve(responseOf(incoming));
      } catch (error) {
        reject(error);
        outgoing.destroy();
      }
    });
    outgoing.end(body);
  });
}

function whenConnected(socket: Socket, done: () => void): void {
  if (socket instanceof TLSSocket) {
    // Not in the documentation, but what Node's own agent asks; a proxy's agent may hand over a socket that stands.
    if ("secureConnecting" in socket && socket.secureConnecting === false) done();
    else socket.once("secureConnect", done);
  } else if (socket.connecting) socket.once("connect", done);
  else done();
}

function responseOf(incoming: http.IncomingMessage): Response {
  const status = incoming.statusCode ?? 0;
  throwIfOddStatus(status);
  const headers = new Headers();
  for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2) {
    headers.append(incoming.rawHeaders[at] ?? "", incoming.rawHeaders[at + 1] ?? "");
  }
  const isEmpty = status === 204 || status === 205 || status === 304;
  if (isEmpty) incoming.resume();
  return new Response(isEmpty ? null : streamOf(incoming), {
    status,
    statusText: incoming.statusMessage ?? "",
    headers,
  });
}

/** Node's own `Readable.toWeb` costs a multiple of this for each chunk. */
function streamOf(incoming: http.IncomingMessage): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let isOver = false;
        incoming.on("data", (chunk: Buffer) => {
          controller.enqueue(chunk);
          if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
        });
        incoming.once("end", () => {
          if (!isOver) controller.close();
          isOver = true;
        });
        const fail = (error: Error): void => {
          if (!isOver) controller.error(error);
          isOver = true;
        };
        incoming.once("error", fail);
        incoming.once("close", () =>
          fail(new Error("the connection was closed in the middle of the answer")),
        );
      },
      pull() {
        incoming.resume();
      },
      cancel() {
        incoming.destroy();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
  );
}

async function bytesOf(body: RequestInit["body"]): Promise<Buffer | undefined> {
  if (body === undefined || body === null) return undefined;
  if (typeof body === "string") return Buffer.from(body);
  return Buffer.from(await new Response(body).arrayBuffer());
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException("aborted", "AbortError");
}
