import { estimateTokenCount } from "tokenx";
import type { Tool } from "../contract/ask.ts";
import type { Message, Part } from "../contract/message.ts";
import type { ModelRef } from "../contract/model.ts";
import { mostImageTokens } from "./imageTokens.ts";

/** tokenx counts JSON about 12 % too low against o200k (measured, see the project's notes on dependencies). */
const JSON_FACTOR = 1.15;

/** What a chat format puts around a message, or around a call and its result. */
const FRAME_TOKENS = 16;

/**
 * The instructions that a provider adds where tools go along: 530 is the most of Anthropic's table.
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview#pricing
 */
const TOOL_PROMPT_TOKENS = 530;

/** A longer text is counted by samples of it: as many as are this long together. */
const SAMPLED_CHARACTERS = 2048;
const SAMPLE_CHARACTERS = 64;

/**
 * About how many tokens a text has. Cheap, and never slow on odd texts, as exact tokenizers are: a text of 128 kB takes no
 * longer than one of 2 kB, and is within 11 % of what counting all of it says, rather above than below (a README, an SDK's source, a lock file).
 */
export function estimateTokens(text: string): number {
  const tokens = text.length <= SAMPLED_CHARACTERS ? estimateTokenCount(text) : sampledTokens([text]);
  return Math.ceil(looksLikeJson(text) ? tokens * JSON_FACTOR : tokens);
}

/** About how many tokens a conversation has: its texts, its tool calls and their results. */
export function contextTokens(messages: readonly Message[]): number {
  const texts = messages.flatMap(({ parts }) => parts.flatMap(textsOf));
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  if (characters <= SAMPLED_CHARACTERS) return texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  return Math.ceil(sampledTokens(texts));
}

function textsOf(part: Part): readonly string[] {
  if (part.type === "text" || part.type === "toolResult") return [part.text];
  return part.type === "toolCall" ? [part.argumentsJson] : [];
}

/** Samples at equal distances of the texts, as though they were one. */
function sampledTokens(texts: readonly string[]): number {
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  const distance = characters / (SAMPLED_CHARACTERS / SAMPLE_CHARACTERS);
  const samples: string[] = [];
  let looked = 0;
  let at = 0;
  let next = 0;
  for (const text of texts) {
    for (; next < at + text.length; next += distance) {
      const sample = text.slice(next - at, next - at + SAMPLE_CHARACTERS);
      samples.push(sample);
      looked += sample.length;
    }
    at += text.length;
  }
  // A space between them is no token.
  return (estimateTokenCount(samples.join(" ")) * characters) / Math.max(1, looked);
}

/**
 * More tokens than a request's text and tools can have: a token is a byte at least. Images are not in it, since what
 * they cost depends on the model: see `imageBound`.
 */
export function inputBound(messages: readonly Message[], tools: readonly Tool[] = []): number {
  const inMessages = messages.reduce(
    (sum, { parts }) => sum + parts.reduce((inParts, part) => inParts + bytesOf(part), FRAME_TOKENS),
    0,
  );
  if (tools.length === 0) return inMessages;
  return inMessages + TOOL_PROMPT_TOKENS + tools.length * FRAME_TOKENS + utf8(JSON.stringify(tools));
}

/** The most tokens that images can cost with a model; undefined where its provider does not say. */
export function imageBound(images: number, ref: ModelRef): number | undefined {
  if (images === 0) return 0;
  const each = mostImageTokens(ref);
  return each === undefined ? undefined : images * each;
}

function bytesOf(part: Part): number {
  switch (part.type) {
    case "text":
      return utf8(part.text);
    case "image":
      return 0;
    case "toolCall":
      return FRAME_TOKENS + utf8(part.id) + utf8(part.name) + utf8(part.argumentsJson);
    case "toolResult":
      return FRAME_TOKENS + utf8(part.id) + utf8(part.text);
    case "reasoning":
      return FRAME_TOKENS + utf8(part.text) + utf8(part.signature ?? "");
  }
}

function utf8(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

function looksLikeJson(text: string): boolean {
  const trimmed = text.trim();
  return (
    (trimmed.startsWith("{") && trimmed.endsWith("}")) || (trimmed.startsWith("[") && trimmed.endsWith("]"))
  );
}
