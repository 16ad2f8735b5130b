import { LRUCache } from "lru-cache";
import { Failure, type FailureRecord } from "../contract/failure.ts";
import type { Ask } from "../contract/provider/ask.ts";
import { numbersIn } from "./errors/refusedSize.ts";

/** What the server of a model has refused. */
export type Refused = {
  /** Parts of a request by their names: fields of its body or of a message, or a role. */
  readonly parts: ReadonlySet<string>;
  /** The largest output limit that it accepts, if it refused a larger one. */
  readonly maxOutputTokens?: number | undefined;
};

/** The part that is an effort of reasoning, whatever the fields that express it. */
export const EFFORT = "effort of reasoning";

/** Whether an error is about an effort of reasoning: "Unsupported parameter: 'reasoning_effort'", "does not support thinking". */
export function refusesEffort({ fields = [], message }: FailureRecord): boolean {
  return /reasoning|thinking|effort|output_config/i.test([...fields, message].join(" "));
}

/** Whether an effort may be sent: it is left out if it is optional and the server has refused one. */
export function sendsEffort({ isEffortOptional }: Ask, { parts }: Refused): boolean {
  return isEffortOptional !== true || !parts.has(EFFORT);
}

export const NOTHING_REFUSED: Refused = { parts: new Set() };

/** Clients may ask for any model. */
const MAX_MODELS = 500;

/**
 * What servers have refused, by their addresses and models. Adapters leave it out or translate it in the next request,
 * where that does not change what was asked. It is kept as long as this process runs.
 */
export class Refusals {
  readonly #byModel = new LRUCache<string, Refused>({ max: MAX_MODELS });

  /** @param model the address of its server, and its name on the wire */
  of(model: string): Refused {
    return this.#byModel.get(model) ?? NOTHING_REFUSED;
  }

  /**
   * Remembers what an error refuses, and marks it, so that the request is sent once more. Returns other errors as they
   * are.
   * @param known what was known when the request was sent
   * @param refusedBy what of the request an error refuses, as far as it can be left out or translated
   */
  learn(
    model: string,
    error: unknown,
    known: Refused,
    refusedBy: (failure: FailureRecord) => Refused,
  ): unknown {
    if (!(error instanceof Failure) || error.record.kind !== "bad-request") return error;
    const found = refusedBy(error.record);
    const { maxOutputTokens: limit = Number.POSITIVE_INFINITY } = found;
    const isLower = limit < (known.maxOutputTokens ?? Number.POSITIVE_INFINITY);
    if (!isLower && found.parts.isSubsetOf(known.parts)) return error;
    const { parts, maxOutputTokens } = this.of(model);
    this.#byModel.set(model, {
      parts: parts.union(found.parts),
      maxOutputTokens: isLower ? limit : maxOutputTokens,
    });
    return new Failure({ ...error.record, isAdaptable: true });
  }
}

/**
 * Whether an error names a part of the request: as its `param`, or in its message. A name that is also a word must stand
 * in quotation marks, before a colon, or after a word such as "parameter".
 */
export function namesPart({ fields = [], message }: FailureRecord, name: string): boolean {
  if (fields.some((field) => field.split(/[.[\]]/).includes(name))) return true;
  const isWord = /^[a-z]+$/.test(name);
  const pattern = isWord
    ? `['"\`]${name}['"\`.[]|(?:^|[\\s.])${name}:|\\b(?:parameter|argument|field|property|key|option)s?(?: supplied)?:? ['"\`]?${name}\\b`
    : `(?<!\\w)${name}(?!\\w)`;
  return new RegExp(pattern).test(message);
}

/** Values that mean the same as none, by the references of OpenAI and Anthropic. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  temperature: 1,
  top_p: 1,
  frequency_penalty: 0,
  presence_penalty: 0,
  n: 1,
  logprobs: false,
  store: false,
  parallel_tool_calls: true,
  tool_choice: "auto",
  service_tier: "auto",
};

/** Fields that identify the user or the request, and do not change the answer. */
const IDENTIFYING: readonly string[] = ["user", "metadata", "safety_identifier", "prompt_cache_key"];

/** Whether the answer is the same without a field: its value is empty or the default, or it only identifies. */
export function hasNoEffect(name: string, value: unknown): boolean {
  if (value === null || IDENTIFYING.includes(name)) return true;
  if (typeof value !== "object") return Object.hasOwn(DEFAULTS, name) && DEFAULTS[name] === value;
  if (name === "response_format") return JSON.stringify(value) === '{"type":"text"}';
  return Object.keys(value).length === 0;
}

/** "max_tokens", "max_completion_tokens", "maxOutputTokens". */
const OUTPUT_LIMIT = /max_?(?:completion_|output_|new_)?tokens/i;
/** Smaller numbers in an error are no limits of output. */
const MIN_LIMIT = 16;

/**
 * The largest output limit that an error about it names: "max_tokens: 100000 > 64000", "the valid range of max_tokens is
 * [1, 8192]". Undefined if it names none below the one that was sent.
 */
export function acceptedOutputTokens(
  { message, status }: FailureRecord,
  sentTokens: number,
): number | undefined {
  if (!OUTPUT_LIMIT.test(message)) return undefined;
  const smaller = numbersIn(message).filter(
    (number) => number >= MIN_LIMIT && number < sentTokens && number !== status,
  );
  if (smaller.length === 0) return undefined;
  return Math.max(...smaller) - (/\(exclusive\)/.test(message) ? 1 : 0);
}
