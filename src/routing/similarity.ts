import type { RouteSimilarity } from "../contract/features.ts";
import { dot, dotAt, normalize } from "../embedding/vectors.ts";
import type { ExampleIndex, IndexedRoute } from "./exampleIndex.ts";
import { scoreOf } from "./score.ts";

/**
 * How alike a prompt is to each route that has examples, in the settings' order. A vector of another length than the
 * index's (a model that changed behind its name) is like none of them.
 */
export function similaritiesOf(query: Float32Array, index: ExampleIndex): readonly RouteSimilarity[] {
  if (query.length !== index.dimensions) return [];
  const prompt = normalize(query);
  return index.routes.map((route) => similarityOf(prompt, route));
}

/**
 * The most similar of the routes that are open, where its score reaches its threshold; else none of them, also where
 * one less similar has a lower threshold. Among equals the first in the settings' order.
 */
export function mostSimilar(
  similarities: readonly RouteSimilarity[],
  isOpen: (similarity: RouteSimilarity) => boolean = () => true,
): RouteSimilarity | undefined {
  let best: RouteSimilarity | undefined;
  for (const similarity of similarities) {
    if (isOpen(similarity) && (best === undefined || similarity.score > best.score)) best = similarity;
  }
  return best !== undefined && best.score >= best.threshold ? best : undefined;
}

function similarityOf(prompt: Float32Array, route: IndexedRoute): RouteSimilarity {
  const { index, name, examples, vectors, mean, threshold } = route;
  let nearest = 0;
  let cosine = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < examples.length; at += 1) {
    const product = dotAt(prompt, vectors, at * prompt.length);
    if (product > cosine) {
      cosine = product;
      nearest = at;
    }
  }
  cosine = Math.max(-1, Math.min(1, cosine));
  const score = scoreOf(dot(prompt, mean), cosine);
  return { index, name, score, threshold, nearest: { example: examples[nearest] ?? "", cosine } };
}
