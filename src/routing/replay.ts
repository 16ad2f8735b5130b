import { createHash } from "node:crypto";
import type { Decision } from "../contract/decision.ts";
import type { Circumstances } from "../ledger/history.ts";
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
  const { cards, providers, pool, localModels, health, medianOutputTokens, ...now } = world;
  const seldom: Seldom = {
    settings,
    pool,
    localModels,
    cards: [...cards],
    providers: [...providers].map(([id, { name, usable, local }]) => [id, { name, usable, local }]),
  };
  const text = JSON.stringify(seldom);
  return {
    hash: createHash("sha256").update(text).digest("base64url"),
    seldom: text,
    moment: JSON.stringify({ ...now, health: [...health], medianOutputTokens: [...medianOutputTokens] }),
  };
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
