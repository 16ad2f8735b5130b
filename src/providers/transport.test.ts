import http, { createServer, type RequestListener } from "node:http";
import { createServer as createNetServer, type Server } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ConnectTimeoutError, createTransport } from "./transport.ts";

const servers: Server[] = [];

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

const serve = (listener: RequestListener): Promise<string> => listen(createServer(listener));

afterEach(() => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) {
    server.close();
    if ("closeAllConnections" in server && typeof server.closeAllConnections === "function") {
      server.closeAllConnections();
    }
  }
});

/** Waits until a number has stayed the same for many turns of the event loop. */
async function unchanged(read: () => number): Promise<void> {
  for (let turns = 0, last = read(); turns < 500; turns = read() === last ? turns + 1 : 0) {
    last = read();
    await turn();
  }
}

const transport = createTransport({ connectMs: 1000 });

describe("the transport", () => {
  it("sends method, headers and body, and gives a Response with status, headers and body", async () => {
    const url = await serve((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += String(chunk);
      });
      request.on("end", () => {
        response.writeHead(201, { "x-mine": "yes", "content-type": "application/json" });
        response.end(JSON.stringify({ body, method: request.method, header: request.headers["x-yours"] }));
      });
    });
    const response = await transport(url, { method: "POST", headers: { "x-yours": "too" }, body: "grün" });
    expect(response.status).toBe(201);
    expect(response.headers.get("x-mine")).toBe("yes");
    expect(await response.json()).toEqual({ body: "grün", method: "POST", header: "too" });
  });

  it("hands a redirect back and asks nobody else", async () => {
    let asked = 0;
    const elsewhere = await serve((_, response) => {
      asked += 1;
      response.end();
    });
    const url = await serve((_, response) => void response.writeHead(307, { location: elsewhere }).end());
    const response = await transport(url, {
      method: "POST",
      headers: { authorization: "Bearer k" },
      body: "{}",
    });
    expect(response.status).toBe(307);
    expect(asked).toBe(0);
  });

  it("gives up on a connection that does not stand in time: one whose TLS is never answered", async () => {
    const url = await listen(createNetServer());
    const promise = createTransport({ connectMs: 50 })(url.replace("http:", "https:"), {});
    await expect(promise).rejects.toBeInstanceOf(ConnectTimeoutError);
  });

  it("has no limit once the connection stands", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const url = await serve((_, response) => {
      vi.advanceTimersByTime(6 * 3_600_000);
      response.flushHeaders();
      setImmediate(() => {
        vi.advanceTimersByTime(6 * 3_600_000);
        response.end("late");
      });
    });
    expect(await (await transport(url, {})).text()).toBe("late");
  });

  it("is not cut by the limit of idle sockets that Node's agent has, here shortened", async () => {
    // Node's default is 5 s (http.globalAgent): it only announces a silent socket that is in use, and ends it once it is free.
    const { globalAgent } = http;
    const agent = new http.Agent({ keepAlive: true, timeout: 20 });
    http.globalAgent = agent;
    try {
      const url = await serve((_, response) => {
        const [inUse] = Object.values(agent.sockets).flatMap((sockets) => sockets ?? []);
        inUse?.once("timeout", () => response.end("late"));
      });
      expect(await (await transport(url, {})).text()).toBe("late");
    } finally {
      http.globalAgent = globalAgent;
      agent.destroy();
    }
  });

  it("destroys the socket at once when it is aborted before the headers", async () => {
    const aborter = new AbortController();
    const closed = Promise.withResolvers<void>();
    const url = await serve((request) => {
      request.socket.once("close", () => closed.resolve());
      aborter.abort();
    });
    await expect(transport(url, { signal: aborter.signal })).rejects.toMatchObject({ name: "AbortError" });
    await closed.promise;
  });

  it("destroys the socket at once when it is aborted in the middle of the body", async () => {
    const aborter = new AbortController();
    const closed = Promise.withResolvers<void>();
    const url = await serve((request, response) => {
      request.socket.once("close", () => closed.resolve());
      response.write("begun");
    });
    const response = await transport(url, { signal: aborter.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    aborter.abort();
    await expect(reader?.read()).rejects.toThrow();
    await closed.promise;
  });

  it("makes the reader of a body that breaks off reject", async () => {
    const url = await serve((_, response) => void response.write("half", () => response.destroy()));
    const response = await transport(url, {});
    await expect(response.text()).rejects.toThrow();
  });

  it("holds only a bounded part of a body that nobody reads", async () => {
    let sent = 0;
    const url = await serve((_, response) => {
      const write = (): void => {
        while (sent < 64 * 1024 * 1024) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once("drain", write);
        }
      };
      write();
    });
    const response = await transport(url, {});
    await unchanged(() => sent);
    expect(sent).toBeLessThan(16 * 1024 * 1024);
    await response.body?.cancel();
  });

  it("uses a kept connection for the next request", async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end("x");
    });
    await (await transport(url, {})).text();
    await (await transport(url, {})).text();
    expect(ports.size).toBe(1);
  });
});
