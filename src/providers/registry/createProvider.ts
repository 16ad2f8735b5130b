import type { Provider } from "../../contract/provider/provider.ts";
import type { ProviderConfig } from "../../models/providerConfig.ts";
import { AnthropicProvider } from "../anthropic/anthropicProvider.ts";
import type { HttpTransport } from "../http/transport/transport.ts";
import { unpackingTransport } from "../http/transport/unpackingTransport.ts";
import { OpenaiProvider } from "../openai/openaiProvider.ts";
import { Refusals } from "../refusals.ts";

/**
 * Creates the provider of a configuration. It loads and sends nothing before its first call.
 * @param key undefined if none is needed
 * @param nowMs the time in milliseconds since 1970, for waits and resets that are dates
 * @param refusals what servers have refused: the same for all providers of a process
 */
export function createProvider(
  config: ProviderConfig,
  key: string | undefined,
  transport: HttpTransport,
  nowMs: () => number = Date.now,
  refusals: Refusals = new Refusals(),
): Provider {
  const deps = {
    config,
    key: key?.trim() || undefined,
    transport: unpackingTransport(transport),
    nowMs,
    refusals,
  };
  switch (config.kind) {
    case "anthropic":
      return new AnthropicProvider(deps);
    case "openai":
    case "azure-openai":
    case "openai-compatible":
      return new OpenaiProvider(deps);
  }
}
