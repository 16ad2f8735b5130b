/** A provider that needs nothing but a key, or nothing at all. */
export type WellKnownProvider = {
  /** What people call it. */
  readonly name: string;
  readonly kind: "openai" | "anthropic" | "openai-compatible";
  readonly baseUrl: string;
  /** Environment variables that hold its key, the first one set wins; empty where no key is needed. */
  readonly keyEnv: readonly string[];
  /** Runs on the user's own machine. */
  readonly local: boolean;
};

/**
 * The well-known ids of `switchyard.providers`, in the order in which they are offered. Addresses are the ones of the
 * vendors' API references (2026-11); variables are those that the vendors' own libraries read.
 */
export const WELL_KNOWN: Readonly<Record<string, WellKnownProvider>> = {
  openai: {
    name: "OpenAI",
    kind: "openai",
    baseUrl: "https://api.openai.com/v1",
    keyEnv: ["OPENAI_API_KEY"],
    local: false,
  },
  anthropic: {
    name: "Anthropic",
    kind: "anthropic",
    baseUrl: "https://api.anthropic.com",
    keyEnv: ["ANTHROPIC_API_KEY"],
    local: false,
  },
  google: {
    name: "Google",
    kind: "openai-compatible",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
    keyEnv: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    local: false,
  },
  mistral: {
    name: "Mistral",
    kind: "openai-compatible",
    baseUrl: "https://api.mistral.ai/v1",
    keyEnv: ["MISTRAL_API_KEY"],
    local: false,
  },
  deepseek: {
    name: "DeepSeek",
    kind: "openai-compatible",
    baseUrl: "https://api.deepseek.com/v1",
    keyEnv: ["DEEPSEEK_API_KEY"],
    local: false,
  },
  xai: {
    name: "xAI",
    kind: "openai-compatible",
    baseUrl: "https://api.x.ai/v1",
    keyEnv: ["XAI_API_KEY"],
    local: false,
  },
  groq: {
    name: "Groq",
    kind: "openai-compatible",
    baseUrl: "https://api.groq.com/openai/v1",
    keyEnv: ["GROQ_API_KEY"],
    local: false,
  },
  cerebras: {
    name: "Cerebras",
    kind: "openai-compatible",
    baseUrl: "https://api.cerebras.ai/v1",
    keyEnv: ["CEREBRAS_API_KEY"],
    local: false,
  },
  together: {
    name: "Together",
    kind: "openai-compatible",
    baseUrl: "https://api.together.xyz/v1",
    keyEnv: ["TOGETHER_API_KEY"],
    local: false,
  },
  moonshot: {
    name: "Moonshot",
    kind: "openai-compatible",
    baseUrl: "https://api.moonshot.ai/v1",
    keyEnv: ["MOONSHOT_API_KEY"],
    local: false,
  },
  zai: {
    name: "Z.ai",
    kind: "openai-compatible",
    baseUrl: "https://api.z.ai/api/paas/v4",
    keyEnv: ["ZAI_API_KEY"],
    local: false,
  },
  openrouter: {
    name: "OpenRouter",
    kind: "openai-compatible",
    baseUrl: "https://openrouter.ai/api/v1",
    keyEnv: ["OPENROUTER_API_KEY"],
    local: false,
  },
  ollama: {
    name: "Ollama",
    kind: "openai-compatible",
    baseUrl: "http://127.0.0.1:11434/v1",
    keyEnv: [],
    local: true,
  },
  lmstudio: {
    name: "LM Studio",
    kind: "openai-compatible",
    baseUrl: "http://127.0.0.1:1234/v1",
    keyEnv: [],
    local: true,
  },
};
