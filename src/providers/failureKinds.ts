import type { FailureKind } from "../contract/failure.ts";

/** What a provider's error says of itself. */
export type ErrorSigns = {
  readonly status?: number;
  /** Its codes and types, the most telling first. */
  readonly codes: readonly string[];
  readonly message: string;
};

/**
 * Kinds by the providers' own codes and types, in lower case; they count before any status. From the references on
 * errors of OpenAI, Azure OpenAI, Anthropic (types and `details.error_code` of its SDK 1.12), Google (google.rpc.Code),
 * Groq, Mistral, Moonshot, OpenRouter, LiteLLM, llama.cpp. Types that say no more than the status
 * (`invalid_request_error`) are left out on purpose.
 */
const BY_CODE: Readonly<Record<string, FailureKind>> = {
  // The prompt is too long.
  context_length_exceeded: "context-length",
  model_context_window_exceeded: "context-length",
  contextwindowexceedederror: "context-length",
  exceed_context_size_error: "context-length",
  string_above_max_length: "context-length",
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
  // What the key may not do.
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
  // Its own trouble.
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

/** For errors whose code says nothing: what their words say, and with which statuses the words are believed. */
const BY_WORDS: readonly {
  readonly kind: FailureKind;
  readonly statuses: readonly number[];
  readonly words: RegExp;
}[] = [
  {
    // "prompt is too long: 210000 tokens > 200000 maximum" (Anthropic), "maximum context length is 4096 tokens" (vLLM),
    // "input token count (…) exceeds the maximum" (Google), "`max_tokens` exceed context limit" (Anthropic).
    kind: "context-length",
    statuses: [400, 413, 422, 500],
    words:
      /prompt is too long|(maximum|exceeds?( the)?( available)?) context|context (length|window|size)( limit)?|input token count|input is too long|too many input tokens|reduce the length of the (messages|prompt|input)/i,
  },
  {
    // "Your credit balance is too low to access the Anthropic API" comes as a 400.
    kind: "quota",
    statuses: [400, 403, 429],
    words:
      /credit balance is too low|insufficient (balance|credits?|funds|quota)|out of credits?|no credits? left/i,
  },
  {
    // Google and xAI answer a wrong key with a 400.
    kind: "auth",
    statuses: [400, 403],
    words: /(invalid|incorrect) (x-)?api[ -]key|api key not valid|api key expired/i,
  },
  {
    kind: "refused",
    statuses: [400, 403, 422],
    words:
      /content (policy|filter|management policy|moderation)|usage (polic|guideline)|safety (system|settings|filter)|requires moderation|was flagged|violat\w+ .{0,40}(polic|guideline)/i,
  },
  {
    // OpenRouter answers an unknown model with a 400.
    kind: "not-found",
    statuses: [400, 403, 422],
    words:
      /model .{0,100}(does not exist|not found|is not available|not supported)|not a valid model|unknown model|no such model/i,
  },
];

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

/** The kind by code or words alone; undefined where they say nothing. */
export function kindBySigns({ status, codes, message }: ErrorSigns): FailureKind | undefined {
  for (const code of codes) {
    const kind = BY_CODE[code.toLowerCase()];
    // A quota that is exhausted is told apart from a rate limit by code alone: Google words them the same.
    if (kind !== undefined && !isVague(kind, status, message)) return kind;
  }
  return BY_WORDS.find(
    ({ statuses, words }) => (status === undefined || statuses.includes(status)) && words.test(message),
  )?.kind;
}

/** What kind of failure an error is: by its codes, then by its words, then by its status. */
export function kindOfError(signs: ErrorSigns): FailureKind {
  return kindBySigns(signs) ?? kindOfStatus(signs.status);
}

function kindOfStatus(status: number | undefined): FailureKind {
  if (status === undefined) return "cut";
  const kind = BY_STATUS[status];
  if (kind !== undefined) return kind;
  if (status >= 500) return "overloaded";
  // A redirect is never followed, and a 2xx with an error in it is no answer.
  return status >= 400 ? "bad-request" : "malformed";
}

/**
 * A server's general "my own trouble" under a status, or with words, that say more: Ollama's type for everything is
 * `api_error`, and llama.cpp and proxies report a prompt that is too long as a 500.
 */
function isVague(kind: FailureKind, status: number | undefined, message: string): boolean {
  if (kind !== "overloaded") return false;
  const isTheirs = status === undefined || status >= 500 || status === 429 || status === 408;
  return !isTheirs || /prompt is too long|maximum context/i.test(message);
}
