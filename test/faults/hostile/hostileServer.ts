import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { measureMemory } from "./peakMemory.ts";

/** A server that sends what no provider should. */
export type HostileServer = {
  /** Without a slash at the end. */
  readonly origin: string;
  /** The headers of each request. */
  readonly requests: readonly IncomingMessage["headers"][];
  close(): Promise<void>;
};

/** Starts a server that answers each request with this function. */
export async function hostileServer(
  answer: (response: ServerResponse, request: IncomingMessage) => void | Promise<void>,
): Promise<HostileServer> {
  const requests: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    requests.push(request.headers);
    request.resume();
    // The client may close the connection during the answer.
    void Promise.resolve(answer(response, request)).catch(() => response.destroy());
  });
  return { ...(await listening(server)), requests };
}

/** Starts a server that answers each connection's first bytes with this function, not necessarily in HTTP. */
export async function hostileSocketServer(answer: (socket: Socket) => void): Promise<HostileServer> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined).once("data", () => answer(socket));
  });
  return { ...(await listening(server)), requests: [] };
}

/**
 * Sends pieces as fast as the client reads them, a thousand in each write. Measures the memory after each quarter, and after
 * 8, 16, 32… writes, because a client may soon have enough.
 * @param piece the same text each time, or a function of its number
 * @throws AbortError when the client closes the connection
 */
export async function flood(
  response: ServerResponse,
  piece: string | ((at: number) => string),
  times: number,
): Promise<void> {
  const closed = new AbortController();
  response.once("close", () => closed.abort());
  const same = typeof piece === "string" ? Buffer.from(piece.repeat(1000)) : undefined;
  const thousandAt = (from: number): Buffer =>
    Buffer.from(
      Array.from({ length: 1000 }, (_, at) => (typeof piece === "string" ? piece : piece(from + at))).join(
        "",
      ),
    );
  for (let writes = 1; writes <= times / 1000; writes += 1) {
    closed.signal.throwIfAborted();
    const chunk = same ?? thousandAt((writes - 1) * 1000);
    if (!response.write(chunk)) await once(response, "drain", { signal: closed.signal });
    const isPower = writes >= 8 && Number.isInteger(Math.log2(writes));
    if (isPower || writes % (times / 4_000) === 0) measureMemory();
  }
}

async function listening(server: Server): Promise<Omit<HostileServer, "requests">> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
