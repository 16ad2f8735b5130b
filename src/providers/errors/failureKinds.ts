import type { FailureKind } from "../../contract/failure.ts";

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

/** Kinds by patterns in the message, each for some statuses. They apply to errors without a known code. */
const BY_MESSAGE: readonly {
  readonly kind: FailureKind;
  readonly statuses: readonly number[];
  readonly pattern: RegExp;
}[] = [
  {
    // "prompt is too long: 210000 tokens > 200000 maximum" (Anthropic), "maximum context length is 4096 tokens" (vLLM),
    // "input token count (…) exceeds the maximum" (Google), "`max_tokens` exceed context limit" (Anthropic).
    kind: "context-length",
    statuses: [400, 413, 422, 500],
    pattern:
      /prompt is too long|(maximum|exceeds?( the)?( available)?) context|context (length|window|size)( limit)?|input token count|input is too long|too many input tokens|reduce the length of the (messages|prompt|input)/i,
  },
  {
    // "Your credit balance is too low to access the Anthropic API" comes as a 400.
    kind: "quota",
    statuses: [400, 403, 429],
    pattern:
      /credit balance is too low|insufficient (balance|credits?|funds|quota)|out of credits?|no credits? left/i,
  },
  {
    // Google and xAI respond to a wrong key with a 400.
    kind: "auth",
    statuses: [400, 403],
    pattern: /(invalid|incorrect) (x-)?api[ -]key|api key not valid|api key expired/i,
  },
  {
    kind: "refused",
    statuses: [400, 403, 422],
    pattern:
      /content (policy|filter|management policy|moderation)|usage (polic|guideline)|safety (system|settings|filter)|requires moderation|was flagged|violat\w+ .{0,40}(polic|guideline)/i,
  },
  {
    // OpenRouter responds to an unknown model with a 400.
    kind: "not-found",
    statuses: [400, 403, 422],
    pattern:
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

/** The kind of an error by its codes, otherwise by its message; undefined if neither is known. */
export function kindBySigns({ status, codes, message }: ErrorSigns): FailureKind | undefined {
  for (const code of codes) {
    const kind = BY_CODE[code.toLowerCase()];
    // Codes precede messages: Google sends the same message for an exhausted quota and a rate limit.
    if (kind !== undefined && !isVague(kind, status, message)) return kind;
  }
  return BY_MESSAGE.find(
    ({ statuses, pattern }) => (status === undefined || statuses.includes(status)) && pattern.test(message),
  )?.kind;
}

/** The kind of an error by its codes, otherwise by its message, otherwise by its status. */
export function kindOfError(signs: ErrorSigns): FailureKind {
  return kindBySigns(signs) ?? kindOfStatus(signs.status);
}

function kindOfStatus(status: number | undefined): FailureKind {
  if (status === undefined) return "cut";
  const kind = BY_STATUS[status];
  if (kind !== undefined) return kind;
  if (status >= 500) return "overloaded";
  // A redirect is never followed.
  return status >= 400 ? "bad-request" : "malformed";
}

/**
 * Whether the status or the message is more specific than an "internal error" code: Ollama's type for every error is
 * `api_error`, and llama.cpp and proxies report a prompt that is too long as a 500.
 */
function isVague(kind: FailureKind, status: number | undefined, message: string): boolean {
  if (kind !== "overloaded") return false;
  const isServerSide = status === undefined || status >= 500 || status === 429 || status === 408;
  return !isServerSide || /prompt is too long|maximum context/i.test(message);
}
