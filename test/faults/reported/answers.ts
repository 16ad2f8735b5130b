import { isRecord } from "../../../src/base/isRecord.ts";
import type { AnswerSummary } from "../../../src/contract/answer.ts";
import type { Message, Part } from "../../../src/contract/message.ts";
import { collectAnswer } from "../../support/collectAnswer.ts";
import { promptRequest } from "../../support/engineRequest.ts";
import type { ClientRequest } from "./cases.ts";
import { passedTime } from "./time.ts";
import { type CaseWorld, TOKEN, type TransportName } from "./world.ts";

/** Who asks: the chat of the editor, a client of `serve` that streams, or one that does not. */
export type Consumer = "chat" | "stream" | "whole";

/** Every consumer, with the transport of its program. */
export const CONSUMERS: readonly (readonly [Consumer, TransportName])[] = [
  ["chat", "node"],
  ["stream", "undici"],
  ["whole", "undici"],
];

/** A prompt with an image of this media type, and with tools of these names. */
export type Prompt = {
  readonly text: string;
  readonly image?: string | undefined;
  readonly tools?: readonly string[] | undefined;
};

/** What a consumer got. */
export type Seen = {
  readonly consumer: Consumer;
  readonly httpStatus: number | undefined;
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly { readonly name: string; readonly argumentsJson: string }[];
  /** The consumer was told that the answer is whole. */
  readonly isComplete: boolean;
  /** The message of an error response or event. */
  readonly error: string;
  /** The whole response of `serve`. */
  readonly body: string;
  /** Undefined if the engine was not asked. */
  readonly summary: AnswerSummary | undefined;
  /** How much time has passed until its end, in milliseconds, without what the machine needed. */
  readonly tookMs: number;
  /** The longest time without a byte of the response, in milliseconds. */
  readonly longestSilenceMs: number;
};

/** One pixel. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const SCHEMA = { type: "object", properties: {} };

/** Sends a prompt as this consumer. */
export async function ask(world: CaseWorld, consumer: Consumer, prompt: Prompt): Promise<Seen> {
  if (consumer === "chat") return askAsChat(world, prompt);
  const { text, image, tools } = prompt;
  const url = `data:${image};base64,${PNG}`;
  const content =
    image === undefined
      ? text
      : [
          { type: "text", text },
          { type: "image_url", image_url: { url } },
        ];
  const body = {
    model: "auto",
    stream: consumer === "stream",
    messages: [{ role: "user", content }],
    ...(tools === undefined
      ? {}
      : { tools: tools.map((name) => ({ type: "function", function: { name, parameters: SCHEMA } })) }),
  };
  return request(world, { method: "POST", path: "/v1/chat/completions", body });
}

async function askAsChat({ engine, summaries }: CaseWorld, { text, image, tools }: Prompt): Promise<Seen> {
  const startedMs = passedTime();
  const picture: readonly Part[] =
    image === undefined ? [] : [{ type: "image", mediaType: image, data: PNG }];
  const message: Message = { role: "user", parts: [...picture, { type: "text", text }] };
  const answer = await collectAnswer(
    engine,
    promptRequest(text, {
      messages: [message],
      canRetract: true,
      tools: tools?.map((name) => ({ name, parametersSchema: SCHEMA })),
    }),
  );
  const restarted = answer.events.findLastIndex(({ type }) => type === "restarted");
  const shown = answer.events.slice(restarted + 1);
  const { ending } = answer.summary;
  return {
    consumer: "chat",
    httpStatus: undefined,
    text: answer.text,
    reasoning: shown.map((event) => (event.type === "reasoning" ? event.text : "")).join(""),
    toolCalls: shown.flatMap((event) => (event.type === "toolCall" ? [event] : [])),
    isComplete: ending.kind === "complete",
    error: ending.kind === "failed" ? ending.failure.message : "",
    body: "",
    summary: summaries.at(-1),
    tookMs: passedTime() - startedMs,
    longestSilenceMs: 0,
  };
}

