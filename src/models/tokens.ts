import { estimateTokenCount } from "tokenx";
import type { Message, Part } from "../contract/message.ts";
import type { Tool } from "../contract/provider/ask.ts";

/** tokenx undercounts JSON by about 12 % against OpenAI's o200k tokenizer (measured on 2026-11-21 with tokenx 2.2.0). */
const JSON_FACTOR = 1.15;

/** The tokens that a chat format adds around a message, a tool call or a tool result. */
export const FRAME_TOKENS = 16;

/**
 * The instructions that a provider adds to a request with tools: 530 is the highest figure in Anthropic's table.
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview#pricing
 */
const TOOL_PROMPT_TOKENS = 530;

/** Longer texts are estimated from samples of this total length. */
const SAMPLED_CHARACTERS = 2048;
const SAMPLE_CHARACTERS = 64;

/**
 * Estimates the tokens of a text. Exact tokenizers take seconds on odd texts such as 50,000 equal letters; this takes
 * microseconds. Above 2,048 characters it counts samples: a prompt of 128 kB, as in `npm run bench serve`, takes 0.13 ms
 * instead of 9.5 (2026-11-29). The estimate is then within 11 % of counting the whole text (measured on a README, an
 * SDK's source and a lock file), usually above it.
 */
export function estimateTokens(text: string): number {
  const tokens = text.length <= SAMPLED_CHARACTERS ? estimateTokenCount(text) : sampledTokens([text]);
  return Math.ceil(looksLikeJson(text) ? tokens * JSON_FACTOR : tokens);
}

/** Estimates the tokens of a conversation: its texts, its tool calls and their results. */
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

/** Estimates the tokens of texts from samples at equal distances, as if the texts were one. */
function sampledTokens(texts: readonly string[]): number {
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  const distance = characters / (SAMPLED_CHARACTERS / SAMPLE_CHARACTERS);
  const samples: string[] = [];
  let sampled = 0;
  let at = 0;
  let next = 0;
  for (const text of texts) {
    for (; next < at + text.length; next += distance) {
      const sample = text.slice(next - at, next - at + SAMPLE_CHARACTERS);
      samples.push(sample);
      sampled += sample.length;
    }
    at += text.length;
  }
  // The spaces that join them add no tokens.
  return (estimateTokenCount(samples.join(" ")) * characters) / Math.max(1, sampled);
}

/**
 * An upper bound of the tokens of a request's messages and tools: a token is at least one byte of UTF-8. Images are not
 * included, because their tokens depend on the model (`imageTokensOf`).
 */
export function inputBound(messages: readonly Message[], tools: readonly Tool[] = []): number {
  const inMessages = messages.reduce(
    (sum, { parts }) => sum + parts.reduce((inParts, part) => inParts + bytesOf(part), FRAME_TOKENS),
    0,
  );
  return inMessages + toolsBound(tools);
}

/** An upper bound of the tokens of tools, in any format. */
export function toolsBound(tools: readonly unknown[]): number {
  if (tools.length === 0) return 0;
  return TOOL_PROMPT_TOKENS + tools.length * FRAME_TOKENS + utf8(JSON.stringify(tools));
}

/**
 * The most tokens that one image of any size can have, by the model's family, else by the vendor of the price list;
 * undefined if neither documents a bound.
 * @param vendors the price lists that the provider follows
 */
export function imageTokensOf(model: string, vendors: readonly string[]): number | undefined {
  // An aggregator's names contain the vendor: `openai/gpt-4o`.
  const family = model.slice(model.lastIndexOf("/") + 1).toLowerCase();
  const bound =
    IMAGE_BOUNDS.find(({ families }) => families.test(family)) ??
    IMAGE_BOUNDS.find((row) => row.vendors.some((vendor) => vendors.includes(vendor)));
  return bound?.tokens;
}

type ImageBound = {
  readonly families: RegExp;
  /** Price lists whose other models have this bound too: the highest that the vendor documents. */
  readonly vendors: readonly string[];
  readonly tokens: number;
};

/** The first row that fits applies. Each comment names the vendor's page that the figure follows. */
const IMAGE_BOUNDS: readonly ImageBound[] = [
  // Larger images are scaled down to 2,576 px and 4,784 tokens (older models: 1,568 px and tokens).
  // https://platform.claude.com/docs/en/build-with-claude/vision
  { families: /^claude-/, vendors: ["anthropic"], tokens: 4_784 },
  // 2,833 and 5,667 for each of at most 8 tiles (2,048 × 768 px in tiles of 512 px).
  // https://platform.openai.com/docs/guides/images-vision#calculating-costs
  { families: /^gpt-4o-mini/, vendors: ["openai", "azure"], tokens: 48_169 },
  // At most 10,000 patches of 32 px (detail "original") times the model's factor, 2.46 at most; models that count by
  // tiles need far fewer. Same page.
  { families: /^(?:gpt-(?:4o|4\.1|4\.5|[5-9])|o[1-9])/, vendors: [], tokens: 24_600 },
  // `media_resolution` ultra high, from Gemini 3 on; no upper bound is documented for earlier models.
  // https://ai.google.dev/gemini-api/docs/media-resolution
  { families: /^gemini-[34]/, vendors: [], tokens: 2_240 },
];

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
