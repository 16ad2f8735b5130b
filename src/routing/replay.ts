import { createHash } from "node:crypto";
import type { Decision } from "../contract/decision.ts";
import type { Circumstances } from "../contract/history.ts";
import type { Settings } from "../settings/schema.ts";
import { decide } from "./decide.ts";
import type { World } from "./world.ts";

/** What seldom changes from one decision to the next. */
type Seldom = Pick<World, "pool" | "localModels"> & {
  readonly settings: Settings;
  readonly cards: readonly (readonly [string, unknown])[];
  readonly providers: readonly (readonly [string, unknown])[];
};

/** Settings and world as plain data, enough to make the same decision again. The prompt's text is not in it. */
export function circumstancesOf(settings: Settings, world: World): Circumstances {
  const { cards: _c, providers: _p, pool: _o, localModels: _l, health, medianOutputTokens, ...now } = world;
  return {
    ...seldomOf(settings, world),
    moment: JSON.stringify({ ...now, health: [...health], medianOutputTokens: [...medianOutputTokens] }),
  };
}

type Around = Pick<World, "cards" | "providers" | "pool" | "localModels">;
type Written = Pick<Circumstances, "hash" | "seldom">;

/** What was written last, by the cards that it is of: worlds that are alike share them (surroundings.ts). */
const written = new WeakMap<
  World["cards"],
  { readonly text: Written; readonly of: Around; readonly settings: Settings }
>();

function seldomOf(settings: Settings, { cards, providers, pool, localModels }: Around): Written {
  const known = written.get(cards);
  if (
    known?.settings === settings &&
    known.of.providers === providers &&
    known.of.pool === pool &&
    known.of.localModels === localModels
  ) {
    return known.text;
  }
  const parts: Seldom = {
    settings,
    pool,
    localModels,
    cards: [...cards],
    providers: [...providers].map(([id, { name, usable, local }]) => [id, { name, usable, local }]),
  };
  const seldom = JSON.stringify(parts);
  const text = { seldom, hash: createHash("sha256").update(seldom).digest("base64url") };
  written.set(cards, { text, settings, of: { cards, providers, pool, localModels } });
  return text;
}

/** Decides once more what was decided then: equal to the decision that is remembered, as long as the rules are the same. */
export function replay(
  { attributes, features }: Pick<Decision, "attributes" | "features">,
  circumstances: Pick<Circumstances, "seldom" | "moment">,
): Decision {
  // Both were written by `circumstancesOf`, from values of these very types.
  const { settings, cards, providers, ...seldom } = JSON.parse(circumstances.seldom);
  const { health, medianOutputTokens, ...now } = JSON.parse(circumstances.moment);
  const world: World = {
    ...now,
    ...seldom,
    cards: new Map(cards),
    providers: new Map(providers),
    health: new Map(health),
    medianOutputTokens: new Map(medianOutputTokens),
  };
  return decide(attributes, features, settings, world);
}
