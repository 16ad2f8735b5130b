import type { ModelCard, ModelRef } from "../contract/model.ts";
import { type Catalogue, cardOf, derivedModels } from "../models/catalogue.ts";
import { type Connection, STAND_IN } from "../providers/connections.ts";
import type { Settings } from "../settings/schema.ts";
import type { World } from "./world.ts";

/** Who could be asked, and what is known of them: what of a world seldom changes. */
export type Surroundings = Pick<World, "cards" | "pool" | "localModels">;

export type SurroundingsInput = {
  readonly settings: Settings;
  readonly catalogue: Catalogue;
  readonly providers: ReadonlyMap<string, Connection>;
  readonly localModels: readonly ModelRef[];
  readonly explicitModel: ModelRef | undefined;
  /** The simulator stands in for providers that are not there. */
  readonly simulated: boolean;
  readonly nowMs: number;
};

/** A model's announced end is looked at this often. */
const HOUR_MS = 3_600_000;
/** So many are kept for the same providers: one for each model that is picked, and each list of local ones. */
const MOST_KEPT = 100;

type Kept = Surroundings & Pick<SurroundingsInput, "settings" | "catalogue">;

const kept = new WeakMap<SurroundingsInput["providers"], Map<string, Kept>>();

/** Worked out once, and given again as the very same objects as long as nothing that it depends on has changed. */
export function surroundingsOf(input: SurroundingsInput): Surroundings {
  const { settings, catalogue, providers, localModels, explicitModel, simulated, nowMs } = input;
  const ofProviders = kept.get(providers) ?? new Map<string, Kept>();
  kept.set(providers, ofProviders);
  const key = JSON.stringify([Math.floor(nowMs / HOUR_MS), simulated, explicitModel, localModels]);
  const known = ofProviders.get(key);
  if (known?.settings === settings && known.catalogue === catalogue) return known;
  if (ofProviders.size >= MOST_KEPT) ofProviders.clear();
  const made = { ...workOut(input), settings, catalogue };
  ofProviders.set(key, made);
  return made;
}

function workOut(input: SurroundingsInput): Surroundings {
  const { settings, catalogue, localModels, explicitModel, simulated } = input;
  const hosted = hostedModels(input);
  const pool = hosted.length > 0 ? hosted : localModels;
  const named = settings.routes.flatMap(({ models }) => models.map(({ model }) => model));
  const refs = new Set([
    ...named,
    ...pool,
    ...localModels,
    ...(explicitModel === undefined ? [] : [explicitModel]),
  ]);
  const cards = new Map<ModelRef, ModelCard>();
  for (const ref of refs) {
    const card = cardOf(ref, catalogue, settings);
    cards.set(
      ref,
      simulated && ref.startsWith(`${STAND_IN}/`) ? { ...card, simulated: true, local: false } : card,
    );
  }
  return { cards, pool, localModels };
}

/** The models of providers with a key (the simulator's, where it stands in). */
function hostedModels({ settings, catalogue, providers, nowMs }: SurroundingsInput): readonly ModelRef[] {
  const hosted = [...providers.values()].filter(({ usable, local }) => usable && !local);
  return derivedModels(
    hosted.map(({ config }) => config.id),
    catalogue,
    settings,
    nowMs,
  );
}
