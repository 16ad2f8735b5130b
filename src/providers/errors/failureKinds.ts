import type { FailureKind } from "../../contract/failure.ts";
import type { Capability } from "../../contract/model.ts";
import { isAboutRate, readRefusedSize } from "./refusedSize.ts";

/** The parts of a provider's error by which its kind is recognized. */
export type ErrorSigns = {
  readonly status: number | undefined;
  /** Codes and types, the most specific first. */
  readonly codes: readonly string[];
  readonly message: string;
};

/**
 * Kinds by the providers' own codes and types, in lower case; they take precedence over the status. Sources: the error
 * references of OpenAI, Azure OpenAI, Anthropic (types and `details.error_code` of its SDK 1.12), Google
 * (google.rpc.Code), Groq, Mistral, Moonshot, OpenRouter, LiteLLM, llama.cpp. Types that are less specific than the
 * status (`invalid_request_error`) are not listed.
 */
const BY_CODE: Readonly<Record<string, FailureKind>> = {
  // The prompt is too long.
  context_length_exceeded: "context-length",
  model_context_window_exceeded: "context-length",
  contextwindowexceedederror: "context-length",
  exceed_context_size_error: "context-length",
  request_too_large: "context-length",
  request_body_too_large_after_decoding: "context-length",
  tokens_limit_reached: "context-length",
  // The content is refused.
  content_policy_violation: "refused",
  contentpolicyviolationerror: "refused",
  content_filter: "refused",
  content_filtered: "refused",
  responsibleaipolicyviolation: "refused",
  moderation_blocked: "refused",
  cyber_policy_violation: "refused",
  invalid_prompt: "refused",
  prompt_blocked: "refused",
  prohibited_content: "refused",
  data_inspection_failed: "refused",
  // Out of credit.
  insufficient_quota: "quota",
  billing_hard_limit_reached: "quota",
  billing_not_active: "quota",
  billing_error: "quota",
  insufficient_balance: "quota",
  insufficient_credits: "quota",
  exceeded_current_quota_error: "quota",
  contract_spend_limit_reached: "quota",
  enforced_spend_limit_reached: "quota",
  linked_organization_spend_limit_reached: "quota",
  linked_organization_billing_unavailable: "quota",
  budgetexceedederror: "quota",
  // The key.
  invalid_api_key: "auth",
  expired_api_key: "auth",
  api_key_invalid: "auth",
  authentication_error: "auth",
  invalid_authentication_error: "auth",
  unauthenticated: "auth",
  account_deactivated: "auth",
  // The key lacks a permission.
  permission_error: "forbidden",
  permission_denied: "forbidden",
  permissiondenied: "forbidden",
  unsupported_country_region_territory: "forbidden",
  organization_on_hold: "forbidden",
  // No such model or address.
  model_not_found: "not-found",
  not_found_error: "not-found",
  not_found: "not-found",
  deploymentnotfound: "not-found",
  resource_not_found_error: "not-found",
  unknown_model: "not-found",
  invalid_model: "not-found",
  model_decommissioned: "not-found",
  unknown_url: "not-found",
  // Too many requests.
  rate_limit_exceeded: "rate-limited",
  rate_limit_error: "rate-limited",
  rate_limit_reached_error: "rate-limited",
  ratelimitreached: "rate-limited",
  resource_exhausted: "rate-limited",
  too_many_requests: "rate-limited",
  ramp_limit_exceeded: "rate-limited",
  // The provider is overloaded or broken.
  overloaded_error: "overloaded",
  engine_overloaded_error: "overloaded",
  api_error: "overloaded",
  server_error: "overloaded",
  internal_server_error: "overloaded",
  internal_error: "overloaded",
  internal: "overloaded",
  service_unavailable: "overloaded",
  unavailable: "overloaded",
  timeout_error: "overloaded",
  deadline_exceeded: "overloaded",
  slow_down: "overloaded",
};

/** What matters is at the beginning of an error, and the patterns below take too long for a text of any length. */
export const MAX_WORDS_CHARACTERS = 4000;

/** A rule that recognizes a kind by an error's words, for some statuses. */
type WordingRule = {
  readonly kind: FailureKind;
  readonly statuses: readonly number[];
  readonly matches: (words: string) => boolean;
};