/** Sends a request to `serve`. */
export async function request(
  { origin, summaries }: CaseWorld,
  { method = "POST", path = "/", headers = {}, body }: ClientRequest,
): Promise<Seen> {
  const startedMs = passedTime();
  const before = summaries.length;
  const sent = { authorization: `Bearer ${TOKEN}`, ...headers };
  let lastMs = Date.now();
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: Object.fromEntries(
      Object.entries(sent).map(([name, value]) => [name, value.replace("{{token}}", TOKEN)]),
    ),
    ...(body === undefined || body === null ? {} : { body: JSON.stringify(body) }),
  });
  let longestSilenceMs = Date.now() - lastMs;
  lastMs = Date.now();
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body ?? []) {
    longestSilenceMs = Math.max(longestSilenceMs, Date.now() - lastMs);
    lastMs = Date.now();
    chunks.push(chunk);
  }
  const received = Buffer.concat(chunks).toString("utf8");
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  return {
    ...(isStream ? readStream(received) : readWhole(received)),
    consumer: isStream ? "stream" : "whole",
    httpStatus: response.status,
    body: received,
    summary: summaries.length > before ? summaries.at(-1) : undefined,
    tookMs: passedTime() - startedMs,
    longestSilenceMs,
  };
}

type Content = Pick<Seen, "text" | "reasoning" | "toolCalls" | "isComplete" | "error">;

const NOTHING: Content = { text: "", reasoning: "", toolCalls: [], isComplete: false, error: "" };

/** Reads a stream as OpenAI's SDKs do: the parts of a tool call have its index. */
function readStream(body: string): Content {
  let { text, reasoning, isComplete, error } = NOTHING;
  const calls: { name: string; argumentsJson: string }[] = [];
  for (const frame of body.split("\n\n")) {
    const data = frame.startsWith("data: ") ? frame.slice("data: ".length) : "";
    if (data === "" || data === "[DONE]") continue;
    const event: unknown = JSON.parse(data);
    error ||= errorOf(event);
    const choice = choiceOf(event);
    const delta = isRecord(choice["delta"]) ? choice["delta"] : {};
    text += stringOf(delta["content"]);
    reasoning += stringOf(delta["reasoning_content"]);
    if (typeof choice["finish_reason"] === "string") isComplete = true;
    for (const part of listOf(delta["tool_calls"])) {
      const index = Number(part["index"]);
      const called = isRecord(part["function"]) ? part["function"] : {};
      calls[index] ??= { name: "", argumentsJson: "" };
      calls[index].name += stringOf(called["name"]);
      calls[index].argumentsJson += stringOf(called["arguments"]);
    }
  }
  return { text, reasoning, toolCalls: calls, isComplete, error };
}

function readWhole(body: string): Content {
  if (!body.startsWith("{")) return NOTHING;
  const value: unknown = JSON.parse(body);
  const choice = choiceOf(value);
  const message = isRecord(choice["message"]) ? choice["message"] : {};
  return {
    text: stringOf(message["content"]),
    reasoning: stringOf(message["reasoning_content"]),
    toolCalls: listOf(message["tool_calls"]).map((call) => {
      const called = isRecord(call["function"]) ? call["function"] : {};
      return { name: stringOf(called["name"]), argumentsJson: stringOf(called["arguments"]) };
    }),
    isComplete: typeof choice["finish_reason"] === "string",
    error: errorOf(value),
  };
}

type Json = Readonly<Record<string, unknown>>;

function choiceOf(value: unknown): Json {
  const [choice] = isRecord(value) ? listOf(value["choices"]) : [];
  return choice ?? {};
}

function errorOf(value: unknown): string {
  const error = isRecord(value) ? value["error"] : undefined;
  return isRecord(error) ? stringOf(error["message"]) : "";
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function stringOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
