/**
 * What each optimization of `src/providers` gains: the processor time of one event or call with and without it. The two
 * alternate, so that other work on the machine slows down both; each figure is the median of its rounds. An
 * optimization that gains less than 10 % is not worth its code.
 */
import { StringDecoder } from "node:string_decoder";
import { createParser } from "eventsource-parser";
import { createScanner } from "jsonc-parser";
import { OpenAI } from "openai";
import type { Ask } from "../../src/contract/provider/ask.ts";
import type { ProviderSink } from "../../src/contract/provider/provider.ts";
import type { ProviderConfig } from "../../src/models/providerConfig.ts";
import { Redaction } from "../../src/providers/errors/redaction.ts";
import { clientBody, clientBodyText } from "../../src/providers/http/clientBody.ts";
import type { HttpTransport } from "../../src/providers/http/transport/transport.ts";
import { ChunkTemplateCache } from "../../src/providers/openai/answer/chunkTemplateCache.ts";
import { OpenaiReader } from "../../src/providers/openai/answer/openaiReader.ts";
import { OpenaiProvider } from "../../src/providers/openai/openaiProvider.ts";
import { Refusals } from "../../src/providers/refusals.ts";
import { runStreamedCall } from "../../src/providers/stream/streamedCall.ts";
import { median } from "../support/median.ts";

const ROUNDS = 21;

const LIMITS = { connectMs: 1000, firstTokenMs: 10_000, thinkingMs: 10_000, idleMs: 10_000 };
const CONTEXT = { provider: "bench", redaction: new Redaction(undefined), nowMs: 0 };
const REQUEST = { method: "POST", url: "http://127.0.0.1/", headers: {} } as const;
const NEVER_ABORTED = new AbortController().signal;
const EMPTY_SINK: ProviderSink = {
  started() {},
  push() {},
  toolCallProgress() {},
  model() {},
  usage() {},
  drained: () => undefined,
};

/** An event as OpenAI sends it, of about 320 bytes. */
function event(content: string, finish: string | null = null): string {
  return `data: {"id":"chatcmpl-CqNT8aWzJQfJ6bEGqkT1YkIlmPz9a","object":"chat.completion.chunk","created":1795262400,"model":"gpt-6-mini-2026-08-07","service_tier":"default","system_fingerprint":"fp_44709d6fcb","choices":[{"index":0,"delta":{"content":${JSON.stringify(content)}},"logprobs":null,"finish_reason":${JSON.stringify(finish)}}],"usage":null}\n\n`;
}

/** Network reads of as many events each. */
function reads(count: number, eventsPerRead: number): readonly Buffer[] {
  const words = ["The", " quick", " brown", " fox", " jumps", " over", " the", " lazy", " dog", "."];
  return Array.from({ length: count / eventsPerRead }, (_, read) => {
    const texts = Array.from({ length: eventsPerRead }, (_, at) => words[(read + at) % words.length] ?? "");
    return Buffer.from(texts.map((text) => event(text)).join(""));
  });
}

/** A transport that answers each request at once with these reads and the end of a stream. */
function memoryTransport(chunks: readonly Buffer[]): HttpTransport {
  const end = Buffer.from(`${event("", "stop")}data: [DONE]\n\n`);
  return {
    send(_request, handler) {
      void (async () => {
        await undefined;
        handler.onHeaders(200, { "content-type": "text/event-stream" });
        for (const chunk of chunks) {
          handler.onData(chunk);
          // Microtasks of one read run before the next one.
          await undefined;
        }
        handler.onData(end);
        handler.onEnd();
      })();
      return { isSent: true, abort() {}, pause() {}, resume() {} };
    },
  };
}

class NoTemplates extends ChunkTemplateCache {
  override textOf(): undefined {}
  override learn(): void {}
}

/** Reads a stream of events, with or without the cache. */
function streamReader(chunks: readonly Buffer[], templates: new () => ChunkTemplateCache) {
  const call = {
    transport: memoryTransport(chunks),
    request: REQUEST,
    limits: LIMITS,
    maxOutputTokens: 1_000_000,
    context: CONTEXT,
    isRelayed: false,
    createReader: () => new OpenaiReader(CONTEXT, undefined, "none", new templates()),
  };
  return () => runStreamedCall(call, EMPTY_SINK, NEVER_ABORTED);
}

const CONFIG: ProviderConfig = {
  id: "bench",
  name: "Bench",
  kind: "openai-compatible",
  baseUrl: "http://127.0.0.1:9/v1",
  local: false,
};

