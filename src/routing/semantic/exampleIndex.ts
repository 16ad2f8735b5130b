import type { RouteSimilarity } from "../../contract/features.ts";
import { dotsWith, normalize, sumOf } from "../../embedding/vectors.ts";
import type { Route } from "../../settings/schema.ts";
import { densityAt, derivedThreshold, leaveOneOutScores, scoreOf } from "./threshold.ts";

/** The examples of one route, ready to be compared with. */
export type IndexedRoute = {
  /** Its position in the settings. */
  readonly index: number;
  readonly name: string;
  readonly examples: readonly string[];
  /** The position of its first example in the index. The others follow. */
  readonly first: number;
  /** The length of the sum of the vectors. */
  readonly sumLength: number;
  /** The lowest score at which the route applies. */
  readonly threshold: number;
};

/** All routes with examples, embedded by one embedder. */
export type ExampleIndex = {
  /** Those of the embedder. */
  readonly dimensions: number;
  /** The vectors of the examples end at the last component that is not zero in all of them. */
  readonly used: number;
  /** The vectors of the examples of all routes, at length 1, one after the other, with zeros up to a multiple of four. */
  readonly vectors: Float64Array;
  readonly routes: readonly IndexedRoute[];
};

/** The vectors of generic prompts, a list for each language. */
export type GenericVectors = readonly (readonly Float32Array[])[];

/** The distinct texts that an index is made from. */
export function exampleTexts(routes: readonly Route[]): readonly string[] {
  return [...new Set(routes.flatMap(({ examples }) => examples ?? []))];
}

/**
 * Creates an index. An example that a route lists twice counts once.
 * @param embed called once, with `exampleTexts(routes)`; returns a vector for each text, in their order
 * @param generic the vectors of the same embedder for `GENERIC_PROMPTS`
 */
export function createExampleIndex(
  routes: readonly Route[],
  embed: (texts: readonly string[]) => readonly Float32Array[],
  generic: GenericVectors,
): ExampleIndex {
  const texts = exampleTexts(routes);
  const embedded = texts.length === 0 ? [] : embed(texts);
  const dimensions = embedded[0]?.length ?? 0;
  const used = embedded.reduce(
    (most, vector) => Math.max(most, usedLength(vector.subarray(0, dimensions))),
    0,
  );
  const zeros = new Float32Array(used);
  const unitOf = (vector: Float32Array | undefined) =>
    vector?.length === dimensions ? normalize(vector, used) : zeros;
  const vectorOf = new Map(texts.map((text, at) => [text, unitOf(embedded[at])]));
  const units: Float32Array[] = [];
  const indexed = routes.flatMap(({ name, examples: listed = [], threshold }, index) => {
    const examples = [...new Set(listed)];
    if (examples.length === 0) return [];
    const own = examples.map((text) => vectorOf.get(text) ?? zeros);
    const route = { index, name, examples, first: units.length, sumLength: Math.hypot(...sumOf(own)) };
    units.push(...own);
    return [{ route, own, threshold }];
  });
  const vectors = concatenated(units);
  const genericProducts = generic.map((prompts) =>
    prompts.map((prompt) => dotsWith(new Float64Array(unitOf(prompt)), vectors)),
  );
  return {
    dimensions,
    used,
    vectors,
    routes: indexed.map(({ route, own, threshold }) => {
      if (typeof threshold === "number") return { ...route, threshold };
      const ownScores = leaveOneOutScores(route.examples, own);
      const scores = genericProducts.map((prompts) =>
        prompts.map((products) => fitOf(products, route).score),
      );
      return { ...route, threshold: derivedThreshold(ownScores, scores, threshold ?? "normal") };
    }),
  };
}

/**
 * How similar a prompt is to each route with examples, in the order of the settings. Empty if the vector has another
 * length than the index's, which happens if a provider replaces the model of a name.
 */
export function similaritiesTo(query: Float32Array, index: ExampleIndex): readonly RouteSimilarity[] {
  if (query.length !== index.dimensions) return [];
  const products = dotsWith(new Float64Array(normalize(query, index.used)), index.vectors);
  return index.routes.map((route) => similarityTo(products, route));
}

function similarityTo(products: Float64Array, route: IndexedRoute): RouteSimilarity {
  const { index, name, examples, threshold } = route;
  const { score, nearest, cosine } = fitOf(products, route);
  return { index, name, score, threshold, nearest: { example: examples[nearest] ?? "", cosine } };
}

/**
 * The score of a prompt for a route, and the position of the nearest example with its cosine.
 * @param products of the prompt with all examples of the index
 */
function fitOf(products: Float64Array, { examples, first, sumLength }: Omit<IndexedRoute, "threshold">) {
  let nearest = 0;
  let cosine = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let density = 0;
  for (let at = 0; at < examples.length; at += 1) {
    const product = products[first + at] ?? 0;
    sum += product;
    density += densityAt(product);
    if (product > cosine) {
      cosine = product;
      nearest = at;
    }
  }
  // Rounding can move the product of two vectors of length 1 slightly beyond 1.
  cosine = Math.max(-1, Math.min(1, cosine));
  // The cosine to the mean of the examples: the product with a sum is the sum of the products.
  const toMean = sumLength === 0 ? 0 : sum / sumLength;
  return { score: scoreOf(toMean, density / examples.length), nearest, cosine };
}

/** The length up to the last component that is not zero: most examples have no Chinese, Japanese or Korean characters. */
function usedLength(vector: Float32Array): number {
  let length = vector.length;
  while (length > 0 && vector[length - 1] === 0) length -= 1;
  return length;
}

function concatenated(vectors: readonly Float32Array[]): Float64Array {
  const length = vectors[0]?.length ?? 0;
  const all = new Float64Array(4 * Math.ceil(vectors.length / 4) * length);
  for (const [at, vector] of vectors.entries()) all.set(vector, at * length);
  return all;
}
