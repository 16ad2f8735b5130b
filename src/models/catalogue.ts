import { type Capability, type ModelCard, type ModelRef, type Prices, splitRef } from "../contract/model.ts";
import type { ModelCorrection, Settings } from "../settings/schema.ts";
import { isNearby } from "./nearby.ts";
import { WELL_KNOWN } from "./wellKnown.ts";

/** A card of a price list, which knows not yet under which provider's id it is asked. */
export type ListedCard = Omit<ModelCard, "ref">;

/** Price lists by the id of their provider, and what is known of quality. */
export type Catalogue = {
  /** The day of the prices. */
  readonly asOf: string;
  readonly lists: ReadonlyMap<string, ReadonlyMap<string, ListedCard>>;
  readonly quality: ReadonlyMap<ModelRef, NonNullable<ModelCard["quality"]>>;
};

/** A catalogue with another provider's cards, or with others in their place. */
export function withProvider(catalogue: Catalogue, id: string, cards: readonly ListedCard[]): Catalogue {
  const list = new Map(cards.map((card) => [card.wireName, card]));
  return { ...catalogue, lists: new Map(catalogue.lists).set(id, list) };
}

/**
 * What is known of a model: the price list, corrected by `switchyard.models`. A model that nobody knows has a card too,
 * without prices. Models of a local provider cost nothing.
 */
export function cardOf(ref: ModelRef, catalogue: Catalogue, settings: Settings): ModelCard {
  const { provider, model } = splitRef(ref);
  const correction = own(settings.models, ref);
  const listed = listedCard(provider, model, catalogue, settings);
  const card: ModelCard = {
    ...UNKNOWN,
    ...listed,
    ref,
    wireName: model,
    ...qualityOf(provider, model, listed, catalogue, settings),
  };
  const corrected = correction === undefined ? card : correctedCard(card, correction);
  return isLocal(provider, settings) || corrected.local ? { ...corrected, ...FREE, local: true } : corrected;
}

/** The models that a provider is known to have: those of its list, then those that the settings add. */
export function modelsOf(provider: string, catalogue: Catalogue, settings: Settings): readonly ModelRef[] {
  const added = Object.keys(settings.models).filter((ref) => splitRef(ref).provider === provider);
  // An Azure resource has what was deployed in it, not all that Azure sells.
  if (added.length > 0 && isAzure(provider, settings)) return added;
  const [first] = listsFor(provider, catalogue, settings);
  const listed = [...(first?.list.keys() ?? [])].map((model) => `${provider}/${model}`);
  return [...new Set([...listed, ...added])];
}

/** Whether a model exists: `maybe` where a provider has no list, or one of its own making. */
export function knows(ref: ModelRef, catalogue: Catalogue, settings: Settings): "yes" | "no" | "maybe" {
  const { provider, model } = splitRef(ref);
  if (own(settings.models, ref) !== undefined) return "yes";
  if (listedCard(provider, model, catalogue, settings) !== undefined) return "yes";
  const isOwn = own(settings.providers, provider) !== undefined || isLocal(provider, settings);
  return isOwn || listsFor(provider, catalogue, settings).length === 0 ? "maybe" : "no";
}

/**
 * Whether a provider runs on the user's machine or network, so that it costs nothing and private content may go there.
 * A well-known one that was given another address is local only where that address is nearby, or the settings say so.
 */
export function isLocal(provider: string, settings: Settings): boolean {
  const configured = own(settings.providers, provider);
  if (configured?.local !== undefined) return configured.local;
  if (own(WELL_KNOWN, provider)?.local !== true) return false;
  return configured?.baseUrl === undefined || isNearby(configured.baseUrl);
}

const UNKNOWN = {
  api: "chat",
  tiers: [],
  capabilities: [] as readonly Capability[],
  samplingParams: true,
  assistantPrefill: false,
  local: false,
} as const satisfies Partial<ModelCard>;

const FREE = {
  inputUsdPerMTok: 0,
  outputUsdPerMTok: 0,
  cacheReadUsdPerMTok: 0,
  cacheWriteUsdPerMTok: 0,
  tiers: [],
} as const satisfies Partial<ModelCard>;

type NamedList = { readonly id: string; readonly list: ReadonlyMap<string, ListedCard> };

/** The lists that a provider follows, the first one that has a model holds. */
function listsFor(provider: string, catalogue: Catalogue, settings: Settings): readonly NamedList[] {
  return catalogsOf(provider, settings).flatMap((id) => {
    const list = catalogue.lists.get(id);
    return list === undefined ? [] : [{ id, list }];
  });
}

function catalogsOf(provider: string, settings: Settings): readonly string[] {
  const said = own(settings.providers, provider);
  const catalog = said?.catalog ?? provider;
  if (catalog === "azure" || isAzure(provider, settings)) return [catalog, "azure", "openai"];
  // Another id for the vendor itself, with another key: same prices.
  const isVendor = said?.catalog === undefined && said?.baseUrl === undefined;
  return isVendor && (said?.kind === "openai" || said?.kind === "anthropic")
    ? [catalog, said.kind]
    : [catalog];
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
  for (const { list } of listsFor(provider, catalogue, settings)) {
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
): Pick<ModelCard, "quality"> {
  for (const id of catalogsOf(provider, settings)) {
    const quality = catalogue.quality.get(`${id}/${model}`);
    if (quality !== undefined) return { quality };
  }
  return listed?.quality === undefined ? {} : { quality: listed.quality };
}

function correctedCard(card: ModelCard, correction: ModelCorrection): ModelCard {
  const { quality, deployment, ...others } = correction;
  return {
    ...(pricesIn(correction) ? withoutListPrices(card, correction) : card),
    ...others,
    ...(quality === undefined ? {} : { quality: { value: quality, basis: "settings" as const } }),
    ...(deployment === undefined ? {} : { wireName: deployment }),
  };
}

/** A price of the user's own holds at any size; and a cache's price belongs to the input's that it was listed with. */
function withoutListPrices(card: ModelCard, correction: Prices): ModelCard {
  const { cacheReadUsdPerMTok, cacheWriteUsdPerMTok, ...rest } = card;
  return correction.inputUsdPerMTok === undefined ? { ...card, tiers: [] } : { ...rest, tiers: [] };
}

function pricesIn(correction: Prices): boolean {
  return correction.inputUsdPerMTok !== undefined || correction.outputUsdPerMTok !== undefined;
}

/** A value that somebody wrote under a name, and not one that every object has. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
