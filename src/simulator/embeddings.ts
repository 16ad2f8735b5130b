import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isRecord } from "../base/isRecord.ts";
import { type Exchange, receive } from "./exchange.ts";
import type { Fault } from "./faults.ts";
import { SIMULATOR_EMBEDDING_CARD } from "./models.ts";
import { countTokens, type WireError } from "./wire/wireFormat.ts";

const DIMENSIONS = 256;
/** OpenAI's limit for one request. */
const MAX_TEXTS = 2048;

type EmbeddingsRequest = {
  readonly model: string;
  readonly texts: readonly string[];
  readonly isBase64: boolean;
};

/**
 * Answers a request for embeddings. Faults of a stream affect the body: it is delayed, cut, invalid or never sent.
 * @throws AbortError if the client closes the connection
 */
export async function answerEmbeddings(exchange: Exchange): Promise<void> {
  const received = await receive(exchange);
  if (received === undefined) return;
  const { body, fault, headers, signal } = received;
  const request = readRequest(body);
  if ("status" in request) return received.fail(request);
  if (fault?.kind === "stall") return;
  if (fault?.kind === "slowFirstToken") await sleep(fault.ms, undefined, { signal });
  const json =
    fault?.kind === "malformedEvent" ? '{"this is": no JSON' : JSON.stringify(responseTo(request, fault));
  const { response } = exchange;
  response.writeHead(200, { "content-type": "application/json", ...headers });
  if (fault?.kind === "cut") response.write(json.slice(0, json.length / 2), () => response.destroy());
  else response.end(json);
}

function readRequest(body: Readonly<Record<string, unknown>>): EmbeddingsRequest | WireError {
  const { model, input } = body;
  const { wireName, maxInputTokens = Number.POSITIVE_INFINITY } = SIMULATOR_EMBEDDING_CARD;
  if (model !== wireName) {
    const message = `The model \`${String(model)}\` does not exist or you do not have access to it.`;
    return { status: 404, code: "model_not_found", message };
  }
  const texts: readonly unknown[] = Array.isArray(input) ? input : [input];
  if (!texts.every((text) => typeof text === "string" && text !== ""))
    return invalid("'$.input' is invalid.");
  if (texts.length === 0 || texts.length > MAX_TEXTS) return invalid("'$.input' is invalid.");
  const longest = Math.max(...texts.map((text) => countTokens(String(text))));
  if (longest > maxInputTokens) {
    return invalid(
      `This model's maximum context length is ${maxInputTokens} tokens, however you requested ${longest} tokens.`,
    );
  }
  return { model, texts: texts.map(String), isBase64: body["encoding_format"] === "base64" };
}

function responseTo({ model, texts, isBase64 }: EmbeddingsRequest, fault: Fault | undefined): unknown {
  if (fault?.kind === "errorEvent") {
    return {
      error: fault.error ?? { message: "The server is overloaded (simulated).", code: "server_error" },
    };
  }
  const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
  const data = texts.map((text, index) => {
    const vector = vectorOf(text);
    const embedding = isBase64 ? Buffer.from(vector.buffer).toString("base64") : [...vector];
    return { object: "embedding", index, embedding };
  });
  const usage =
    fault?.kind === "wrongUsage" ? (fault.usage ?? { prompt_tokens: -5, total_tokens: 1e18 }) : undefined;
  return {
    object: "list",
    data: fault?.kind === "empty" ? [] : data,
    model,
    usage: isRecord(usage) ? usage : { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** The normalized sum of its words' hashes, bit by bit as +1 or -1: texts that share words are similar. */
function vectorOf(text: string): Float32Array<ArrayBuffer> {
  const sum = new Float32Array(DIMENSIONS);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text]) {
    const bits = createHash("sha256").update(word).digest();
    for (let at = 0; at < DIMENSIONS; at += 1) {
      sum[at] = (sum[at] ?? 0) + (((bits[at >> 3] ?? 0) >> (at & 7)) & 1 ? 1 : -1);
    }
  }
  const length = Math.hypot(...sum);
  return length === 0 ? sum : sum.map((component) => component / length);
}

function invalid(message: string): WireError {
  return { status: 400, code: "invalid_value", message };
}
