import type { RefusedSize } from "../../contract/failure.ts";

const N = "(\\d[\\d,_]*)";
/** vLLM: "(4096 > 8192 - 5000)": output limit, window, input. */
const DIFFERENCE = new RegExp(`${N} > ${N} - ${N}`);
/** Anthropic: "190000 + 64000 > 200000": input, output limit, window. */
const SUM = new RegExp(`${N} \\+ ${N} (?:>|exceeds?) ${N}`);
/** Groq and OpenAI: "Limit 8000, Used 500, Requested 20979": input and output limit together. */
const PER_PERIOD = new RegExp(`\\blimit:? ${N}\\b.*\\brequested:? ${N}\\b`, "i");
/** Text Generation Inference: "must be <= 4097. Given: 5000 `inputs` tokens and 1000 `max_new_tokens`". */
const GIVEN = new RegExp(`<= ?${N}\\D+given:? ${N}\\D+${N}`, "i");

/** A number of its own, and not a part of a name such as `qwen2.5-72b` or of a date. */
const NUMBER = /(?<![\w.-])\d[\d,_]*(?![\w-]|\.\d)/g;
/** No context window is smaller. Smaller numbers are statuses and codes. */
const MIN_TOKENS = 512;

const OF_RATE = /\b(?:per|\/) ?(?:min(?:ute)?|hour|day)\b|\bTP[MD]\b/i;
const OF_OUTPUT = /\b(?:completion|output|max_(?:completion_|new_|output_)?tokens)\b/i;

/** Whether a message is about a rate limit of tokens, such as Groq's "tokens per minute (TPM)". */
export function isAboutRate(message: string): boolean {
  return OF_RATE.test(message);
}

/**
 * The tokens of a request that was too large, and the most that the server takes, from the numbers in its message.
 * Undefined if they cannot be distinguished.
 */
export function readRefusedSize(message: string): RefusedSize | undefined {
  const withOutput = OF_OUTPUT.test(message);
  const [, output, window, input] = numbersOf(DIFFERENCE, message);
  if (input !== undefined) return sizeOf(window, output, input, withOutput);
  const [, first, second, most] = numbersOf(SUM, message);
  if (most !== undefined) return sizeOf(most, first, second, withOutput);
  const [, limit, requested] = numbersOf(PER_PERIOD, message);
  if (isAboutRate(message)) return sizeOf(limit, requested, 0, true);
  const [, sum, inputs, newTokens] = numbersOf(GIVEN, message);
  if (newTokens !== undefined) return sizeOf(sum, inputs, newTokens, withOutput);
  return sizeOfParts(message, withOutput) ?? sizeOfTwo(message);
}

function sizeOf(
  limitTokens: number | undefined,
  first: number | undefined,
  second: number | undefined,
  withOutput: boolean,
): RefusedSize | undefined {
  if (limitTokens === undefined || first === undefined || second === undefined) return undefined;
  return { limitTokens, requestedTokens: first + second, withOutput };
}

/** OpenAI: "length is 8192 tokens. However, you requested 10000 tokens (6000 in the messages, 4000 in the completion)". */
function sizeOfParts(message: string, withOutput: boolean): RefusedSize | undefined {
  const numbers = numbersIn(message);
  for (const [index, limitTokens] of numbers.entries()) {
    const rest = numbers.filter((_, at) => at !== index);
    const requestedTokens = Math.max(...rest);
    const parts = rest.reduce((sum, each) => sum + each, 0) - requestedTokens;
    if (rest.length > 2 && parts === requestedTokens) return { limitTokens, requestedTokens, withOutput };
  }
  return undefined;
}

/** "210000 tokens > 200000 maximum": the prompt alone, and what the model takes. */
function sizeOfTwo(message: string): RefusedSize | undefined {
  const numbers = new Set(numbersIn(message).filter((number) => number >= MIN_TOKENS));
  if (numbers.size !== 2) return undefined;
  return { limitTokens: Math.min(...numbers), requestedTokens: Math.max(...numbers), withOutput: false };
}

/** The numbers in a message, in their order: at most 10. */
export function numbersIn(message: string): readonly number[] {
  return [...message.matchAll(NUMBER)].slice(0, 10).map(([digits]) => numberOf(digits));
}

function numbersOf(pattern: RegExp, message: string): readonly (number | undefined)[] {
  return [...(pattern.exec(message) ?? [])].map((digits, at) => (at === 0 ? undefined : numberOf(digits)));
}

function numberOf(digits: string): number {
  return Number(digits.replaceAll(/[,_]/g, ""));
}
