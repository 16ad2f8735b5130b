import type { Provider } from "../contract/provider.ts";
import type { ProviderConfig } from "../models/providerConfig.ts";
import { AnthropicProvider } from "./anthropic.ts";
import { OpenaiProvider } from "./openai.ts";
import type { Transport, TransportOptions } from "./transport.ts";

/**
 * The provider that a configuration describes. Nothing is loaded or sent before it is asked.
 * @param key undefined where none is needed
 * @param makeTransport called once for each call, with its limit on connecting
 * @param nowMs the time in milliseconds since 1970, for waits and resets that are told as dates
 */
export function createProvider(
  config: ProviderConfig,
  key: string | undefined,
  makeTransport: (options: TransportOptions) => Transport,
  nowMs: () => number = Date.now,
): Provider {
  const deps = { config, key: key?.trim() || undefined, makeTransport, nowMs };
  switch (config.kind) {
    case "anthropic":
      return new AnthropicProvider(deps);
    case "openai":
    case "azure-openai":
    case "openai-compatible":
      return new OpenaiProvider(deps);
  }
}
