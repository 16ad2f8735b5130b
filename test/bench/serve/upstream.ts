/**
 * A provider with next to no cost of its own, as a process: answers in OpenAI's format with `[tokens: N]` events, each
 * written by itself in a turn of its own, or all at once with `[burst]`, or paced with `[everyMs: N]`. It tells its
 * parent its port, and when a client closed a connection in the middle of an answer.
 */
import { createServer, type ServerResponse } from "node:http";

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

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => answer(Buffer.concat(chunks).toString("latin1"), response));
});

function answer(body: string, response: ServerResponse): void {
  const mark = (name: string): number | undefined => {
    const found = new RegExp(`\\[${name}: (\\d+)\\]`).exec(body)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const tokens = mark("tokens") ?? 16;
  if (!/"stream":\s*true/.test(body)) {
    const message = { role: "assistant", content: " token".repeat(tokens), refusal: null };
    const choices = [{ index: 0, message, logprobs: null, finish_reason: "stop" }];
    const whole = { ...head, object: "chat.completion", choices, usage: usageOf(tokens) };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(whole));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.on("close", () => {
    if (!response.writableFinished) process.send?.({ closedAtNs: String(process.hrtime.bigint()) });
  });
  if (body.includes("[burst]")) response.end(FIRST + TOKEN.repeat(tokens) + lastOf(tokens));
  else {
    response.write(FIRST);
    const everyMs = mark("everyMs");
    if (everyMs === undefined) asTaken(response, tokens);
    else paced(response, tokens, everyMs);
  }
}

function asTaken(response: ServerResponse, tokens: number): void {
  let left = tokens;
  const next = (): void => {
    if (response.destroyed) return;
    if (left-- === 0) response.end(lastOf(tokens));
    else if (response.write(TOKEN)) setImmediate(next);
    else response.once("drain", next);
  };
  setImmediate(next);
}

function paced(response: ServerResponse, tokens: number, everyMs: number): void {
  let left = tokens;
  const timer = setInterval(() => {
    if (response.destroyed) clearInterval(timer);
    else if (left-- > 0) response.write(TOKEN);
    else {
      clearInterval(timer);
      response.end(lastOf(tokens));
    }
  }, everyMs);
}

server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" ? address?.port : undefined });
});
