import type { FailureKind } from "../../src/contract/failure.ts";

/** An error response of a provider, and the kind of failure that it is. */
export type ErrorBody = { readonly status: number; readonly kind: FailureKind; readonly body: string };

/** Error bodies from the providers' references and issue trackers. */
export const ERROR_BODIES = {
  "OpenAI, prompt too long": {
    status: 400,
    kind: "context-length",
    body: `{"error":{"message":"This model's maximum context length is…","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}`,
  },
  "OpenAI, content policy": {
    status: 400,
    kind: "refused",
    body: '{"error":{"message":"Your request was rejected by our safety system.","type":"invalid_request_error","param":null,"code":"content_policy_violation"}}',
  },
  "OpenAI, out of credit, as a 429": {
    status: 429,
    kind: "quota",
    body: '{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}',
  },
  "OpenAI, rate limit": {
    status: 429,
    kind: "rate-limited",
    body: '{"error":{"message":"Rate limit reached for gpt-…","type":"tokens","param":null,"code":"rate_limit_exceeded"}}',
  },
  "OpenAI, wrong key": {
    status: 401,
    kind: "auth",
    body: '{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}',
  },
  "OpenAI, no such model, as a 400": {
    status: 400,
    kind: "not-found",
    body: '{"error":{"message":"The model does not exist","type":"invalid_request_error","param":"model","code":"model_not_found"}}',
  },
  "OpenAI, an output limit that is too large": {
    status: 400,
    kind: "bad-request",
    body: '{"error":{"message":"max_tokens is too large: 300000. This model supports at most 128000 completion tokens, whereas you provided 300000.","type":"invalid_request_error","param":"max_tokens","code":"invalid_value"}}',
  },
  "OpenAI, country": {
    status: 403,
    kind: "forbidden",
    body: '{"error":{"message":"Country, region, or territory not supported","type":"request_forbidden","param":null,"code":"unsupported_country_region_territory"}}',
  },
  "OpenAI, slow down, as a 503": {
    status: 503,
    kind: "overloaded",
    body: '{"error":{"message":"Slow down","type":"server_error","param":null,"code":"slow_down"}}',
  },
  "Azure, content filter": {
    status: 400,
    kind: "refused",
    body: `{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{}}}}`,
  },
  "Azure, no such deployment": {
    status: 404,
    kind: "not-found",
    body: '{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}',
  },
  "Azure, wrong key": {
    status: 401,
    kind: "auth",
    body: '{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint."}}',
  },
  "Azure, rate limit": {
    status: 429,
    kind: "rate-limited",
    body: '{"error":{"code":"429","message":"Requests to the ChatCompletions_Create Operation have exceeded call rate limit of your current pricing tier."}}',
  },
  "Azure, no access": {
    status: 403,
    kind: "forbidden",
    body: '{"error":{"code":"PermissionDenied","message":"The principal lacks the required data action to perform `POST /openai/deployments/chat/completions` operation."}}',
  },
  "Anthropic, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}',
  },
  "Anthropic, input and limit together too long": {
    status: 400,
    kind: "context-length",
    body: '{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 190000 + 64000 > 200000"}}',
  },
  "Anthropic, too many bytes": {
    status: 413,
    kind: "context-length",
    body: '{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}',
  },
  "Anthropic, content filter": {
    status: 400,
    kind: "refused",
    body: '{"type":"error","error":{"type":"invalid_request_error","message":"Output blocked by content filtering policy"}}',
  },
  "Anthropic, rate limit": {
    status: 429,
    kind: "rate-limited",
    body: '{"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed your organization’s rate limit of 50 requests per minute."}}',
  },
  "Anthropic, out of credit, as a 400": {
    status: 400,
    kind: "quota",
    body: '{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."}}',
  },
  "Anthropic, spend limit, as a rate limit": {
    status: 429,
    kind: "quota",
    body: '{"type":"error","error":{"type":"rate_limit_error","message":"…","details":{"error_code":"enforced_spend_limit_reached"}}}',
  },
  "Anthropic, billing": {
    status: 402,
    kind: "quota",
    body: '{"type":"error","error":{"type":"billing_error","message":"…"}}',
  },
  "Anthropic, wrong key": {
    status: 401,
    kind: "auth",
    body: '{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}',
  },
  "Anthropic, permission": {
    status: 403,
    kind: "forbidden",
    body: '{"type":"error","error":{"type":"permission_error","message":"…"}}',
  },
  "Anthropic, no such model": {
    status: 404,
    kind: "not-found",
    body: '{"type":"error","error":{"type":"not_found_error","message":"model: claude-0"}}',
  },
  "Anthropic, overloaded": {
    status: 529,
    kind: "overloaded",
    body: '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
  },
  "Anthropic, a wrong parameter": {
    status: 400,
    kind: "bad-request",
    body: '{"type":"error","error":{"type":"invalid_request_error","message":"temperature: Extra inputs are not permitted"}}',
  },
  "Google, wrong key, as a 400 in a list": {
    status: 400,
    kind: "auth",
    body: '[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]',
  },
  "Google, rate limit that speaks of quota": {
    status: 429,
    kind: "rate-limited",
    body: '[{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.","status":"RESOURCE_EXHAUSTED"}}]',
  },
  "Google, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '[{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}]',
  },
  "xAI, wrong key, as a 400 whose error is a string": {
    status: 400,
    kind: "auth",
    body: '{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***ab."}',
  },
  "DeepSeek, out of credit": {
    status: 402,
    kind: "quota",
    body: '{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}',
  },
  "Moonshot, out of credit, as a 429": {
    status: 429,
    kind: "quota",
    body: '{"error":{"message":"…","type":"exceeded_current_quota_error"}}',
  },
  "Moonshot, overloaded, as a 429": {
    status: 429,
    kind: "overloaded",
    body: '{"error":{"message":"The engine is currently overloaded","type":"engine_overloaded_error"}}',
  },
  "OpenRouter, moderation, as a 403": {
    status: 403,
    kind: "refused",
    body: '{"error":{"code":403,"message":"openai/… requires moderation. Your input was flagged for \\"violence\\"."}}',
  },
  "OpenRouter, no such model, as a 400": {
    status: 400,
    kind: "not-found",
    body: '{"error":{"code":400,"message":"nobody/nothing is not a valid model ID"}}',
  },
  "OpenRouter, out of credit": {
    status: 402,
    kind: "quota",
    body: '{"error":{"code":402,"message":"This request requires more credits"}}',
  },
  "vLLM, prompt too long": {
    status: 400,
    kind: "context-length",
    body: `{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.","type":"BadRequestError","param":null,"code":400}`,
  },
  "llama.cpp, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error"}}',
  },
  "Ollama, no such model": {
    status: 404,
    kind: "not-found",
    body: '{"error":{"message":"model \\"nothing\\" not found, try pulling it first","type":"api_error","param":null,"code":null}}',
  },
  "Mistral, a field it does not know": {
    status: 422,
    kind: "bad-request",
    body: '{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","n"]}]},"type":"invalid_request_error","param":null,"code":null}',
  },
  "a proxy, in plain text": { status: 502, kind: "overloaded", body: "upstream connect error" },
  "a proxy, with an empty body": { status: 504, kind: "overloaded", body: "" },
  "a 4xx with an empty body": { status: 418, kind: "bad-request", body: "" },
} as const satisfies Readonly<Record<string, ErrorBody>>;
