import { createServer, type RequestListener } from "node:http";
import { createServer as createNetServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Answer } from "./answer.ts";
import { ConnectTimeoutError, NotSentError } from "./transport.ts";
import { createUndiciTransport } from "./undiciTransport.ts";

const servers: Server[] = [];
let { makeTransport, close } = createUndiciTransport();
let transport = makeTransport({ connectMs: 1000 });

beforeEach(() => {
  ({ makeTransport, close } = createUndiciTransport());
  transport = makeTransport({ connectMs: 1000 });
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

const serve = (listener: RequestListener): Promise<string> => listen(createServer(listener));

afterEach(async () => {
  await close();
  for (const server of servers.splice(0)) server.close();
});

/** Both ways to ask: as an SDK does, and without a `Response`. */
const WAYS = [
  [
    "as a Response",
    (url: string, signal?: AbortSignal) => transport(url, { method: "POST", body: "x", ...signalOf(signal) }),
  ],
  [
    "lean",
    (url: string, signal?: AbortSignal) =>
      transport.lean?.(url, { method: "POST", headers: {}, body: "x", ...signalOf(signal) }) ??
      Promise.reject(new Error("not lean")),
  ],
] as const;

const signalOf = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });

async function textOf({ body }: Answer): Promise<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
  }
}

describe("the transport of serve", () => {
  it("sends method, headers and body, and gives a Response with status, headers and body", async () => {
    const url = await serve((request, response) => {
      request.setEncoding("utf8").on("data", (body) => {
        const { method, headers } = request;
        response.writeHead(201, { "content-type": "application/json" });
        response.end(JSON.stringify({ method, body, yours: headers["x-yours"] }));
      });
    });
    const response = await transport(url, { method: "POST", headers: { "x-yours": "too" }, body: "grün" });
    expect(response.status).toBe(201);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({ method: "POST", body: "grün", yours: "too" });
  });

  it("hands a redirect back, and sends the key nowhere else", async () => {
    const url = await serve(
      (_, response) => void response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(),
    );
    expect((await transport(url, { headers: { authorization: "Bearer k" } })).status).toBe(307);
  });

  it("gives up on a connection that does not stand in time", async () => {
    const url = await listen(createNetServer());
    const promise = makeTransport({ connectMs: 50 })(url.replace("http:", "https:"), {});
    await expect(promise).rejects.toBeInstanceOf(ConnectTimeoutError);
  });

  it("says that nothing was sent where it is stopped before the connection stands", async () => {
    const url = await listen(createNetServer());
    const aborter = new AbortController();
    const promise = transport(url.replace("http:", "https:"), { signal: aborter.signal });
    aborter.abort();
    await expect(promise).rejects.toBeInstanceOf(NotSentError);
  });

  it("uses a kept connection for the next request", async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end("x");
    });
    await (await transport(url, {})).text();
    // The connection is free a moment after the last of the body.
    await new Promise((resolve) => setImmediate(resolve));
    await (await transport(url, {})).text();
    expect(ports.size).toBe(1);
  });
});

describe.each(WAYS)("an answer that is read %s", (_way, ask) => {
  it("destroys the socket at once when it is stopped before the headers, and in the middle of the body", async () => {
    for (const begins of [false, true]) {
      const aborter = new AbortController();
      const closed = Promise.withResolvers<void>();
      const url = await serve((request, response) => {
        request.socket.once("close", () => closed.resolve());
        if (begins) response.write("begun");
        else aborter.abort();
      });
      const promise = ask(url, aborter.signal).then(async ({ body }) => {
        const reader = body?.getReader();
        await reader?.read();
        aborter.abort();
        await reader?.read();
      });
      await expect(promise).rejects.toMatchObject({ name: "AbortError" });
      await closed.promise;
    }
  });

  it("tells a connection that broke before the headers as Node does, and one in the body to its reader", async () => {
    const broken = await serve((request) => void request.socket.resetAndDestroy());
    await expect(ask(broken)).rejects.toMatchObject({ code: "ECONNRESET" });
    const torn = await serve((_, response) => void response.write("half", () => response.destroy()));
    await expect(textOf(await ask(torn))).rejects.toThrow();
  });

  it("hands on all of a body, whatever its chunks", async () => {
    const pieces = Array.from({ length: 500 }, (_, at) => `${at} grün `);
    const url = await serve((_, response) => {
      for (const piece of pieces) response.write(piece);
      response.end();
    });
    expect(await textOf(await ask(url))).toBe(pieces.join(""));
  });

  it("holds only a bounded part of a body that nobody reads", async () => {
    let sent = 0;
    const stopped = Promise.withResolvers<void>();
    const url = await serve((_, response) => {
      const write = (): void => {
        while (sent < 64 * 1024 * 1024) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once("drain", write);
        }
        response.end();
        stopped.resolve();
      };
      write();
    });
    const { body } = await ask(url);
    const reader = body?.getReader();
    // It stands still: many turns bring no more.
    let before = -1;
    for (let still = 0; still < 200; still += 1) {
      if (sent !== before) still = 0;
      before = sent;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sent).toBeLessThan(32 * 1024 * 1024);
    // And goes on once it is read.
    while ((await reader?.read())?.done === false);
    await stopped.promise;
  });

  it("tells its status and its headers, those that came twice together", async () => {
    const url = await serve(
      (_, response) => void response.writeHead(201, { "X-Once": "1", "x-twice": ["a", "b"] }).end(),
    );
    const { ok, status, headers } = await ask(url);
    expect([ok, status, headers.get("x-once"), headers.get("x-twice")]).toEqual([true, 201, "1", "a, b"]);
    expect(headers.get("x-never")).toBeNull();
  });

  it("hangs up where its reader stops", async () => {
    const closed = Promise.withResolvers<void>();
    const url = await serve((request, response) => {
      request.socket.once("close", () => closed.resolve());
      response.write("begun");
    });
    const reader = (await ask(url)).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await closed.promise;
  });
});
