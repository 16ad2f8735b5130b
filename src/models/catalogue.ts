import {
  type ModelCard,
  type ModelRef,
  type Prices,
  type QualityFigure,
  splitRef,
} from "../contract/model.ts";
import type { Known } from "../settings/checks.ts";
import type { ModelCorrection, Settings } from "../settings/schema.ts";
import { isNearby, WELL_KNOWN } from "./providerConfig.ts";
import { imageTokensOf } from "./tokens.ts";

/** A card of a price list, before it is known under which provider id the model is requested. */
export type ListedCard = Omit<ModelCard, "ref">;

/** Price lists by provider id, and the known qualities. */
export type Catalogue = {
  readonly lists: ReadonlyMap<string, ReadonlyMap<string, ListedCard>>;
  readonly quality: ReadonlyMap<ModelRef, QualityFigure>;
};

/** The catalogue with one provider's list added or replaced. */
export function withProvider(catalogue: Catalogue, id: string, cards: readonly ListedCard[]): Catalogue {
  const list = new Map(cards.map((card) => [card.wireName, card]));
  return { ...catalogue, lists: new Map(catalogue.lists).set(id, list) };
}

/**
 * The card of a model: the price list, corrected by `switchyard.models`. An unknown model has a card too, without
 * prices. Models of a local provider cost nothing.
 */
export function cardOf(ref: ModelRef, catalogue: Catalogue, settings: Settings): ModelCard {
  const { provider, model } = splitRef(ref);
  const correction = own(settings.models, ref);
  const listed = listedCard(provider, model, catalogue, settings);
  const imageTokens = correction?.imageTokens ?? imageTokensOf(model, catalogsOf(provider, settings));
  const card: ModelCard = {
    ...unknownCard(ref),
    ...listed,
    ref,
    wireName: model,
    quality: qualityOf(provider, model, listed, catalogue, settings),
    imageTokens,
    imageAddressTokens: takesOnlyImages(provider, settings) ? imageTokens : undefined,
  };
  const corrected = correction === undefined ? card : correctedCard(card, correction);
  return isLocal(provider, settings) || corrected.local ? { ...corrected, ...FREE, local: true } : corrected;
}

/** The card of a model about which nothing is known. */
export function unknownCard(ref: ModelRef): ModelCard {
  return {
    ref,
    wireName: splitRef(ref).model,
    api: "chat",
    tiers: [],
    capabilities: [],
    samplingParams: true,
    assistantPrefill: false,
    local: false,
  };
}

/** The models that a provider is known to have: those of its list, then those that the settings add. */
export function modelsOf(provider: string, catalogue: Catalogue, settings: Settings): readonly ModelRef[] {
  const added = Object.keys(settings.models).filter((ref) => splitRef(ref).provider === provider);
  // An Azure resource offers what was deployed in it, not everything that Azure sells.
  if (added.length > 0 && isAzure(provider, settings)) return added;
  const [first] = listsFor(provider, catalogue, settings);
  const listed = [...(first?.keys() ?? [])].map((model) => `${provider}/${model}`);
  return [...new Set([...listed, ...added])];
}

/** A frozen edition of a model that also has an undated name: `gpt-5-2025-08-07`, `claude-opus-4-5-20251101`. */
const DATED = /-\d{4}-\d{2}-\d{2}$|-\d{8}$/;

/** The undated chat models of providers that are not past the end of service that their provider announced. */
export function currentModels(
  providerIds: readonly string[],
  catalogue: Catalogue,
  settings: Settings,
  nowMs: number,
): readonly ModelRef[] {
  return [...new Set(providerIds)].flatMap((provider) =>
    modelsOf(provider, catalogue, settings).filter((ref) => {
      if (DATED.test(splitRef(ref).model)) return false;
      const { api, deprecated } = cardOf(ref, catalogue, settings);
      const isPastEnd = deprecated !== undefined && Date.parse(deprecated) <= nowMs;
      return api === "chat" && !isPastEnd;
    }),
  );
}

/** The models that the derived routes choose from: the current ones of known quality. */
export function derivedModels(
  providerIds: readonly string[],
  catalogue: Catalogue,
  settings: Settings,
  nowMs: number,
): readonly ModelRef[] {
  return currentModels(providerIds, catalogue, settings, nowMs).filter(
    (ref) => cardOf(ref, catalogue, settings).quality !== undefined,
  );
}

/** Whether a model exists: `maybe` for a provider without a list, and for one that the user defined. */
export function knows(ref: ModelRef, catalogue: Catalogue, settings: Settings): "yes" | "no" | "maybe" {
  const { provider, model } = splitRef(ref);
  if (own(settings.models, ref) !== undefined) return "yes";
  if (listedCard(provider, model, catalogue, settings) !== undefined) return "yes";
  const isOwn = own(settings.providers, provider) !== undefined || isLocal(provider, settings);
  return isOwn || listsFor(provider, catalogue, settings).length === 0 ? "maybe" : "no";
}

