import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { ConnectTimeoutError, createTransport, NotSentError } from "./transport.ts";
import { createUndiciTransport } from "./undiciTransport.ts";

const servers: Server[] = [];
const sockets: Socket[] = [];
const undici = createUndiciTransport();

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => undici.close());

/** A server that sends these bytes once it was asked, whatever the question. */
async function saying(bytes: string): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined).once("data", () => socket.write(bytes));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}/`, server };
}

const ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabcd";

describe.each([
  { name: "Node's", make: createTransport },
  { name: "undici's", make: undici.makeTransport },
])("a transport over $name", ({ make }) => {
  const transport = make({ connectMs: 1000 });

  it.each([
    ["a hint", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"],
    ["word that it works on it", "HTTP/1.1 102 Processing\r\n\r\n"],
    ["several of them", "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"],
  ])("takes the answer that stands behind %s", async (_, hints) => {
    const { url } = await saying(hints + ANSWER);
    const response = await transport(url, { method: "POST", body: "{}" });
    expect([response.status, await response.text()]).toEqual([200, "abcd"]);
    expect(response.headers.get("link")).toBeNull();
  });

  it.each([600, 999])(
    "rejects the status %i, which there is not, and closes the connection",
    async (status) => {
      const { url, server } = await saying(`HTTP/1.1 ${status} Odd\r\ncontent-length: 4\r\n\r\nabcd`);
      const accepted = once(server, "connection");
      const promise = transport(url, { method: "POST", body: "{}" });
      await expect(promise).rejects.toMatchObject({
        message: `the server answered with the status ${status}, which HTTP does not have`,
        code: "HPE_INVALID_STATUS",
      });
      const [socket] = await accepted;
      if (!socket.destroyed) await once(socket, "close");
    },
  );

  it.each([1, 20, 35])(
    "gives up after its own limit of %i ms on a connection that does not stand",
    async (connectMs) => {
      const { url } = await saying("");
      const promise = make({ connectMs })(url.replace("http:", "https:"), {});
      await expect(promise).rejects.toBeInstanceOf(ConnectTimeoutError);
      await expect(promise).rejects.toThrow(`within ${connectMs} ms`);
    },
  );

  it("says that nothing was sent where it is given up before the connection stands, by whatever reason", async () => {
    for (const reason of [undefined, new Error("a limit passed")]) {
      const { url, server } = await saying("");
      const aborter = new AbortController();
      const accepted = once(server, "connection");
      const promise = transport(url.replace("http:", "https:"), { signal: aborter.signal });
      await Promise.all([
        accepted.then(() => aborter.abort(reason)),
        expect(promise).rejects.toBeInstanceOf(NotSentError),
      ]);
    }
  });
});

it("undici's transport uses a kept connection whatever the limit on connecting was", async () => {
  let accepted = 0;
  const { url, server } = await saying("");
  server.on("connection", (socket) => {
    accepted += 1;
    socket.on("data", () => socket.write(ANSWER));
  });
  for (const connectMs of [5000, 4321, 1234, 17]) {
    await (await undici.makeTransport({ connectMs })(url)).text();
    // The connection is free a moment after the last of the body.
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(accepted).toBe(1);
});
