import { type ModelCard, type ModelRef, splitRef } from "../../contract/model.ts";

/** An edition of a model: `-2025-08-07`, `-20251101`, `@20251101`, `-0709`, `-001`, `-latest`, `:latest`. */
const EDITION = /(?:[-@]\d{4}-?\d{2}-?\d{2}|-\d{3,4}|[-:]latest)$/;

/**
 * The model that answered, if it is not the one that was asked: aggregators and gateways may use another one, at another
 * price. Undefined for the same model under the name of an edition, and for local models, which cost nothing.
 * @param name the model's name in the response
 */
export function otherModelOf(name: string, card: ModelCard): ModelRef | undefined {
  if (card.local || card.simulated === true) return undefined;
  const { provider, model } = splitRef(card.ref);
  const answered = familyOf(name);
  if (answered === "" || [card.wireName, model].some((asked) => familyOf(asked) === answered))
    return undefined;
  return `${provider}/${name}`;
}

/** The name without its vendor and its edition, in lower case. */
function familyOf(name: string): string {
  return name
    .slice(name.lastIndexOf("/") + 1)
    .toLowerCase()
    .replace(EDITION, "");
}
