import { meanDirection, normalize } from "../embedding/vectors.ts";
import type { Route } from "../settings/schema.ts";
import { leftOutScores, ownThreshold } from "./threshold.ts";

/** The examples of one route, ready to be compared with. */
export type IndexedRoute = {
  /** Its place in the settings. */
  readonly index: number;
  readonly name: string;
  readonly examples: readonly string[];
  /** The vectors of the examples, at length 1, one behind the other. */
  readonly vectors: Float32Array;
  /** The mean of them, at length 1. */
  readonly mean: Float32Array;
  /** The score from which the route applies. */
  readonly threshold: number;
};

/** All routes that go by examples, by one embedder: made once for each of the settings. */
export type ExampleIndex = { readonly dimensions: number; readonly routes: readonly IndexedRoute[] };

/** Every text that an index is made from, once each: what to embed beforehand where that takes time. */
export function exampleTexts(routes: readonly Route[]): readonly string[] {
  return [...new Set(routes.flatMap(({ examples }) => examples ?? []))];
}

/**
 * Makes the index. An example that a route names twice counts once.
 * @param embed called once, with `exampleTexts(routes)`: a vector for each, in their order
 */
export function createExampleIndex(
  routes: readonly Route[],
  embed: (texts: readonly string[]) => readonly Float32Array[],
): ExampleIndex {
  const texts = exampleTexts(routes);
  const vectors = texts.length === 0 ? [] : embed(texts);
  const dimensions = vectors[0]?.length ?? 0;
  const none = new Float32Array(dimensions);
  const vectorOf = new Map(
    texts.map((text, at) => {
      const vector = vectors[at];
      return [text, vector?.length === dimensions ? normalize(vector) : none];
    }),
  );
  const indexed = routes.flatMap(({ name, examples: named = [], threshold }, index) => {
    const examples = [...new Set(named)];
    if (examples.length === 0) return [];
    const own = examples.map((text) => vectorOf.get(text) ?? none);
    return [{ index, name, examples, own, vectors: joined(own), mean: meanDirection(own), threshold }];
  });
  const pool = indexed.flatMap(({ examples, own }) => leftOutScores(examples, own));
  return {
    dimensions,
    routes: indexed.map(({ own, threshold, ...route }) => ({
      ...route,
      threshold: threshold ?? ownThreshold(own.length, pool),
    })),
  };
}

function joined(vectors: readonly Float32Array[]): Float32Array {
  const length = vectors[0]?.length ?? 0;
  const all = new Float32Array(vectors.length * length);
  for (const [at, vector] of vectors.entries()) all.set(vector, at * length);
  return all;
}
