import { once } from "node:events";
import http, { createServer, type RequestListener } from "node:http";
import { createServer as createNetServer, type Server, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { listen, sendRequest } from "../../../../test/support/providers/httpResponse.ts";
import { headerOf } from "../responseHeaders.ts";
import { nodeTransport } from "./nodeTransport.ts";
import { ConnectTimeoutError } from "./transport.ts";
import { createUndiciTransport } from "./undiciTransport.ts";

const servers: Server[] = [];
const sockets = new Set<Socket>();
const undici = createUndiciTransport();

afterEach(() => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) server.close();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
});
afterAll(() => undici.close());

function start<Started extends Server>(server: Started): Promise<string> {
  servers.push(server);
  server.on("connection", (socket: Socket) => sockets.add(socket));
  return listen(server);
}

const serve = (listener: RequestListener): Promise<string> => start(createServer(listener));

/** A server that answers each request with these bytes. */
async function serveBytes(bytes: string): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createNetServer((socket) => {
    socket.on("error", () => undefined).on("data", () => socket.write(bytes));
  });
  return { url: await start(server), server };
}

/** The HTTPS address of a server that never answers a TLS handshake. */
async function serveNothing(): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createNetServer((socket) => void socket.on("error", () => undefined).resume());
  return { url: (await start(server)).replace("http:", "https:"), server };
}

/** Waits until a number stays the same for many turns of the event loop. */
async function untilConstant(read: () => number): Promise<void> {
  for (let turns = 0, last = read(); turns < 500; turns = read() === last ? turns + 1 : 0) {
    last = read();
    await turn();
  }
}

const RESPONSE = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabcd";

