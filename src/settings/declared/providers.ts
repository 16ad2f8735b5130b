/** Settings of the providers and of their models' prices and limits. */
import * as v from "valibot";
import { hasKeyLike } from "../../base/keyLike.ts";
import { someWithin } from "../closed/reading.ts";
import {
  capability,
  count,
  described,
  modelRef,
  name,
  object,
  optional,
  providerId,
  record,
  STORE_KEY,
  setting,
  share,
  tabStop,
  webAddress,
} from "../values.ts";

/** Names of headers that carry a key. Settings must not hold keys: `{key}` is replaced by the stored one. */
const KEY_HEADERS = /^(?:proxy-)?authorization$|^cookie$|api-?key|token|secret|password/i;
const KEY_PLACEHOLDER = "{key}";

/** Whether a header holds a key, or the setting of a header that has to hold one does not have its placeholder. */
export function isKeyInHeader(name: string, value: unknown): boolean {
  if (typeof value !== "string") {
    const hasPlaceholder = (part: unknown) => typeof part === "string" && part.includes(KEY_PLACEHOLDER);
    return KEY_HEADERS.test(name) || someWithin(value, hasPlaceholder);
  }
  return (
    hasKeyLike(value.replaceAll(KEY_PLACEHOLDER, "")) ||
    (KEY_HEADERS.test(name) && !value.includes(KEY_PLACEHOLDER))
  );
}

const headers = v.pipe(
  record(
    v.pipe(v.string(), v.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, "a header name")),
    v.pipe(v.string(), v.maxLength(4000), v.regex(/^[^\r\n]*$/, "a single line")),
  ),
  v.check(
    (all) => !Object.entries(all).some(([key, value]) => isKeyInHeader(key, value)),
    `headers without a key: write "${KEY_PLACEHOLDER}" in its place, and ${STORE_KEY}`,
  ),
);

/** A long text of letters and digits is a key, not the name of a variable. */
const KEY_NOT_NAME = /^(?=.*[a-z])(?=.*\d)\w{24,}$/;

/** One entry of `switchyard.providers`. */
export const provider = object({
  kind: v.exactOptional(
    v.pipe(
      v.picklist(["openai", "anthropic", "azure-openai", "openai-compatible"]),
      v.metadata({
        markdownDescription: "The API that the provider serves. Not needed for a well-known id.",
        enumDescriptions: [
          "The OpenAI API.",
          "The Anthropic Messages API.",
          "Azure OpenAI. Needs an endpoint.",
          "Any server with OpenAI's chat completions API. Needs a baseUrl.",
        ],
      }),
    ),
  ),
  baseUrl: optional(webAddress, "The base URL of the API, including `/v1` where the server has it."),
  endpoint: optional(
    webAddress,
    "The endpoint of the Azure OpenAI resource, such as `https://me.openai.azure.com`.",
  ),
  apiVersion: optional(name, "The `api-version` of Azure OpenAI, such as `2026-06-01`."),
  apiKeyEnv: optional(
    v.pipe(
      v.string(),
      v.regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, "the name of an environment variable, not the key itself"),
      v.check(
        (text) => !hasKeyLike(text) && !KEY_NOT_NAME.test(text),
        "the name of an environment variable, not the key itself",
      ),
    ),
    "The environment variable that holds the API key. To store a key in VS Code instead, run *Switchyard: Add Provider Key…*. Never write a key into settings.",
  ),
  local: optional(
    v.boolean(),
    "The provider runs on your machine or network. Its models cost nothing, and private files may be sent to it.",
  ),
  headers: optional(
    headers,
    "HTTP headers to send with every request. `{key}` is replaced by the provider's API key.",
  ),
  catalog: optional(
    providerId,
    "The built-in price list that applies to the provider's models, such as `openai`.",
  ),
});

