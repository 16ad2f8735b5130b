import type { FailureKind } from "../../../src/contract/failure.ts";

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
  "Moonshot, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"error": {"message": "Invalid request: Your request exceeded model token limit: 262144 (requested: 291351)", "type": "invalid_request_error", "param": null, "code": null}}',
  },
  "xAI, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"code": "Client specified an invalid argument", "error": "This model\'s maximum prompt length is 131072 but the request contains 172346 tokens."}',
  },
  "Mistral, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"object": "error", "message": "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length", "type": "invalid_request_prompt", "code": "3051"}',
  },
  "Cohere, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"message": "too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4505. Try using a shorter prompt."}',
  },
  "Alibaba, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"error": {"message": "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 30720]", "type": "invalid_request_error", "param": null, "code": "invalid_parameter_error"}}',
  },
  "Z.ai, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"error": {"code": "1261", "message": "Prompt exceeds max length"}}',
  },
  "MiniMax, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"error": {"message": "invalid params, context window exceeds limit (2013)", "type": "invalid_request_error", "param": null, "code": null}}',
  },
  "GitHub, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"error": {"message": "prompt token count of 137500 exceeds the limit of 128000", "type": "invalid_request_error", "param": null, "code": "model_max_prompt_tokens_exceeded"}}',
  },
  "Groq, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"error": {"message": "Please reduce the length of the messages or completion.", "type": "invalid_request_error", "param": null, "code": null}}',
  },
  "Bedrock, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"message": "Input is too long for requested model.", "__type": "ValidationException"}',
  },
  "Text Generation Inference, prompt too long": {
    status: 422,
    kind: "context-length",
    body: '{"error": "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. Given: 5000 `inputs` tokens and 1000 `max_new_tokens`", "error_type": "validation"}',
  },
  "SGLang, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"object": "error", "message": "The input (154343 tokens) is longer than the model\'s context length (131072 tokens).", "type": "BadRequestError", "param": null, "code": 400}',
  },
  "LM Studio, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"error": "The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 13055 >= n_ctx: 4096)."}',
  },
  "Ollama, prompt too long, as a 500": {
    status: 500,
    kind: "context-length",
    body: '{"error": {"message": "input length exceeds maximum context length", "type": "api_error", "param": null, "code": null}}',
  },
  "a code that is in no list, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"error": {"message": "Bad request.", "type": "invalid_request_error", "param": null, "code": "max_prompt_length_exceeded"}}',
  },
  "OpenRouter, prompt too long behind it": {
    status: 400,
    kind: "context-length",
    body: '{"error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": "{\\"error\\": {\\"message\\": \\"This model\'s maximum context length is 131072 tokens. However, you requested 140000 tokens (130000 in the messages, 10000 in the completion).\\", \\"code\\": 400}}", "provider_name": "X"}}}',
  },
  "LiteLLM, prompt too long behind it": {
    status: 400,
    kind: "context-length",
    body: '{"error": {"message": "litellm.ContextWindowExceededError: litellm.BadRequestError: AnthropicException - b\'{\\"type\\":\\"error\\",\\"error\\":{\\"type\\":\\"invalid_request_error\\",\\"message\\":\\"prompt is too long: 210000 tokens > 200000 maximum\\"}}\'. Received Model Group=m", "type": null, "param": null, "code": "400"}}',
  },
  "a proxy in Python, prompt too long behind it": {
    status: 400,
    kind: "context-length",
    body: "{\"detail\": \"Error code: 400 - {'error': {'message': \\\"This model's maximum context length is 8192 tokens.\\\", 'type': 'BadRequestError', 'code': 400}}\"}",
  },
  "llama.cpp behind a proxy, prompt too long": {
    status: 400,
    kind: "context-length",
    body: '{"error": {"message": "{\\"error\\": {\\"code\\": 400, \\"message\\": \\"request (26528 tokens) exceeds the available context size (16384 tokens), try increasing it\\", \\"type\\": \\"exceed_context_size_error\\", \\"n_prompt_tokens\\": 26528, \\"n_ctx\\": 16384}}", "type": "invalid_request_error", "param": null, "code": null}}',
  },
  "Anthropic, an output limit that is too large": {
    status: 400,
    kind: "bad-request",
    body: '{"type": "error", "error": {"type": "invalid_request_error", "message": "max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens for claude-m"}}',
  },
  "Groq, an output limit that is too large": {
    status: 400,
    kind: "bad-request",
    body: '{"error": {"message": "`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is less than the `context_window` for this model", "type": "invalid_request_error", "param": "max_tokens", "code": null}}',
  },
  "DeepSeek, an output limit that is too large": {
    status: 400,
    kind: "bad-request",
    body: '{"error": {"message": "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", "type": "invalid_request_error", "param": null, "code": null}}',
  },
  "OpenAI, an id that is too long": {
    status: 400,
    kind: "bad-request",
    body: '{"error": {"message": "Invalid \'messages[1].tool_calls[0].id\': string too long. Expected a string with maximum length 40, but got a string with length 60 instead.", "type": "invalid_request_error", "param": null, "code": "string_above_max_length"}}',
  },
  "Groq, larger than its rate limit": {
    status: 413,
    kind: "too-large",
    body: '{"error": {"message": "Request too large for model `m` in organization `org_x` service tier `on_demand` on tokens per minute (TPM): Limit 8000, Requested 20979, please reduce your message size and try again.", "type": "tokens", "param": null, "code": "rate_limit_exceeded"}}',
  },
  "OpenAI, larger than its rate limit": {
    status: 429,
    kind: "too-large",
    body: '{"error": {"message": "Request too large for gpt-m in organization org-x on tokens per min (TPM): Limit 30000, Requested 45000. The input or output tokens must be reduced in order to run successfully.", "type": "tokens", "param": null, "code": "rate_limit_exceeded"}}',
  },
  "Groq, rate limit that a wait helps against": {
    status: 429,
    kind: "rate-limited",
    body: '{"error": {"message": "Rate limit reached for model `m` on tokens per minute (TPM): Limit 8000, Used 7500, Requested 4000. Please try again in 26.25s.", "type": "tokens", "param": null, "code": "rate_limit_exceeded"}}',
  },
  "OpenRouter, no images, as a 404": {
    status: 404,
    kind: "capability",
    body: '{"error": {"message": "No endpoints found that support image input", "code": 404}}',
  },
  "OpenRouter, no tools, as a 404": {
    status: 404,
    kind: "capability",
    body: '{"error": {"message": "No endpoints found that support tool use. To learn more about provider routing, visit: https://openrouter.ai/docs", "code": 404}}',
  },
  "Ollama, no tools": {
    status: 400,
    kind: "capability",
    body: '{"error": {"message": "registry.ollama.ai/library/gemma:2b does not support tools", "type": "api_error", "param": null, "code": null}}',
  },
  "DeepSeek, no images": {
    status: 400,
    kind: "capability",
    body: '{"error": {"message": "Failed to deserialize the JSON body into the target type: messages[0]: unknown variant `image_url`, expected `text` at line 1 column 99", "type": "invalid_request_error", "param": null, "code": null}}',
  },
  "OpenAI, no images": {
    status: 400,
    kind: "capability",
    body: '{"error": {"message": "Invalid content type. image_url is only supported by certain models.", "type": "invalid_request_error", "param": "messages.[0].content.[1].type", "code": "invalid_value"}}',
  },
  "vLLM, no images": {
    status: 400,
    kind: "capability",
    body: '{"object": "error", "message": "m is not a multimodal model", "type": "BadRequestError", "param": null, "code": 400}',
  },
  "vLLM, no tools": {
    status: 400,
    kind: "capability",
    body: '{"object": "error", "message": "\\"auto\\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set", "type": "BadRequestError", "code": 400}',
  },
  "llama.cpp, no images, as a 500": {
    status: 500,
    kind: "capability",
    body: '{"error": {"code": 500, "message": "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj", "type": "server_error"}}',
  },
  "Google, no images": {
    status: 400,
    kind: "capability",
    body: '[{"error": {"code": 400, "message": "Image input modality is not enabled for models/gemma", "status": "INVALID_ARGUMENT"}}]',
  },
  "Bedrock, no tools": {
    status: 400,
    kind: "capability",
    body: '{"message": "This model doesn\'t support tool use."}',
  },
  "OpenAI, an image of an unknown format": {
    status: 400,
    kind: "bad-request",
    body: '{"error": {"message": "You uploaded an unsupported image. Please make sure your image has of one of the following formats: [\'png\', \'jpeg\', \'gif\', \'webp\'].", "type": "invalid_request_error", "param": null, "code": "image_parse_error"}}',
  },
  "Anthropic, an image that is too large": {
    status: 400,
    kind: "bad-request",
    body: '{"type": "error", "error": {"type": "invalid_request_error", "message": "messages.0.content.1.image.source.base64: image exceeds 5 MB maximum: 6000000 bytes > 5242880 bytes"}}',
  },
  "OpenAI, a schema that a tool cannot have": {
    status: 400,
    kind: "bad-request",
    body: '{"error": {"message": "Invalid schema for function \'f\': tools with \'oneOf\' are not supported.", "type": "invalid_request_error", "param": null, "code": "invalid_function_parameters"}}',
  },
  "vLLM, a choice of tools that it does not have": {
    status: 400,
    kind: "bad-request",
    body: '{"error": {"message": "tool_choice \'required\' is not supported for this function", "type": "invalid_request_error", "param": null, "code": null}}',
  },
  "a weekly limit, as a rate limit": {
    status: 429,
    kind: "quota",
    body: '{"error": {"message": "You have reached your weekly usage limit. Please try again in 3 days.", "type": "rate_limit_error", "param": null, "code": "rate_limit_exceeded"}}',
  },
  "Anthropic, spend limit, as a 400": {
    status: 400,
    kind: "quota",
    body: '{"type": "error", "error": {"type": "invalid_request_error", "message": "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC."}}',
  },
  "xAI, spend limit, as a 403": {
    status: 403,
    kind: "quota",
    body: '{"code": "permission_denied", "error": "Your team has either used all available credits or reached its monthly spending limit."}',
  },
  "Groq, a daily limit": {
    status: 429,
    kind: "quota",
    body: '{"error": {"message": "Rate limit reached for model `m` on tokens per day (TPD): Limit 100000, Used 99900, Requested 2000. Please try again in 27m21.6s.", "type": "tokens", "param": null, "code": "rate_limit_exceeded"}}',
  },
  "OpenRouter, a daily limit": {
    status: 429,
    kind: "quota",
    body: '{"error": {"message": "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day", "code": 429, "metadata": {"headers": {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1795305600000"}}}}',
  },
  "GitHub, a daily limit": {
    status: 429,
    kind: "quota",
    body: '{"error": {"message": "Rate limit of 50 per 86400s exceeded for UserByModelByDay. Please wait 80567 seconds before retrying.", "type": "invalid_request_error", "param": null, "code": "RateLimitReached"}}',
  },
  "Z.ai, a limit of five hours": {
    status: 429,
    kind: "quota",
    body: '{"error": {"code": "1308", "message": "Usage limit reached for 5 hour. Your limit will reset at 2026-11-21 18:12:55"}}',
  },
  "LiteLLM, over budget": {
    status: 400,
    kind: "quota",
    body: '{"error": {"message": "ExceededBudget: User=u over budget. Spend=10.1, Budget=10.0", "type": "budget_exceeded", "param": null, "code": "400"}}',
  },
  "a proxy, in plain text": { status: 502, kind: "overloaded", body: "upstream connect error" },
  "a proxy, with an empty body": { status: 504, kind: "overloaded", body: "" },
  "a 4xx with an empty body": { status: 418, kind: "bad-request", body: "" },
} as const satisfies Readonly<Record<string, ErrorBody>>;
