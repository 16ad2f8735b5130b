import type { RouteSimilarity } from "../../contract/features.ts";
import { dotAll, meanDirection, normalize } from "../../embedding/vectors.ts";
import type { Route } from "../../settings/schema.ts";
import { derivedThreshold, leaveOneOutScores, scoreOf } from "./threshold.ts";

/** The examples of one route, ready to be compared with. */
export type IndexedRoute = {
  /** Its position in the settings. */
  readonly index: number;
  readonly name: string;
  readonly examples: readonly string[];
  /** The vectors of the examples, then their mean, all at length 1. */
  readonly vectors: readonly Float32Array[];
  /** The lowest score at which the route applies. */
  readonly threshold: number;
};

/** All routes with examples, embedded by one embedder. */
export type ExampleIndex = { readonly dimensions: number; readonly routes: readonly IndexedRoute[] };

/** The distinct texts that an index is made from. */
export function exampleTexts(routes: readonly Route[]): readonly string[] {
  return [...new Set(routes.flatMap(({ examples }) => examples ?? []))];
}

/**
 * Creates an index. An example that a route lists twice counts once.
 * @param embed called once, with `exampleTexts(routes)`; returns a vector for each text, in their order
 */
export function createExampleIndex(
  routes: readonly Route[],
  embed: (texts: readonly string[]) => readonly Float32Array[],
): ExampleIndex {
  const texts = exampleTexts(routes);
  const embedded = texts.length === 0 ? [] : embed(texts);
  const dimensions = embedded[0]?.length ?? 0;
  const zeros = new Float32Array(dimensions);
  const vectorOf = new Map(
    texts.map((text, at) => {
      const vector = embedded[at];
      return [text, vector?.length === dimensions ? normalize(vector) : zeros];
    }),
  );
  const indexed = routes.flatMap(({ name, examples: listed = [], threshold }, index) => {
    const examples = [...new Set(listed)];
    if (examples.length === 0) return [];
    const vectors = examples.map((text) => vectorOf.get(text) ?? zeros);
    return [{ index, name, examples, vectors, threshold }];
  });
  const scores = indexed.flatMap(({ examples, vectors }) => leaveOneOutScores(examples, vectors));
  return {
    dimensions,
    routes: indexed.map(({ index, name, examples, vectors, threshold }) => ({
      index,
      name,
      examples,
      vectors: [...vectors, meanDirection(vectors)],
      threshold: threshold ?? derivedThreshold(vectors.length, scores),
    })),
  };
}

/**
 * How similar a prompt is to each route with examples, in the order of the settings. Empty if the vector has another
 * length than the index's, which happens if a provider replaces the model of a name.
 */
export function similaritiesTo(query: Float32Array, index: ExampleIndex): readonly RouteSimilarity[] {
  if (query.length !== index.dimensions) return [];
  const prompt = normalize(query);
  return index.routes.map((route) => similarityTo(prompt, route));
}

function similarityTo(
  prompt: Float32Array,
  { index, name, examples, vectors, threshold }: IndexedRoute,
): RouteSimilarity {
  const products = dotAll(prompt, vectors);
  let nearest = 0;
  for (let at = 1; at < examples.length; at += 1) {
    if ((products[at] ?? 0) > (products[nearest] ?? 0)) nearest = at;
  }
  // Rounding can move the product of two vectors of length 1 slightly beyond 1.
  const cosine = Math.max(-1, Math.min(1, products[nearest] ?? 0));
  const score = scoreOf(products[examples.length] ?? 0, cosine);
  return { index, name, score, threshold, nearest: { example: examples[nearest] ?? "", cosine } };
}
