import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";

/** A server that does not mean well. */
export type HostileServer = {
  /** Without a slash at the end. */
  readonly origin: string;
  /** The headers of all that came. */
  readonly requests: readonly IncomingMessage["headers"][];
  close(): Promise<void>;
};

/** Answers each request as it is told to. */
export async function hostileServer(
  answer: (response: ServerResponse, request: IncomingMessage) => void | Promise<void>,
): Promise<HostileServer> {
  const requests: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    requests.push(request.headers);
    request.resume();
    // Whoever hangs up in the midst of it is not told more.
    void Promise.resolve(answer(response, request)).catch(() => response.destroy());
  });
  return { ...(await listening(server)), requests };
}

/** Answers each connection's first bytes as it is told to: it need not be HTTP. */
export async function hostileSocketServer(answer: (socket: Socket) => void): Promise<HostileServer> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined).once("data", () => answer(socket));
  });
  return { ...(await listening(server)), requests: [] };
}

/**
 * Sends pieces as fast as they are taken, a thousand at once: it is the reader who is to be busy.
 * @param piece the same one each time, or made of its number
 * @throws AbortError once the client has gone
 */
export async function flood(
  response: ServerResponse,
  piece: string | ((at: number) => string),
  times: number,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const same = typeof piece === "string" ? Buffer.from(piece.repeat(1000)) : undefined;
  const thousandAt = (from: number): Buffer =>
    Buffer.from(
      Array.from({ length: 1000 }, (_, at) => (typeof piece === "string" ? piece : piece(from + at))).join(
        "",
      ),
    );
  for (let sent = 0; sent < times; sent += 1000) {
    gone.signal.throwIfAborted();
    if (!response.write(same ?? thousandAt(sent))) await once(response, "drain", { signal: gone.signal });
  }
}

async function listening(server: Server): Promise<Omit<HostileServer, "requests">> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("It listens on no port.");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
