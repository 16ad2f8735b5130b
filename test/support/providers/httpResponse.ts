import { once } from "node:events";
import type { Server } from "node:net";
import type {
  HttpExchange,
  HttpRequest,
  HttpTransport,
  ResponseHeaders,
} from "../../../src/providers/http/transport/transport.ts";

/** A response as it arrives over a transport. */
export type CollectedResponse = {
  readonly exchange: HttpExchange;
  /** Resolves with the headers. */
  readonly head: Promise<{ readonly status: number; readonly headers: ResponseHeaders }>;
  /** Resolves with the first piece of the body. */
  readonly firstChunk: Promise<string>;
  /** Resolves with the whole body. */
  readonly body: Promise<string>;
};

/** Sends a request. All promises reject with the transport's error. */
export function sendRequest(
  transport: HttpTransport,
  url: string,
  request: Partial<HttpRequest> = {},
): CollectedResponse {
  const head = Promise.withResolvers<{ status: number; headers: ResponseHeaders }>();
  const firstChunk = Promise.withResolvers<string>();
  const body = Promise.withResolvers<string>();
  for (const { promise } of [head, firstChunk, body]) promise.catch(() => undefined);
  const chunks: Buffer[] = [];
  const exchange = transport.send(
    { method: "GET", headers: {}, connectMs: 1000, ...request, url },
    {
      onHeaders: (status, headers) => head.resolve({ status, headers }),
      onData(chunk) {
        chunks.push(chunk);
        firstChunk.resolve(chunk.toString());
      },
      onEnd: () => body.resolve(Buffer.concat(chunks).toString()),
      onError(error) {
        for (const { reject } of [head, firstChunk, body]) reject(error);
      },
    },
  );
  return { exchange, head: head.promise, firstChunk: firstChunk.promise, body: body.promise };
}

/** Starts a server on a free port of 127.0.0.1. @returns its address without a slash at the end */
export async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}
