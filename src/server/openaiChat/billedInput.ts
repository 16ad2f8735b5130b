import { isRecord } from "../../base/isRecord.ts";
import type { Attributes } from "../../contract/decision.ts";
import type { UnboundedCost } from "../../contract/skipped.ts";
import { isListedTier } from "../../models/price.ts";
import { FRAME_TOKENS, toolsBound } from "../../models/tokens.ts";
import type { Json } from "../requestBody.ts";

/** What a body is billed for: an upper bound of its text, its images, and the first thing that has no upper bound. */
export type BilledInput = Pick<
  Attributes,
  "inputBoundTokens" | "images" | "imageAddresses" | "unboundedCost"
>;

/**
 * Fields of a body that change neither the model that answers nor its prices, and whose input is the text in them: those
 * of OpenAI's API, and those by which other servers control sampling and reasoning. Every other field has no known bound.
 */
const PASSING_FIELDS: ReadonlySet<string> = new Set([
  ...["model", "messages", "stream", "stream_options", "stop", "user", "metadata", "store", "usage"],
  ...["max_tokens", "max_completion_tokens", "min_tokens", "temperature", "top_p", "top_k", "top_a", "min_p"],
  ...["typical_p", "frequency_penalty", "presence_penalty", "repetition_penalty", "seed", "random_seed"],
  ...["logit_bias", "logprobs", "top_logprobs", "response_format", "structured_outputs", "verbosity"],
  ...["guided_json", "guided_regex", "guided_choice", "guided_grammar", "prediction"],
  ...["tool_choice", "parallel_tool_calls", "functions", "function_call"],
  ...["reasoning", "reasoning_effort", "reasoning_format", "include_reasoning", "prompt_mode"],
  ...["thinking", "enable_thinking", "thinking_budget", "chat_template_kwargs"],
  ...["safe_prompt", "transforms", "prompt_cache_key", "prompt_cache_retention", "safety_identifier"],
]);

/** Fields that have no bound except with these values. */
const PASSING_VALUES: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ["n", (value) => value === 1],
  ["best_of", (value) => value === 1],
  ["modalities", (value) => Array.isArray(value) && value.every((item) => item === "text")],
  ["service_tier", isListedTier],
  ["search_parameters", (value) => isRecord(value) && value["mode"] === "off"],
  ["cache_control", (value) => isShortCache("cache_control", value)],
  ["prompt_cache_options", (value) => isShortCache("prompt_cache_options", value)],
]);

/**
 * The lifetime of a cache entry whose price the list has, by the field that can ask for another one: Anthropic's and
 * OpenAI's defaults. A longer one costs more to write.
 */
const CACHE_LIFETIMES: ReadonlyMap<string, string> = new Map([
  ["cache_control", "5m"],
  ["prompt_cache_options", "30m"],
  ["prompt_cache_breakpoint", "30m"],
]);

/** The part types whose input has an upper bound. Files, audio, video and unknown types have none. */
const PART_BOUNDS: ReadonlyMap<unknown, "text" | "image"> = new Map([
  ["text", "text"],
  ["refusal", "text"],
  ["thinking", "text"],
  ["image_url", "image"],
]);

/**
 * Fields of a message or a part that hold no more input than the text in them. Texts in other fields can be addresses or
 * ids of files.
 */
const TEXT_FIELDS: ReadonlySet<string> = new Set([
  ...["role", "name", "id", "type", "status", "phase", "tool_call_id", "tool_calls", "function_call"],
  ...[
    "text",
    "detail",
    "refusal",
    "annotations",
    "reasoning",
    "reasoning_content",
    "reasoning_details",
    "thinking",
  ],
  ...["thinking_blocks", "signature", "extra_content", "createdAt", "created_at", "timestamp"],
]);

/** Fields of a tool that runs at the client. Others can switch on a tool of the provider's. */
const TOOL_FIELDS: ReadonlySet<string> = new Set([
  ...["type", "function", "custom", "name", "description", "parameters", "strict", "cache_control"],
]);

/**
 * OpenAI bills the tokens of a prediction that the answer does not contain as output, which costs four times as much as
 * input at each model that accepts predictions. https://platform.openai.com/docs/guides/predicted-outputs
 */
const PREDICTION_FACTOR = 4;

/** Fields that are not part of the model's input. */
const NOT_BILLED: ReadonlySet<string> = new Set(["model", "stream_options", "stop", "metadata", "user"]);

/** Names are the client's, and appear in errors and in the history. */
const MAX_NAME_CHARACTERS = 100;

