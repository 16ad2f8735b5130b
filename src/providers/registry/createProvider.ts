import type { Provider } from "../../contract/provider.ts";
import type { ProviderConfig } from "../../models/providerConfig.ts";
import { AnthropicProvider } from "../anthropic/anthropicProvider.ts";
import type { HttpTransport } from "../http/transport.ts";
import { unpackingTransport } from "../http/unpackingTransport.ts";
import { OpenaiProvider } from "../openai/openaiProvider.ts";

/**
 * Creates the provider of a configuration. It loads and sends nothing before its first call.
 * @param key undefined if none is needed
 * @param nowMs the time in milliseconds since 1970, for waits and resets that are dates
 */
export function createProvider(
  config: ProviderConfig,
  key: string | undefined,
  transport: HttpTransport,
  nowMs: () => number = Date.now,
): Provider {
  const deps = { config, key: key?.trim() || undefined, transport: unpackingTransport(transport), nowMs };
  switch (config.kind) {
    case "anthropic":
      return new AnthropicProvider(deps);
    case "openai":
    case "azure-openai":
    case "openai-compatible":
      return new OpenaiProvider(deps);
  }
}