describe.each([
  { name: "Node's HTTP", transport: nodeTransport },
  { name: "undici", transport: undici },
])("the transport over $name", ({ transport }) => {
  it("sends method, headers and body, and passes on status, headers and body", async () => {
    const url = await serve((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        response.writeHead(201, { "X-Once": "1", "x-twice": ["a", "b"] });
        response.end(JSON.stringify({ body, method: request.method, header: request.headers["x-yours"] }));
      });
    });
    const response = sendRequest(transport, url, {
      method: "POST",
      headers: { "x-yours": "too" },
      body: "grün",
    });
    const { status, headers } = await response.head;
    expect([status, headerOf(headers, "x-once"), headerOf(headers, "x-twice")]).toEqual([201, "1", "a, b"]);
    expect(headerOf(headers, "x-never")).toBeUndefined();
    expect(JSON.parse(await response.body)).toEqual({ body: "grün", method: "POST", header: "too" });
    expect(response.exchange.isSent).toBe(true);
  });

  it("passes on a redirect without following it", async () => {
    let requests = 0;
    const target = await serve((_, response) => {
      requests += 1;
      response.end();
    });
    const url = await serve((_, response) => void response.writeHead(307, { location: target }).end());
    const response = sendRequest(transport, url, { headers: { authorization: "Bearer k" } });
    expect((await response.head).status).toBe(307);
    await response.body;
    expect(requests).toBe(0);
  });

  it("passes on all of a body, whatever its chunks", async () => {
    const pieces = Array.from({ length: 500 }, (_, index) => `${index} grün `);
    const url = await serve((_, response) => {
      for (const piece of pieces) response.write(piece);
      response.end();
    });
    expect(await sendRequest(transport, url).body).toBe(pieces.join(""));
  });

  it.each([
    ["early hints", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"],
    ["a response that processing has begun", "HTTP/1.1 102 Processing\r\n\r\n"],
    ["both", "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"],
  ])("skips %s before the response", async (_, informational) => {
    const { url } = await serveBytes(informational + RESPONSE);
    const response = sendRequest(transport, url, { method: "POST", body: "{}" });
    const { status, headers } = await response.head;
    expect([status, await response.body]).toEqual([200, "abcd"]);
    expect(headers["link"]).toBeUndefined();
  });

  it.each([600, 999])(
    "rejects status %i, which HTTP does not have, and closes the connection",
    async (status) => {
      const { url, server } = await serveBytes(`HTTP/1.1 ${status} Odd\r\ncontent-length: 4\r\n\r\nabcd`);
      const accepted = once(server, "connection");
      const { head } = sendRequest(transport, url, { method: "POST", body: "{}" });
      await expect(head).rejects.toMatchObject({
        message: `the server answered with status ${status}, which is not an HTTP status`,
        code: "HPE_INVALID_STATUS",
      });
      const [socket] = await accepted;
      if (!socket.destroyed) await once(socket, "close");
    },
  );

  it("reports an invalid response as a violation of HTTP", async () => {
    const { url } = await serveBytes("hello\r\n\r\n");
    await expect(sendRequest(transport, url).head).rejects.toMatchObject({
      code: expect.stringMatching(/^HPE_/),
    });
  });

  it.each([1, 20, 35, 50])(
    "gives up connecting after the request's own limit of %i ms",
    async (connectMs) => {
      const { url } = await serveNothing();
      const { head, exchange } = sendRequest(transport, url, { connectMs });
      await expect(head).rejects.toBeInstanceOf(ConnectTimeoutError);
      await expect(head).rejects.toThrow(`within ${connectMs} ms`);
      expect(exchange.isSent).toBe(false);
    },
  );

  it("closes the connection when it is aborted before that is open, and has sent nothing", async () => {
    const { url, server } = await serveNothing();
    const accepted = once(server, "connection");
    const response = sendRequest(transport, url);
    let isSettled = false;
    void response.head
      .catch(() => undefined)
      .finally(() => {
        isSettled = true;
      });
    const [socket] = await accepted;
    response.exchange.abort();
    expect(response.exchange.isSent).toBe(false);
    await once(socket, "close");
    expect(isSettled).toBe(false);
  });

  it("keeps a connection that is not open yet while another request waits for one", async () => {
    const { url, server } = await serveNothing();
    const accepted = once(server, "connection");
    const requests = [sendRequest(transport, url), sendRequest(transport, url)];
    for (const { head } of requests) head.catch(() => undefined);
    await accepted;
    await untilConstant(() => sockets.size);
    requests[0]?.exchange.abort();
    await untilConstant(() => sockets.size);
    expect([...sockets].some(({ destroyed }) => !destroyed)).toBe(true);
    requests[1]?.exchange.abort();
    await Promise.all([...sockets].map((socket) => socket.destroyed || once(socket, "close")));
  });

  it("destroys the socket at once when it is aborted before the headers", async () => {
    const closed = Promise.withResolvers<void>();
    const url = await serve((request) => {
      request.socket.once("close", () => closed.resolve());
      exchange.abort();
    });
    const { exchange } = sendRequest(transport, url);
    await closed.promise;
    expect(exchange.isSent).toBe(true);
  });

  it("destroys the socket at once when it is aborted in the middle of the body", async () => {
    const closed = Promise.withResolvers<void>();
    const url = await serve((request, response) => {
      request.socket.once("close", () => closed.resolve());
      response.write("begun");
    });
    const { exchange, firstChunk } = sendRequest(transport, url);
    await firstChunk;
    exchange.abort();
    await closed.promise;
  });

  it("reports a connection that is reset before the headers", async () => {
    const url = await serve((request) => void request.socket.resetAndDestroy());
    await expect(sendRequest(transport, url).head).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  it("reports a connection that breaks in the middle of the body", async () => {
    const url = await serve((_, response) => void response.write("half", () => response.destroy()));
    const { head, body } = sendRequest(transport, url);
    expect((await head).status).toBe(200);
    await expect(body).rejects.toThrow();
  });

  it("stops reading while it is paused, and continues when it is resumed", async () => {
    const total = 64 * 1024 * 1024;
    let sent = 0;
    const url = await serve((_, response) => {
      const write = (): void => {
        while (sent < total) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once("drain", write);
        }
        response.end();
      };
      write();
    });
    const { exchange, firstChunk, body } = sendRequest(transport, url);
    await firstChunk;
    exchange.pause();
    await untilConstant(() => sent);
    expect(sent).toBeLessThan(16 * 1024 * 1024);
    exchange.resume();
    expect((await body).length).toBe(total);
  });

  it("uses a kept connection for the next request, whatever its limit on connecting is", async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end("x");
    });
    for (const connectMs of [5000, 4321, 1234, 17]) {
      await sendRequest(transport, url, { connectMs }).body;
      // The connection becomes free a moment after the end of the body.
      await turn();
    }
    expect(ports.size).toBe(1);
  });

  it("reports a request that cannot be sent", async () => {
    await expect(sendRequest(transport, "no address").head).rejects.toThrow();
    await expect(sendRequest(transport, "ftp://127.0.0.1/").head).rejects.toThrow();
    const { head } = sendRequest(transport, "http://127.0.0.1:9/", { headers: { x: "a\nb" } });
    await expect(head).rejects.toMatchObject({ code: "ERR_INVALID_CHAR" });
  });
});

describe("the transport over Node's HTTP", () => {
  it("has no time limit once the connection is open", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const url = await serve((_, response) => {
      vi.advanceTimersByTime(6 * 3_600_000);
      response.flushHeaders();
      setImmediate(() => {
        vi.advanceTimersByTime(6 * 3_600_000);
        response.end("late");
      });
    });
    expect(await sendRequest(nodeTransport, url).body).toBe("late");
  });

  it("ignores the limit on idle sockets of Node's agent, shortened here", async () => {
    // Node's default is 5 s (http.globalAgent). It only reports a silent socket in use, and ends it once it is free.
    const { globalAgent } = http;
    const agent = new http.Agent({ keepAlive: true, timeout: 20 });
    http.globalAgent = agent;
    try {
      const url = await serve((_, response) => {
        const [inUse] = Object.values(agent.sockets).flatMap((inUse) => inUse ?? []);
        inUse?.once("timeout", () => response.end("late"));
      });
      expect(await sendRequest(nodeTransport, url).body).toBe("late");
    } finally {
      http.globalAgent = globalAgent;
      agent.destroy();
    }
  });
});