/** Reads what a chat completion's body is billed for. */
export function billedInputOf(body: Json): BilledInput {
  const found: Found = { bytes: 0, images: 0, imageAddresses: 0 };
  const { messages, tools, ...fields } = body;
  for (const [name, value] of Object.entries(fields)) readField(name, value, found);
  const allTools: readonly unknown[] = Array.isArray(tools) ? tools : [];
  for (const [index, tool] of allTools.entries()) readTool(tool, `tools[${index}]`, found);
  const allMessages: readonly unknown[] = Array.isArray(messages) ? messages : [];
  for (const [index, message] of allMessages.entries()) {
    if (isRecord(message)) readMessage(message, `messages[${index}]`, found);
  }
  const { bytes, images, imageAddresses, unboundedCost } = found;
  return {
    inputBoundTokens: bytes + allMessages.length * FRAME_TOKENS + toolsBound(allTools),
    images,
    imageAddresses,
    unboundedCost,
  };
}

/** What was found so far. */
type Found = {
  /** UTF-8 bytes of texts. */
  bytes: number;
  images: number;
  imageAddresses: number;
  unboundedCost?: UnboundedCost;
};

function readField(name: string, value: unknown, found: Found): void {
  if (isUnset(value)) return;
  if (!PASSING_FIELDS.has(name) && PASSING_VALUES.get(name)?.(value) !== true) note(found, "field", name);
  if (NOT_BILLED.has(name)) return;
  const factor = name === "prediction" ? PREDICTION_FACTOR : 1;
  if (typeof value === "string") found.bytes += Buffer.byteLength(value) * factor;
  else if (typeof value === "object") found.bytes += Buffer.byteLength(JSON.stringify(value)) * factor;
}

/** An empty object is not: `web_search_options: {}` switches the search on. */
function isUnset(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === null || value === undefined || value === false || value === "";
}

function isEmpty(value: unknown): boolean {
  return isUnset(value) || (isRecord(value) && Object.keys(value).length === 0);
}

function isShortCache(name: string, value: unknown): boolean {
  const lifetime = CACHE_LIFETIMES.get(name);
  return isUnset(value) || (isRecord(value) && (value["ttl"] ?? lifetime) === lifetime);
}

/** Functions and free-form tools run at the client. All others run at the provider, which charges for them. */
function readTool(tool: unknown, place: string, found: Found): void {
  if (!isRecord(tool)) return;
  const { type = "function", cache_control } = tool;
  const unknown = Object.keys(tool).find((name) => !TOOL_FIELDS.has(name) && !isUnset(tool[name]));
  if (type !== "function" && type !== "custom") note(found, "field", `${place} (${String(type)})`);
  if (unknown !== undefined) note(found, "field", `${place}.${unknown}`);
  if (!isShortCache("cache_control", cache_control)) note(found, "field", `${place}.cache_control`);
}

function readMessage(message: Json, place: string, found: Found): void {
  const { content, ...fields } = message;
  readFields(fields, place, found);
  found.bytes += sizeOf(fields);
  if (!Array.isArray(content)) found.bytes += sizeOf(content);
  else for (const [index, part] of content.entries()) readPart(part, `${place}.content[${index}]`, found);
}

function readPart(part: unknown, place: string, found: Found): void {
  if (!isRecord(part)) return;
  const { type } = part;
  const bound = PART_BOUNDS.get(type);
  const { image_url, ...withoutImage } = part;
  const fields = bound === "image" ? withoutImage : part;
  readFields(fields, place, found);
  found.bytes += sizeOf(fields);
  if (bound === undefined) note(found, "part", `${place} (${String(type)})`);
  else if (bound === "image") readImage(isRecord(image_url) ? image_url["url"] : image_url, place, found);
}

function readImage(url: unknown, place: string, found: Found): void {
  if (typeof url !== "string" || /^data:image\//i.test(url)) found.images += 1;
  else if (/^data:/i.test(url)) note(found, "part", `${place} (${/^[^;,]*/.exec(url)?.[0]})`);
  else found.imageAddresses += 1;
}

/** Notes the first field of a message or part that may hold more than text. */
function readFields(fields: Json, place: string, found: Found): void {
  for (const [name, value] of Object.entries(fields)) {
    const isPlain = typeof value === "number" || typeof value === "boolean";
    if (isPlain || TEXT_FIELDS.has(name) || isEmpty(value)) continue;
    if (!CACHE_LIFETIMES.has(name)) note(found, "part", `${place}.${name}`);
    else if (!isShortCache(name, value)) note(found, "field", `${place}.${name}`);
  }
}

function note(found: Found, kind: UnboundedCost["kind"], name: string): void {
  found.unboundedCost ??= { kind, name: name.slice(0, MAX_NAME_CHARACTERS) };
}

/** The UTF-8 bytes of all names and values. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value !== "object" || value === null) return String(value).length;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + sizeOf(item), 0);
  return Object.entries(value).reduce((sum, [name, item]) => sum + Buffer.byteLength(name) + sizeOf(item), 0);
}
