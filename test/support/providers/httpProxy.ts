import { createServer, request } from "node:http";
import { connect } from "node:net";
import { listen } from "./httpResponse.ts";

/** A proxy for tests. */
export type TestProxy = {
  readonly url: string;
  /** The first line of each request that it got: `CONNECT example.com:443`, `GET http://example.com/path`. */
  readonly requests: readonly string[];
  close(): void;
};

/**
 * Starts a proxy that leads every request to one port of this machine, whatever host the request names.
 * @param status what it answers instead, if it refuses requests
 */
export async function startProxy(port: () => number, status?: number): Promise<TestProxy> {
  const requests: string[] = [];
  const server = createServer((incoming, response) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    if (status !== undefined) {
      response.writeHead(status).end();
      return;
    }
    const { pathname, host } = new URL(incoming.url ?? "");
    const outgoing = request({ port: port(), path: pathname, method: incoming.method, headers: { host } });
    incoming.pipe(outgoing);
    outgoing.once("response", (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
  });
  server.on("connect", (incoming, client) => {
    requests.push(`CONNECT ${incoming.url}`);
    client.on("error", () => undefined);
    if (status !== undefined) {
      client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const target = connect(port(), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connected\r\n\r\n");
      target.pipe(client).pipe(target);
    });
    target.on("error", () => client.destroy());
    client.on("close", () => target.destroy());
  });
  return {
    url: await listen(server),
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
