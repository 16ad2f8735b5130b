import { createHash } from "node:crypto";
import type { Clock } from "../base/time/clock.ts";
import { isSameScope } from "../contract/budget.ts";
import type { Capability, ModelRef } from "../contract/model.ts";
import type { Shortage } from "../dispatch/requestContext.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Catalogue } from "../models/catalogue.ts";
import type { ProviderRegistry } from "../providers/registry/providerRegistry.ts";
import type { World } from "../routing/decide/world.ts";
import { snapshotOf } from "../routing/snapshot.ts";
import type { Settings } from "../settings/schema.ts";
import type { EngineRequest } from "./request.ts";

/** What a world is read from. */
export type WorldDeps = {
  readonly catalogue: () => Promise<Catalogue>;
  readonly providers: ProviderRegistry;
  readonly ledger: () => Promise<Ledger>;
  readonly clock: Clock;
};

/** Nothing is requested over the network, because the prompt is not sent yet. */
export type MaybeOffline = { readonly isOffline?: boolean | undefined };

/** Reads what requests are decided with: models, providers, budget, health. */
export class Worlds {
  readonly #deps: WorldDeps;
  readonly #hashes = new WeakMap<Settings, string>();
  /** What models turned out to lack under these settings, which may describe other models after a change. */
  readonly #lacking = new WeakMap<Settings, Map<ModelRef, readonly Capability[]>>();

  constructor(deps: WorldDeps) {
    this.#deps = deps;
  }

  /** Reads the state that a request is decided in. @throws errors of the ledger and of the key store */
  async read(
    request: Pick<EngineRequest, "explicitModel" | "command" | "isEdit" | "conversation" | "previous"> &
      MaybeOffline,
    settings: Settings,
  ): Promise<World> {
    const { catalogue, providers, ledger, clock } = this.#deps;
    return snapshotOf({
      settings,
      settingsHash: this.hashOf(settings),
      catalogue: await catalogue(),
      providers: request.isOffline === true ? offline(providers) : providers,
      ledger: await ledger(),
      nowMs: clock.now(),
      explicitModel: request.explicitModel,
      command: request.command,
      isEdit: request.isEdit ?? false,
      conversation: request.conversation,
      previous: request.previous,
      lacking: this.#lacking.get(settings),
    });
  }

  /** Records that a model turned out to lack a capability. */
  addLacking(ref: ModelRef, capability: Capability, settings: Settings): void {
    const lacking = this.#lacking.get(settings) ?? new Map<ModelRef, readonly Capability[]>();
    lacking.set(ref, [...(lacking.get(ref) ?? []).filter((each) => each !== capability), capability]);
    this.#lacking.set(settings, lacking);
  }

  /** A short text that differs for other settings. */
  hashOf(settings: Settings): string {
    const known = this.#hashes.get(settings);
    if (known !== undefined) return known;
    const hash = createHash("sha256").update(JSON.stringify(settings)).digest("base64url").slice(0, 16);
    this.#hashes.set(settings, hash);
    return hash;
  }
}

/** The providers without the requests that renew the lists of local models. */
function offline(
  providers: ProviderRegistry,
): Pick<ProviderRegistry, "all" | "onlySimulated" | "localModels"> {
  return {
    all: () => providers.all(),
    onlySimulated: () => providers.onlySimulated(),
    localModels: (nowMs) => providers.knownLocalModels(nowMs),
  };
}

/** The world in which other requests have reserved that much of a limit. */
export function withShortage(world: World, shortage: Shortage): World {
  const budget = world.budget?.map((state) =>
    isSameScope(state.limit, shortage.limit) ? { ...state, ...shortage } : state,
  );
  return { ...world, budget };
}
