import { type ModelCard, splitRef } from "../contract/model.ts";
import type { ModelOption, ModelOptions } from "../contract/modelOptions.ts";
import { type Catalogue, cardOf, currentModels } from "../models/catalogue.ts";
import { SIMULATOR_ID } from "../providers/registry/providerRegistry.ts";
import { type SkipInput, skippedFor } from "../routing/decide/eligibility.ts";
import type { Settings } from "../settings/schema.ts";

/**
 * The models that the user can choose for a request: the current ones of the providers that can be used, those that the
 * settings name, and the local ones. The best ones of each provider come first.
 */
export function modelOptionsOf(input: SkipInput, settings: Settings, catalogue: Catalogue): ModelOptions {
  const { providers, cards, nowMs } = input.world;
  const isKeyless = (id: string) => {
    const provider = providers.get(id);
    return provider?.usable === false && provider.problem === undefined;
  };
  const current = (id: string) => currentModels([id], catalogue, settings, nowMs);
  const refs = new Set([...[...providers.keys()].flatMap(current), ...cards.keys()]);
  const known = [...refs]
    .filter((ref) => !isKeyless(splitRef(ref).provider))
    .map((ref) => cards.get(ref) ?? cardOf(ref, catalogue, settings))
    .filter(({ api }) => api === "chat");
  const byProvider = Map.groupBy(known, ({ ref }) => splitRef(ref).provider);
  return {
    models: [...byProvider.values()].flatMap((cardsOf) =>
      cardsOf.toSorted(compareCards).map((card) => optionOf(card, input)),
    ),
    keyless: [...providers].flatMap(([id, { name }]) => {
      const models = isKeyless(id) && id !== SIMULATOR_ID ? current(id).length : 0;
      return models === 0 ? [] : [{ id, name, models }];
    }),
    nowMs,
  };
}

function optionOf(card: ModelCard, input: SkipInput): ModelOption {
  const { ref, inputUsdPerMTok, outputUsdPerMTok, maxInputTokens } = card;
  const { capabilities, quality, local, simulated } = card;
  const skippedIf = (ignoresBreaker: boolean) =>
    skippedFor({ model: ref }, card, { localOnly: false, needsPrice: false, ignoresBreaker }, input);
  return {
    ...{ ref, inputUsdPerMTok, outputUsdPerMTok, maxInputTokens },
    ...{ capabilities, quality, local, simulated },
    skipped: skippedIf(false),
    isBlocked: skippedIf(true) === undefined ? undefined : true,
  };
}

/** The better one first, and those of unknown quality last. */
function compareCards(a: ModelCard, b: ModelCard): number {
  const qualities = (b.quality?.value ?? -1) - (a.quality?.value ?? -1);
  return qualities === 0 ? a.ref.localeCompare(b.ref, "en") : qualities;
}