/**
 * The part of the catalogue that the checks of settings need.
 * @param otherIds providers that exist without being configured or well known, such as the simulator
 */
export function knownTo(catalogue: Catalogue, settings: Settings, otherIds: readonly string[] = []): Known {
  return {
    wellKnownIds: [...Object.keys(WELL_KNOWN), ...otherIds],
    catalogIds: [...catalogue.lists.keys()],
    knows: (ref) => knows(ref, catalogue, settings),
    modelsOf: (provider) => modelsOf(provider, catalogue, settings),
  };
}

/**
 * Whether a provider runs on the user's machine or network, which makes it free and lets it receive private content. A
 * well-known local provider with another address is local only if that address is nearby or the settings declare it.
 */
export function isLocal(provider: string, settings: Settings): boolean {
  const configured = own(settings.providers, provider);
  if (configured?.unusable !== undefined) return false;
  if (configured?.local !== undefined) return configured.local;
  if (own(WELL_KNOWN, provider)?.local !== true) return false;
  return configured?.baseUrl === undefined || isNearby(configured.baseUrl);
}

const FREE = {
  inputUsdPerMTok: 0,
  outputUsdPerMTok: 0,
  cacheReadUsdPerMTok: 0,
  cacheWriteUsdPerMTok: 0,
  tiers: [],
} as const satisfies Partial<ModelCard>;

const UNKNOWN_PRICE = {
  inputUsdPerMTok: undefined,
  outputUsdPerMTok: undefined,
  cacheReadUsdPerMTok: undefined,
  cacheWriteUsdPerMTok: undefined,
  tiers: [],
} as const satisfies Partial<ModelCard>;

/** The price lists of a provider. The first list that has a model applies. */
function listsFor(
  provider: string,
  catalogue: Catalogue,
  settings: Settings,
): readonly ReadonlyMap<string, ListedCard>[] {
  return catalogsOf(provider, settings)
    .map((id) => catalogue.lists.get(id))
    .filter((list) => list !== undefined);
}

function catalogsOf(provider: string, settings: Settings): readonly string[] {
  const configured = own(settings.providers, provider);
  const catalog = configured?.catalog ?? provider;
  if (catalog === "azure" || isAzure(provider, settings)) return [catalog, "azure", "openai"];
  // A second id for the vendor's own API, with another key, has the vendor's prices.
  const isVendor = configured?.catalog === undefined && configured?.baseUrl === undefined;
  return isVendor && (configured?.kind === "openai" || configured?.kind === "anthropic")
    ? [catalog, configured.kind]
    : [catalog];
}

/** Whether addresses of images may lead to nothing else: other servers read documents and videos from them too. */
function takesOnlyImages(provider: string, settings: Settings): boolean {
  const kind = own(settings.providers, provider)?.kind ?? own(WELL_KNOWN, provider)?.kind;
  return isAzure(provider, settings) || kind === "openai" || kind === "anthropic";
}

function isAzure(provider: string, settings: Settings): boolean {
  const kind = own(settings.providers, provider)?.kind;
  return kind === "azure-openai" || (kind === undefined && provider === "azure");
}

function listedCard(
  provider: string,
  model: string,
  catalogue: Catalogue,
  settings: Settings,
): ListedCard | undefined {
  for (const list of listsFor(provider, catalogue, settings)) {
    const card = list.get(model);
    if (card !== undefined) return card;
  }
  return undefined;
}

function qualityOf(
  provider: string,
  model: string,
  listed: ListedCard | undefined,
  catalogue: Catalogue,
  settings: Settings,
): ModelCard["quality"] {
  for (const id of catalogsOf(provider, settings)) {
    const quality = catalogue.quality.get(`${id}/${model}`);
    if (quality !== undefined) return quality;
  }
  return listed?.quality;
}

function correctedCard(card: ModelCard, correction: ModelCorrection): ModelCard {
  const { quality, deployment, hasUnknownPrice = false, ...others } = correction;
  return {
    ...(pricesIn(correction) ? withoutListPrices(card, correction) : card),
    ...others,
    ...(hasUnknownPrice ? UNKNOWN_PRICE : {}),
    quality: quality === undefined ? card.quality : { value: quality, basis: "settings" },
    wireName: deployment ?? card.wireName,
  };
}

/** A price from the settings applies to any size of request, and the list's cache prices belong to its input price. */
function withoutListPrices(card: ModelCard, correction: Prices): ModelCard {
  const { cacheReadUsdPerMTok, cacheWriteUsdPerMTok, ...rest } = card;
  return correction.inputUsdPerMTok === undefined ? { ...card, tiers: [] } : { ...rest, tiers: [] };
}

function pricesIn(correction: Prices): boolean {
  return correction.inputUsdPerMTok !== undefined || correction.outputUsdPerMTok !== undefined;
}

/** An own property of a record, never an inherited one such as `toString`. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
