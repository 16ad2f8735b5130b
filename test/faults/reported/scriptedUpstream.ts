import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { listen } from "../../support/providers/httpResponse.ts";
import { patternOf, type Upstream } from "./cases.ts";
import { type Arrivals, EXCHANGE_HEADER, passTime } from "./time.ts";

/** A request that the upstream received. */
export type UpstreamRequest = {
  readonly path: string;
  readonly body: string;
  /** In milliseconds since 1970. */
  readonly atMs: number;
};

/** A provider that sends what a case prescribes. */
export type ScriptedUpstream = {
  /** Without a slash at the end. */
  readonly origin: string;
  /** Requests so far, oldest first. */
  readonly requests: readonly UpstreamRequest[];
  /** What it sends from now on. */
  play(upstream: Upstream): void;
  close(): void;
};

/** Starts a provider on 127.0.0.1. @param arrivals what its clients have received */
export async function startUpstream(arrivals: Arrivals): Promise<ScriptedUpstream> {
  const requests: UpstreamRequest[] = [];
  const sockets = new Set<Socket>();
  let upstream: Upstream = {};
  let played = 0;
  const server = createServer((request, response) => {
    void textOf(request).then((body) => {
      requests.push({ path: request.url ?? "", body, atMs: Date.now() });
      const reply = replyTo(body, upstream, played++);
      return send(response, reply, arrivals, String(request.headers[EXCHANGE_HEADER]));
    });
  });
  server.on("connection", (socket: Socket) => sockets.add(socket));
  return {
    origin: await listen(server),
    requests,
    play(next) {
      upstream = next;
      played = 0;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function replyTo(body: string, upstream: Upstream, number: number): Upstream {
  const { rejectWhenBodyMatches: when, rejectUnlessBodyMatches: unless, otherwise, sequence = [] } = upstream;
  const isAccepted =
    (when !== undefined && !patternOf(when).test(body)) ||
    (unless !== undefined && patternOf(unless).test(body));
  if (isAccepted && otherwise !== undefined) return otherwise;
  return { ...upstream, ...(sequence[number] ?? sequence.at(-1)) };
}

async function send(
  response: ServerResponse,
  { status = 200, headers = {}, chunks = [], delaysMs = [], encoding, streamInPiecesOf }: Upstream,
  arrivals: Arrivals,
  exchange: string,
): Promise<void> {
  const closed = new AbortController();
  response.once("close", () => closed.abort());
  response.writeHead(status, withDates(headers)).flushHeaders();
  let sentBytes = 0;
  for (const [index, chunk] of chunks.entries()) {
    const bytes = Buffer.from(chunk, encoding ?? "utf8");
    const size = streamInPiecesOf ?? bytes.length;
    if (delaysMs.length > 0 || streamInPiecesOf !== undefined || index > 0) {
      // Each chunk is a network read of its own, and a delay begins when everything before it was read.
      await arrivals.reached(exchange, sentBytes);
    }
    await passTime(delaysMs[index] ?? 0, closed.signal);
    for (let at = 0; at < bytes.length; at += size) {
      if (closed.signal.aborted) return;
      const piece = bytes.subarray(at, at + size);
      response.write(piece);
      sentBytes += piece.length;
      if (streamInPiecesOf !== undefined) await arrivals.reached(exchange, sentBytes);
    }
  }
  response.end();
}

/** Headers with the dates of their placeholders: `{{httpDate+90s}}`. */
function withDates(headers: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    value.replace(/\{\{httpDate\+(\d+)s\}\}/, (_, seconds) =>
      new Date(Date.now() + Number(seconds) * 1000).toUTCString(),
    ),
  ]);
  return Object.fromEntries(entries);
}
