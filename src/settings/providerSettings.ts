/** Settings of who answers. */
import { modelsSchema, providersSchema } from "./providersSchema.ts";
import { setting, slot } from "./setting.ts";

export const providers = setting({
  schema: providersSchema,
  default: {},
  scope: "application",
  grain: 1,
  quiet: true,
  markdownDescription:
    "Who answers, by an id of your own. The well-known ids (`openai`, `anthropic`, `google`, `mistral`, `deepseek`, `xai`, `groq`, `cerebras`, `together`, `moonshot`, `zai`, `openrouter`, `ollama`, `lmstudio`) need nothing here but a key: *Switchyard: Add Provider Key…*",
  snippets: [
    {
      label: "Azure OpenAI",
      description: "A resource of Azure OpenAI",
      body: {
        azure: {
          kind: "azure-openai",
          endpoint: slot(1, "https://me.openai.azure.com"),
          apiVersion: slot(2, "2026-06-01"),
        },
      },
    },
    {
      label: "OpenAI-compatible server",
      description: "Any server with OpenAI's chat completions",
      body: {
        [slot(1, "gpu-box")]: {
          kind: "openai-compatible",
          baseUrl: slot(2, "http://10.0.0.7:8000/v1"),
          local: true,
        },
      },
    },
  ],
});

export const models = setting({
  schema: modelsSchema,
  default: {},
  scope: "application",
  grain: 1,
  markdownDescription:
    "Corrections of the built-in model cards, and cards of models that are not built in, by `provider/model`.",
  snippets: [
    {
      label: "A model's card",
      description: "Prices in dollars per million tokens",
      body: {
        [slot(1, "gpu-box/qwen3-coder")]: {
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
      label: "An Azure deployment",
      description: "The name of a model's deployment",
      body: { [`azure/${slot(1, "gpt-4o")}`]: { deployment: slot(2, "my-gpt-4o") } },
    },
  ],
});
