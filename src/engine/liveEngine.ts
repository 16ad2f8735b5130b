/**
 * What the editor opens with the first prompt: all that decides, dispatches and asks, in one file of its own. (One, because
 * a `Failure` that a provider throws must be the `Failure` that the dispatcher knows.)
 */
import type { Provider } from "../contract/provider.ts";
import { type BuiltInEmbedder, loadBuiltIn } from "../embedding/builtIn.ts";
import type { ProviderConfig } from "../models/providerConfig.ts";
import { nodeTransport } from "../providers/http/nodeTransport.ts";
import { createProvider } from "../providers/registry/createProvider.ts";
import { Engine, type EngineDeps } from "./engine.ts";

export function liveEngine(deps: EngineDeps): Engine {
  return new Engine(deps);
}

/** @param dataDir where vectors.i4 and vocab.txt are */
export function liveEmbedder(dataDir: string): Promise<BuiltInEmbedder> {
  return loadBuiltIn(dataDir);
}

/** A provider over the transport that honours the host's proxy and certificates. */
export function liveProvider(config: ProviderConfig, key: string | undefined): Provider {
  return createProvider(config, key, nodeTransport);
}
