import * as v from "valibot";
import { dictionary, section } from "./section.ts";
import { about, capability, count, modelRef, name, providerId, share, webAddress } from "./values.ts";

/** Headers that carry a key, which never belongs into settings; `{key}` stands for the one that is stored. */
const KEY_HEADERS = /^(?:proxy-)?authorization$|^cookie$|api-?key|token|secret/i;

const headers = v.pipe(
  dictionary(
    v.pipe(v.string(), v.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, "a header's name")),
    v.pipe(v.string(), v.maxLength(4000), v.regex(/^[^\r\n]*$/, "a single line")),
  ),
  v.check(
    (all) => Object.entries(all).every(([key, value]) => !KEY_HEADERS.test(key) || value.includes("{key}")),
    'headers without a key in them: write "{key}" in its place, and store the key by the command "Switchyard: Add Provider Key…"',
  ),
);

const provider = section({
  kind: v.exactOptional(
    v.pipe(
      v.picklist(["openai", "anthropic", "azure-openai", "openai-compatible"]),
      v.metadata({
        markdownDescription: "What it speaks. A well-known id has its kind.",
        enumDescriptions: [
          "OpenAI itself.",
          "Anthropic's Messages.",
          "Azure OpenAI: needs an endpoint.",
          "Any server with OpenAI's chat completions: needs a baseUrl.",
        ],
      }),
    ),
  ),
  baseUrl: v.exactOptional(v.pipe(webAddress, about("Its address, up to and with `/v1`."))),
  endpoint: v.exactOptional(
    v.pipe(webAddress, about("Azure's resource, e.g. `https://me.openai.azure.com`.")),
  ),
  apiVersion: v.exactOptional(v.pipe(name, about("Azure's `api-version`, e.g. `2026-06-01`."))),
  apiKeyEnv: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, "the name of an environment variable, not a key itself"),
      about("The environment variable that holds the key. Keys themselves never belong into settings."),
    ),
  ),
  local: v.exactOptional(
    v.pipe(
      v.boolean(),
      about("Runs on your machine or network: costs nothing, and private files may go there."),
    ),
  ),
  headers: v.exactOptional(
    v.pipe(headers, about("Sent with every request. `{key}` stands for the provider's key.")),
  ),
  catalog: v.exactOptional(
    v.pipe(providerId, about("The provider whose price list it follows, e.g. `openai`.")),
  ),
});

const price = v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000));

const prices = {
  inputUsdPerMTok: v.exactOptional(v.pipe(price, about("Dollars per million tokens of input."))),
  outputUsdPerMTok: v.exactOptional(v.pipe(price, about("Dollars per million tokens of output."))),
  cacheReadUsdPerMTok: v.exactOptional(
    v.pipe(price, about("Dollars per million tokens of input that the provider had in its cache.")),
  ),
  cacheWriteUsdPerMTok: v.exactOptional(
    v.pipe(price, about("Dollars per million tokens of input that the provider puts into its cache.")),
  ),
};

const correction = section({
  ...prices,
  tiers: v.exactOptional(
    v.pipe(
      v.array(section({ aboveInputTokens: count(1), ...prices })),
      about("Prices for the whole request where its input is larger than `aboveInputTokens`."),
    ),
  ),
  maxInputTokens: v.exactOptional(v.pipe(count(1), about("Its context window for input."))),
  maxOutputTokens: v.exactOptional(v.pipe(count(1), about("The longest answer that it can give."))),
  quality: v.exactOptional(v.pipe(share, about("0 to 1, as the share of SWE-bench Verified solved."))),
  capabilities: v.exactOptional(v.pipe(v.array(capability), about("What it can do beyond text."))),
  samplingParams: v.exactOptional(v.pipe(v.boolean(), about("False where it refuses `temperature`."))),
  deployment: v.exactOptional(
    v.pipe(name, about("Azure: the deployment's name, sent instead of the model's.")),
  ),
});

export const providersSchema = dictionary(providerId, provider);
export const modelsSchema = dictionary(modelRef, correction);

/** What the settings say of one provider. */
export type ProviderSettings = v.InferOutput<typeof provider>;

/** What the settings say of one model: it corrects the price list, or stands for it. */
export type ModelCorrection = v.InferOutput<typeof correction>;