/** Words for a prompt's size, and for a limit that it exceeds; in either order, within one sentence. */
const TOO_LONG = [
  // "maximum context length is 4096 tokens" (vLLM), "exceeds the available context size" (llama.cpp), "context window
  // exceeds limit" (MiniMax), "input length and `max_tokens` exceed context limit" (Anthropic).
  /context[ _-]?(length|window|size|limit|overflow)|(maximum|exceeds?( the)?( available)?) context/i,
  // "prompt is too long: 210000 tokens > 200000 maximum" (Anthropic), "Input is too long for requested model" (Bedrock).
  /\b(prompt|input|request|messages?|conversation|sequence)\b[^.]{0,40}\btoo (long|large)\b/i,
  // "exceeded model token limit" (Moonshot), "input token count (…) exceeds the maximum" (Google), "prompt token count of
  // 137500 exceeds the limit of 128000" (GitHub), "total number of tokens in the prompt cannot exceed 4081" (Cohere).
  /\b(inputs?|prompt|request\w*|total|model|sequence)\b[^.]{0,60}\btokens?\b[^.]{0,60}(exceed|limit|maximum|too (many|long|large)|longer|larger|greater|more than|<=|>)/i,
  /(exceed\w*|too many|too long|more than)\b[^.]{0,60}\b(input|prompt|total|model|request\w*)\b[^.]{0,40}\btokens?\b/i,
  // "Range of input length should be [1, 30720]" (Alibaba), "maximum prompt length is 131072" (xAI), "total length".
  /\b(input|prompt|total|sequence)[ _-]?length\b/i,
  /\b(prompt|input|request|conversation) exceeds? (the |its )?max(imum)?\b/i,
  /reduce the length of the (messages|prompt|input|conversation)/i,
  // OpenAI's limit for a text of a message. Those of identifiers are shorter.
  /string too long.{0,60}maximum length \d{6,}/i,
];
/** The output limit alone: "max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens". */
const OUTPUT_LIMIT = /\bmax_(completion_|output_|new_)?tokens\b|\bmaxOutputTokens\b/i;
const OF_INPUT = /\b(inputs?|prompt|messages?|total|sum)\b/i;

/** The words of a limit that is not one of requests or tokens in a minute. */
const PLAN_LIMIT = [
  /\b(daily|weekly|monthly|yearly|\d+[ -]hour|session|usage|plan|subscription|spend(ing)?|billing( cycle)?|free[ -]tier)\b[^.]{0,40}\b(limits?|quota|cap|allowance)\b/i,
  /\b(limits?|quota|cap)\b[^.]{0,60}\b(per|this|for the|for this|of your) (day|week|month|billing|plan|subscription)\b/i,
  /\bper[ -](day|week|month)\b|\b[TR]PD\b|(By|Per)Day/,
  /credit balance is too low|insufficient (account )?(balance|credits?|funds|quota)|out of credits?|no credits? left|over budget/i,
];

const VISION = "(?:images?|vision|multi-?modal)";
const TOOLS = "(?:tools|functions|(?:tool|function)[ _-](?:use|usage|calls?|calling))";
const TAKES = "(?:support|accept|allow|enabled?|handle|take)\\w*";
const NOT = "(?:not|n['’]t|no|cannot|un)";
/** "does not support tools" (Ollama), "No endpoints found that support image input" (OpenRouter), in either order. */
const lacks = (capability: string): RegExp =>
  new RegExp(
    `\\b\\w*${NOT}\\b[^.]{0,40}\\b${TAKES}\\b[^.]{0,40}\\b${capability}\\b|\\b${capability}\\b[^.]{0,40}\\b\\w*${NOT} ?${TAKES}`,
    "i",
  );
const LACKS: readonly (readonly [Capability, readonly RegExp[]])[] = [
  [
    "vision",
    [
      lacks(VISION),
      // "Invalid content type. image_url is only supported by certain models" (OpenAI), "unknown variant `image_url`,
      // expected `text`" (DeepSeek), "At most 0 image(s) may be provided" and "is not a multimodal model" (vLLM).
      /image_url.{0,5} is only supported|unknown variant .image_url|at most 0 image|not a (multi-?modal|vision)/i,
    ],
  ],
  [
    "tools",
    [
      lacks(TOOLS),
      // vLLM and llama.cpp, started without the flags for tools.
      /tool choice requires --|tools param requires --/i,
    ],
  ],
];
/** The format or size of one picture, or a detail of a tool: the model has the capability itself. */
const OF_DETAIL =
  /\b(formats?|mime|media[ _]type|dimensions?|pixels?|bytes|[kmg]b|base64|urls?|corrupt\w*|schemas?|strict|parallel|(any|one|all)Of|tool_choice)\b/i;

/** The capability whose lack an error reports; undefined if it reports none. */
export function lackingCapability(words: string): Capability | undefined {
  const found = LACKS.find(([, patterns]) => patterns.some((pattern) => pattern.test(words)))?.[0];
  return found !== undefined && OF_DETAIL.test(words.replaceAll(/--[\w-]+/g, "")) ? undefined : found;
}

/** `model` if the words of a used-up quota name a model: "for model …", "PerModel". */
export function quotaScope(words: string): "model" | undefined {
  return /\b(for|on|of|per|this|by)[ -](the )?model\b|(Per|By)Model|[,.] model: ?\w/i.test(words)
    ? "model"
    : undefined;
}

