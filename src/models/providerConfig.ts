/** The API of a provider: its wire format, and how its address and key are configured. */
export type ProviderKind = "openai" | "anthropic" | "azure-openai" | "openai-compatible";

/** A provider as the settings, or the table of well-known providers, describe it. Never holds a key. */
export type ProviderConfig = {
  /** The first half of its models' refs. */
  readonly id: string;
  /** The name shown to people. */
  readonly name: string;
  readonly kind: ProviderKind;
  /** Up to, and without, `/chat/completions` or `/v1/messages`. Absent: the public address of its kind. */
  readonly baseUrl?: string | undefined;
  /** The Azure resource, e.g. `https://me.openai.azure.com`. */
  readonly endpoint?: string | undefined;
  /** Azure's `api-version`. */
  readonly apiVersion?: string | undefined;
  /**
   * Sent with every request. `{key}` in a value is replaced by the provider's key, and the key is then sent in no other
   * header, e.g. `"x-api-key": "{key}"` for a server that rejects `Authorization`.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Runs on the user's machine or network: costs nothing and may receive private content. */
  readonly local: boolean;
  /** What is wrong in the settings, and how to repair it: nothing is sent to this provider. */
  readonly problem?: string | undefined;
};

/** A provider that needs a key at most: no address, no kind. */
export type WellKnownProvider = {
  /** The name shown to people. */
  readonly name: string;
  readonly kind: "openai" | "anthropic" | "openai-compatible";
  readonly baseUrl: string;
  /** Environment variables that may hold its key, in order of precedence; empty where no key is needed. */
  readonly keyEnv: readonly string[];
  /** Runs on the user's own machine. */
  readonly local: boolean;
};

/**
 * The well-known ids of `switchyard.providers`, in the order in which the editor offers them. Addresses are those of the
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

const LOCAL_NAME = /\.(localhost|local|lan|internal|home\.arpa)$/;
const PRIVATE_IPV4 =
  /^(127|10)\.\d+\.\d+\.\d+$|^192\.168\.\d+\.\d+$|^169\.254\.\d+\.\d+$|^172\.(1[6-9]|2\d|3[01])\.\d+\.\d+$/;
const PRIVATE_IPV6 = /^::1$|^f[cd][0-9a-f]{2}:|^fe[89ab][0-9a-f]:/;

/**
 * Whether a URL points to this machine or the user's own network: loopback, the private ranges of RFC 1918 and RFC 4193,
 * link-local addresses, and names that only a local network resolves. False for anything that is not a URL.
 */
export function isNearby(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "").toLowerCase();
  return host === "localhost" || LOCAL_NAME.test(host) || PRIVATE_IPV6.test(host) || PRIVATE_IPV4.test(host);
}