export const providers = setting({
  schema: record(providerId, provider),
  default: {},
  scope: "application",
  recoveryDepth: "closed",
  markdownDescription:
    "The providers to send prompts to, by id. Providers with a well-known id (`openai`, `anthropic`, `google`, `mistral`, `deepseek`, `xai`, `groq`, `cerebras`, `together`, `moonshot`, `zai`, `openrouter`, `ollama`, `lmstudio`) need no entry: run *Switchyard: Add Provider Key…* or set their usual environment variable, such as `OPENAI_API_KEY`.",
  example: {
    azure: { kind: "azure-openai", endpoint: "https://me.openai.azure.com", apiVersion: "2026-06-01" },
    "gpu-box": { kind: "openai-compatible", baseUrl: "http://10.0.0.7:8000/v1", local: true },
  },
  snippets: [
    {
      label: "Azure OpenAI",
      description: "An Azure OpenAI resource",
      body: {
        azure: {
          kind: "azure-openai",
          endpoint: tabStop(1, "https://me.openai.azure.com"),
          apiVersion: tabStop(2, "2026-06-01"),
        },
      },
    },
    {
      label: "OpenAI-compatible server",
      description: "Any server with OpenAI's chat completions API",
      body: {
        [tabStop(1, "gpu-box")]: {
          kind: "openai-compatible",
          baseUrl: tabStop(2, "http://10.0.0.7:8000/v1"),
          local: true,
        },
      },
    },
  ],
});

const price = v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000));

const prices = {
  inputUsdPerMTok: optional(price, "Price of input, in dollars per million tokens."),
  outputUsdPerMTok: optional(price, "Price of output, in dollars per million tokens."),
  cacheReadUsdPerMTok: optional(
    price,
    "Price of input read from the provider's prompt cache, in dollars per million tokens.",
  ),
  cacheWriteUsdPerMTok: optional(
    price,
    "Price of input written to the provider's prompt cache, in dollars per million tokens.",
  ),
};

/** One entry of `switchyard.models`. */
export const modelCorrection = object({
  ...prices,
  tiers: optional(
    v.array(
      object({
        aboveInputTokens: described(
          count(1),
          "The tier applies to requests with more input tokens than this.",
        ),
        ...prices,
      }),
    ),
    "Other prices for large requests. A tier's prices apply to the whole request.",
  ),
  maxInputTokens: optional(count(1), "The context window for input, in tokens."),
  maxOutputTokens: optional(count(1), "The longest possible answer, in tokens."),
  quality: optional(
    share,
    "The model's quality, 0 to 1: the share of SWE-bench Verified that the model solves.",
  ),
  capabilities: optional(v.array(capability), "What the model supports besides text."),
  imageTokens: optional(
    count(1, 10_000_000),
    "The most tokens that one image can have. With a budget, images are sent only to models for which this is known.",
  ),
  assistantPrefill: optional(
    v.boolean(),
    "`true` if the model continues an assistant message at the end of a request, so that it can continue a broken answer.",
  ),
  samplingParams: optional(v.boolean(), "`false` if the model rejects parameters such as `temperature`."),
  deployment: optional(name, "Azure OpenAI: the deployment's name, which is sent instead of the model's."),
});

export const models = setting({
  schema: record(modelRef, modelCorrection),
  default: {},
  scope: "application",
  recoveryDepth: "closed",
  markdownDescription:
    "Prices, limits and capabilities of models, by `provider/model`. An entry corrects the built-in figures, or describes a model that Switchyard does not know.",
  example: {
    "gpu-box/qwen3-coder": { maxInputTokens: 131_072, quality: 0.55, capabilities: ["tools"] },
    "azure/gpt-4o": { deployment: "my-gpt-4o" },
  },
  snippets: [
    {
      label: "Model",
      description: "Prices in dollars per million tokens, limits and quality",
      body: {
        [tabStop(1, "gpu-box/qwen3-coder")]: {
          inputUsdPerMTok: 0,
          outputUsdPerMTok: 0,
          maxInputTokens: 131072,
          maxOutputTokens: 16384,
          quality: 0.55,
          capabilities: ["tools"],
        },
      },
    },
    {
      label: "Azure deployment",
      description: "The name of a model's deployment",
      body: { [`azure/${tabStop(1, "gpt-4o")}`]: { deployment: tabStop(2, "my-gpt-4o") } },
    },
  ],
});

/** One entry of `switchyard.providers`. */
export type ProviderSettings = v.InferOutput<typeof provider>;

/** One entry of `switchyard.models`: it corrects the price list's entry, or replaces a missing one. */
export type ModelCorrection = v.InferOutput<typeof modelCorrection>;