const matchesAny = (patterns: readonly RegExp[], words: string): boolean =>
  patterns.some((pattern) => pattern.test(words));

/** Kinds by an error's words. They apply to errors without a known code, and to those that they describe better. */
const BY_WORDS: readonly WordingRule[] = [
  {
    // "Request too large for model … on tokens per minute (TPM): Limit 8000, Requested 20979" (Groq, OpenAI).
    kind: "too-large",
    statuses: [400, 413, 429],
    matches: (words) => {
      const size = isAboutRate(words) ? readRefusedSize(words) : undefined;
      return size === undefined
        ? isAboutRate(words) && /\brequest (is )?too large/i.test(words)
        : size.requestedTokens > size.limitTokens;
    },
  },
  {
    kind: "capability",
    statuses: [400, 404, 405, 422, 500, 501],
    matches: (words) => lackingCapability(words) !== undefined,
  },
  {
    kind: "context-length",
    statuses: [400, 413, 422, 500],
    matches: (words) => matchesAny(TOO_LONG, words) && (!OUTPUT_LIMIT.test(words) || OF_INPUT.test(words)),
  },
  {
    // "Your credit balance is too low to access the Anthropic API" comes as a 400.
    kind: "quota",
    statuses: [400, 403, 429],
    matches: (words) => matchesAny(PLAN_LIMIT, words),
  },
  {
    // Google and xAI respond to a wrong key with a 400.
    kind: "auth",
    statuses: [400, 403],
    matches: (words) => /(invalid|incorrect) (x-)?api[ -]key|api key not valid|api key expired/i.test(words),
  },
  {
    kind: "refused",
    statuses: [400, 403, 422],
    matches: (words) =>
      /content (policy|filter|management policy|moderation)|usage (polic|guideline)|safety (system|settings|filter)|requires moderation|was flagged|violat\w+ .{0,40}(polic|guideline)/i.test(
        words,
      ),
  },
  {
    // OpenRouter responds to an unknown model with a 400.
    kind: "not-found",
    statuses: [400, 403, 422],
    matches: (words) =>
      /model .{0,100}(does not exist|not found|is not available|not supported)|not a valid model|unknown model|no such model/i.test(
        words,
      ),
  },
];

/** Kinds that an error's words may make more specific than its code. */
const MORE_SPECIFIC: Partial<Record<FailureKind, readonly FailureKind[]>> = {
  "rate-limited": ["too-large", "quota"],
  "not-found": ["capability"],
  forbidden: ["quota", "capability"],
  overloaded: ["context-length", "capability"],
};

const BY_STATUS: Readonly<Record<number, FailureKind>> = {
  401: "auth",
  402: "quota",
  403: "forbidden",
  404: "not-found",
  405: "not-found",
  408: "overloaded",
  410: "not-found",
  413: "context-length",
  429: "rate-limited",
  // Groq: "flex tier capacity exceeded".
  498: "overloaded",
};

/** The kind of an error by its codes, otherwise by its words; undefined if neither is known. */
export function kindBySigns({ status, codes, message }: ErrorSigns): FailureKind | undefined {
  // A code that is in no table has words as well: `max_prompt_length_exceeded`.
  const names = codes.map((code) => code.replaceAll(/[_.]/g, " "));
  const words = [message.slice(0, MAX_WORDS_CHARACTERS), ...names].join(". ");
  const byWords = BY_WORDS.find(
    ({ statuses, matches }) => (status === undefined || statuses.includes(status)) && matches(words),
  )?.kind;
  for (const code of codes) {
    const kind = BY_CODE[code.toLowerCase()];
    if (kind === undefined || (kind === "overloaded" && !isServerSide(status))) continue;
    // Codes precede words: Google sends the same message for an exhausted quota and a rate limit.
    return byWords !== undefined && MORE_SPECIFIC[kind]?.includes(byWords) === true ? byWords : kind;
  }
  return byWords;
}

/** The kind of an error by its codes, otherwise by its words, otherwise by its status. */
export function kindOfError(signs: ErrorSigns): FailureKind {
  return kindBySigns(signs) ?? kindOfStatus(signs.status);
}

/** Ollama's type for every error is `api_error`: then the status is more specific. */
function isServerSide(status: number | undefined): boolean {
  return status === undefined || status >= 500 || status === 429 || status === 408;
}

function kindOfStatus(status: number | undefined): FailureKind {
  if (status === undefined) return "cut";
  const kind = BY_STATUS[status];
  if (kind !== undefined) return kind;
  if (status >= 500) return "overloaded";
  // A redirect is never followed.
  return status >= 400 ? "bad-request" : "malformed";
}
