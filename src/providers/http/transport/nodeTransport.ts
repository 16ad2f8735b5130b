// biome-ignore-all lint/style/useNodejsImportProtocol: VS Code's extension host patches only the modules "http" and
// "https", without a prefix, so that its proxy and certificate settings apply (code-server 4.139,
// extensionHostProcess.js: `_load` compares the name with these strings). esbuild keeps the names as they are here.

import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import http from "http";
import https from "https";
import {
  ConnectTimeoutError,
  type HttpExchange,
  type HttpHandler,
  type HttpRequest,
  type HttpTransport,
  invalidStatusError,
  openExchange,
} from "./transport.ts";

/**
 * HTTP over Node's own `http` and `https`, for the editor. Node's global agents keep the connections, because
 * VS Code's proxy settings do not apply to requests with another agent if `http.proxySupport` is `on`
 * (@vscode/proxy-agent, createHttpPatch). The global `fetch` cannot be used: it times out after 300 s.
 */
export const nodeTransport: HttpTransport = {
  send: (request, handler) => openExchange(handler, () => new NodeExchange(request, handler)),
};

class NodeExchange implements HttpExchange {
  readonly #handler: HttpHandler;
  readonly #request: http.ClientRequest;
  readonly #connectTimer: ReturnType<typeof setTimeout>;
  #response: http.IncomingMessage | undefined;
  #isSent = false;
  #isOver = false;

  constructor({ method, url, headers, body, connectMs }: HttpRequest, handler: HttpHandler) {
    this.#handler = handler;
    const target = new URL(url);
    // Read at each call, because VS Code replaces these functions.
    const { request } = target.protocol === "http:" ? http : https;
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    this.#request = request(target, {
      method,
      headers: { "accept-encoding": "identity", ...headers, ...length },
    });
    this.#connectTimer = setTimeout(
      () => this.#fail(new ConnectTimeoutError(target.host, connectMs)),
      connectMs,
    );
    this.#request
      .once("socket", (socket) => this.#onSocket(socket))
      .once("response", (response) => this.#onResponse(response))
      .once("close", () => clearTimeout(this.#connectTimer))
      .on("error", (error) => this.#fail(error))
      .end(body);
  }

  get isSent(): boolean {
    return this.#isSent;
  }

  abort(): void {
    this.#isOver = true;
    clearTimeout(this.#connectTimer);
    this.#request.destroy();
  }

  pause(): void {
    this.#response?.pause();
  }

  resume(): void {
    this.#response?.resume();
  }

  #onSocket(socket: Socket): void {
    if (this.#request.reusedSocket) this.#onConnect();
    else if (socket instanceof TLSSocket) {
      // A proxy's agent may pass a connected socket. The property is undocumented, but Node's own agent reads it too.
      if ("secureConnecting" in socket && socket.secureConnecting === false) this.#onConnect();
      else socket.once("secureConnect", () => this.#onConnect());
    } else if (socket.connecting) socket.once("connect", () => this.#onConnect());
    else this.#onConnect();
  }

  #onConnect(): void {
    this.#isSent = true;
    clearTimeout(this.#connectTimer);
  }

  #onResponse(response: http.IncomingMessage): void {
    clearTimeout(this.#connectTimer);
    this.#response = response;
    response.on("error", (error) => this.#fail(error));
    const status = response.statusCode ?? 0;
    const invalid = invalidStatusError(status);
    if (invalid !== undefined) {
      this.#fail(invalid);
      return;
    }
    if (this.#isOver) return;
    this.#handler.onHeaders(status, response.headers);
    response
      .on("data", (chunk: Buffer) => {
        if (!this.#isOver) this.#handler.onData(chunk);
      })
      .once("end", () => {
        if (this.#isOver) return;
        this.#isOver = true;
        this.#handler.onEnd();
      })
      .once("close", () => this.#fail(new Error("the connection was closed before the response ended")));
  }

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.abort();
    this.#handler.onError(error);
  }
}
