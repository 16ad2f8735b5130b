import * as v from "valibot";
import type { BuiltInEmbedder } from "../../../src/embedding/builtIn.ts";
import { createExampleIndex, similaritiesTo } from "../../../src/routing/semantic/exampleIndex.ts";
import { GENERIC_PROMPTS } from "../../../src/routing/semantic/genericPrompts.ts";
import { routeFields, route as routeSchema } from "../../../src/settings/declared/routes.ts";

const texts = v.array(v.string());
/** A set of prompts with the routes that they belong to. The format is documented in docs/routing.md. */
export const promptSetSchema = v.object({
  name: v.string(),
  routes: v.array(
    v.object({ name: v.string(), examples: texts, prompts: texts, threshold: routeFields.entries.threshold }),
  ),
  /** Prompts that belong to none of the routes. */
  none: v.optional(texts, []),
});
export type PromptSet = v.InferOutput<typeof promptSetSchema>;

export type Embed = BuiltInEmbedder["embedSync"];

/** `isBest`: the most similar route is the prompt's own. `isRouted`: a route applies. */
export type Outcome = { readonly isBest: boolean; readonly isRouted: boolean };

/** Compares each prompt with the routes of a set. `name` is the route that a prompt belongs to. */
export function outcomesOf(
  set: PromptSet,
  embed: Embed,
  prompts: readonly { readonly text: string; readonly name: string | undefined }[],
): readonly Outcome[] {
  const routes = set.routes.map(({ prompts: _prompts, ...fields }) =>
    v.parse(routeSchema, { ...fields, models: ["openai/gpt-6-luna"] }),
  );
  const index = createExampleIndex(routes, embed, GENERIC_PROMPTS.map(embed));
  return prompts.map(({ text, name }) => {
    const [query = new Float32Array()] = embed([text]);
    const [first, ...rest] = similaritiesTo(query, index);
    const best = rest.reduce((most, other) => (most && other.score > most.score ? other : most), first);
    return {
      isBest: best !== undefined && best.name === name,
      isRouted: best !== undefined && best.score >= best.threshold,
    };
  });
}