/** Calls a provider 200 times; without templates, the SDK also builds each request. */
function calls(withTemplates: boolean) {
  const transport = memoryTransport([Buffer.from(event("Hello"))]);
  const provider = new OpenaiProvider({
    config: CONFIG,
    key: "k",
    transport,
    nowMs: () => 0,
    refusals: new Refusals(),
  });
  const client = new OpenAI({ apiKey: "k", baseURL: "http://127.0.0.1:9/v1", logLevel: "off" });
  const ask: Ask = {
    model: "m",
    messages: [{ role: "user", parts: [{ type: "text", text: "Hello" }] }],
    maxOutputTokens: 100,
    limits: LIMITS,
  };
  return async () => {
    for (let call = 0; call < 200; call += 1) {
      if (!withTemplates) {
        const { req } = await client.buildRequest({
          method: "post",
          path: "/chat/completions",
          body: { model: "m" },
        });
        Object.fromEntries(req.headers);
      }
      await provider.ask(ask, EMPTY_SINK, NEVER_ABORTED);
    }
  };
}

/** A client's body of about so many bytes: source code in a message. */
function body(bytes: number) {
  const line = 'const title = "a line of code";\n';
  const content = line.repeat(Math.ceil(bytes / line.length));
  const messages = [
    { role: "system", content: "Be brief." },
    { role: "user", content },
  ];
  const value = { model: "auto", stream: true, max_tokens: 4096, messages, seed: 1 };
  return { value, text: JSON.stringify(value) };
}

const FIELDS = { model: "m", stream: true, stream_options: { include_usage: true }, max_tokens: 100 };
const DROPPED = ["max_tokens", "stream", "stream_options"];

/** Decodes and parses events, as EventStreamParser does, with a decoder of Node or of the web. */
function parsing(chunks: readonly Buffer[], createDecoder: () => (chunk: Buffer) => string) {
  return () => {
    const decode = createDecoder();
    let events = 0;
    const parser = createParser({ onEvent: () => (events += 1) });
    for (const chunk of chunks) parser.feed(decode(chunk));
    return events;
  };
}

function nodeDecoder() {
  const decoder = new StringDecoder("utf8");
  return (chunk: Buffer) => decoder.write(chunk);
}

function webDecoder() {
  const decoder = new TextDecoder();
  return (chunk: Buffer) => decoder.decode(chunk, { stream: true });
}

/** `SyntaxKind.EOF` of jsonc-parser. */
const END_OF_TEXT = 17;

/** Reads all tokens of a text. */
function scanWithLibrary(text: string): void {
  const scanner = createScanner(text, true);
  while (scanner.scan() !== END_OF_TEXT);
}

export async function bench(): Promise<void> {
  const single = reads(10_000, 1);
  const batches = reads(10_000, 10);
  const small = body(2000);
  const large = body(128_000);
  const table: Record<string, object> = {};
  const row = async (name: string, per: number, fast: () => unknown, plain: () => unknown) => {
    const [withIt, without] = await microseconds(fast, plain);
    table[name] = {
      "with, µs": Number((withIt / per).toPrecision(3)),
      "without, µs": Number((without / per).toPrecision(3)),
      gain: `${(100 * (1 - withIt / without)).toFixed(0)} %`,
    };
  };
  await row(
    "ChunkTemplateCache: an event in a read of its own",
    10_000,
    streamReader(single, ChunkTemplateCache),
    streamReader(single, NoTemplates),
  );
  await row(
    "ChunkTemplateCache: an event, ten in each read",
    10_000,
    streamReader(batches, ChunkTemplateCache),
    streamReader(batches, NoTemplates),
  );
  await row("RequestTemplates: a call", 200, calls(true), calls(false));
  for (const [name, { text, value }, repeats] of [
    ["2 kB", small, 200],
    ["128 kB", large, 20],
  ] as const) {
    await row(
      `clientBodyText: a body of ${name}`,
      repeats,
      repeated(repeats, () => clientBodyText(text, value, FIELDS, DROPPED)),
      repeated(repeats, () => JSON.stringify(clientBody(value, FIELDS, DROPPED))),
    );
  }
  await row(
    "clientBodyText: 128 kB, against the scanner of jsonc-parser",
    20,
    repeated(20, () => clientBodyText(large.text, large.value, FIELDS, DROPPED)),
    repeated(20, () => scanWithLibrary(large.text)),
  );
  await row(
    "StringDecoder: an event decoded and parsed",
    10_000,
    parsing(single, nodeDecoder),
    parsing(single, webDecoder),
  );
  console.table(table);
}

function repeated(times: number, run: () => unknown): () => void {
  return () => {
    for (let at = 0; at < times; at += 1) run();
  };
}

/** The median processor time of both functions, in microseconds, after three rounds to warm up. */
async function microseconds(
  ...runs: readonly [() => unknown, () => unknown]
): Promise<readonly [number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = -3; round < ROUNDS; round += 1) {
    for (const [at, run] of runs.entries()) {
      const before = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) times[at]?.push(user + system);
    }
  }
  return [median(times[0]) ?? Number.NaN, median(times[1]) ?? Number.NaN];
}

if (import.meta.main) await bench();
