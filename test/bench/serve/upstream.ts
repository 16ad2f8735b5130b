/**
 * A provider with minimal cost, in a separate process: answers in OpenAI's format over plain sockets with prepared bytes.
 * `[tokens: N]` in the prompt sets the number of events, each written in its own turn of the event loop; `[burst]` writes
 * all at once, `[everyMs: N]` one every N ms. It reports to its parent its port, and that a client disconnected during an
 * answer.
 */
import { createServer, type Socket } from "node:net";

const head = { id: "chatcmpl-up", object: "chat.completion.chunk", created: 1_795_000_000, model: "up" };
const frame = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] })}\n\n`;
const FIRST = frame({ role: "assistant", content: "" });
const TOKEN = frame({ content: " token" });
const usageOf = (tokens: number) => ({
  prompt_tokens: 20,
  completion_tokens: tokens,
  total_tokens: 20 + tokens,
});
const lastOf = (tokens: number): string =>
  `${frame({}, "stop")}data: ${JSON.stringify({ ...head, choices: [], usage: usageOf(tokens) })}\n\ndata: [DONE]\n\n`;

const STREAM_HEAD =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: keep-alive\r\n\r\n";
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const whole = (type: string, body: string): Buffer =>
  Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: keep-alive\r\n\r\n${body}`,
  );

const STREAM_START = Buffer.from(STREAM_HEAD + chunk(FIRST));
const TOKEN_CHUNK = Buffer.from(chunk(TOKEN));
const prepared = new Map<string, Buffer>();

function preparedBytes(key: string, make: () => Buffer): Buffer {
  const known = prepared.get(key) ?? make();
  prepared.set(key, known);
  return known;
}

const server = createServer((socket) => {
  socket.setNoDelay(true);
  let received: Buffer[] = [];
  let missing = 0;
  socket.on("error", () => undefined);
  socket.on("data", (data) => {
    if (missing === 0) missing = requestBytes(data);
    received.push(data);
    missing -= data.length;
    if (missing > 0) return;
    const request = received.length === 1 ? data : Buffer.concat(received);
    received = [];
    missing = 0;
    answer(request, socket);
  });
});

/** How long the request is that begins with these bytes. */
function requestBytes(data: Buffer): number {
  const end = data.indexOf("\r\n\r\n");
  const length = /content-length: (\d+)/i.exec(data.toString("latin1", 0, end))?.[1];
  return end + 4 + Number(length ?? 0);
}

function answer(request: Buffer, socket: Socket): void {
  // The marks are at the end of the prompt, and the flag is at one end of the body or the other.
  const ends =
    request.toString("latin1", 0, 1000) + request.toString("latin1", Math.max(0, request.length - 1000));
  const mark = (name: string): number | undefined => {
    const found = new RegExp(`\\[${name}: (\\d+)\\]`).exec(ends)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const tokens = mark("tokens") ?? 16;
  if (!/"stream":\s*true/.test(ends)) {
    socket.write(preparedBytes(`whole ${tokens}`, () => whole("application/json", wholeAnswer(tokens))));
  } else if (ends.includes("[burst]")) {
    const body = () => FIRST + TOKEN.repeat(tokens) + lastOf(tokens);
    socket.write(preparedBytes(`burst ${tokens}`, () => whole("text/event-stream", body())));
  } else {
    socket.write(STREAM_START);
    const last = preparedBytes(`last ${tokens}`, () => Buffer.from(`${chunk(lastOf(tokens))}0\r\n\r\n`));
    stream(socket, tokens, last, mark("everyMs"));
  }
}

function wholeAnswer(tokens: number): string {
  const message = { role: "assistant", content: " token".repeat(tokens), refusal: null };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: "stop" }];
  return JSON.stringify({ ...head, object: "chat.completion", choices, usage: usageOf(tokens) });
}

function stream(socket: Socket, tokens: number, last: Buffer, everyMs: number | undefined): void {
  let left = tokens;
  let isDone = false;
  const reportDisconnect = (): void => {
    if (!isDone) process.send?.({ closedAtNs: String(process.hrtime.bigint()) });
  };
  const finish = (): void => {
    isDone = true;
    socket.off("close", reportDisconnect);
    socket.write(last);
  };
  socket.once("close", reportDisconnect);
  if (everyMs !== undefined) {
    const timer = setInterval(() => {
      if (socket.destroyed) return clearInterval(timer);
      if (left-- > 0) return void socket.write(TOKEN_CHUNK);
      clearInterval(timer);
      finish();
    }, everyMs);
    return;
  }
  const next = (): void => {
    if (socket.destroyed) return;
    if (left-- === 0) finish();
    else if (socket.write(TOKEN_CHUNK)) setImmediate(next);
    else socket.once("drain", next);
  };
  setImmediate(next);
}

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" ? address?.port : undefined });
});
