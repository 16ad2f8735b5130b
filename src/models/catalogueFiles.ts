/** Reads data/models.json and data/quality.json, and validates their shape. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { Capability } from "../contract/model.ts";
import type { Catalogue, ListedCard } from "./catalogue.ts";
import { qualityFigure } from "./quality.ts";

/**
 * A price of the list. The list writes zero for prices that it does not know (`lyria-3.5`, which is billed per song) as
 * well as for free models, so zero is unknown. The settings can state that a model is free.
 */
const price = v.pipe(
  v.number(),
  v.transform((usd) => (usd === 0 ? undefined : usd)),
);

const prices = {
  inputUsdPerMTok: v.exactOptional(price),
  outputUsdPerMTok: v.exactOptional(price),
  cacheReadUsdPerMTok: v.exactOptional(price),
  cacheWriteUsdPerMTok: v.exactOptional(price),
};

const listed = v.object({
  ...prices,
  api: v.picklist(["chat", "responses", "embedding"]),
  tiers: v.optional(v.array(v.object({ aboveInputTokens: v.number(), ...prices })), []),
  maxInputTokens: v.exactOptional(v.number()),
  maxOutputTokens: v.exactOptional(v.number()),
  capabilities: v.optional(v.array(v.string()), []),
  samplingParams: v.optional(v.boolean(), true),
  assistantPrefill: v.optional(v.boolean(), false),
  promptCacheMinTokens: v.exactOptional(v.number()),
  deprecated: v.exactOptional(v.string()),
});

const modelsFile = v.object({
  providers: v.record(v.string(), v.record(v.string(), listed)),
});

const qualityFile = v.object({
  models: v.record(
    v.string(),
    v.object({ quality: v.number(), basis: v.picklist(["measured", "estimate"]) }),
  ),
});

/** Reads price lists and qualities from the folder that holds models.json and quality.json. @throws ValiError */
export async function loadCatalogue(dataDir: string): Promise<Catalogue> {
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(dataDir, name), "utf8"));
  const [models, quality] = await Promise.all([read("models.json"), read("quality.json")]);
  return { lists: listsIn(models), quality: qualityIn(quality) };
}

function listsIn(json: unknown): Catalogue["lists"] {
  const { providers } = v.parse(modelsFile, json);
  const lists = Object.entries(providers).map(([id, models]) => {
    const cards = Object.entries(models).map(([model, card]): [string, ListedCard] => [
      model,
      { ...card, wireName: model, capabilities: card.capabilities.filter(isCapability), local: false },
    ]);
    return [id, new Map(cards)] as const;
  });
  return new Map(lists);
}

function qualityIn(json: unknown): Catalogue["quality"] {
  const { models } = v.parse(qualityFile, json);
  return new Map(
    Object.entries(models).map(([ref, { quality, basis }]) => [ref, qualityFigure(quality, basis)] as const),
  );
}

/** The list names more capabilities than routes can require. */
function isCapability(name: string): name is Capability {
  return name === "vision" || name === "tools" || name === "reasoning";
}
