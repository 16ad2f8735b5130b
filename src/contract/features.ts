import type { FailureRecord } from "./failure.ts";

export type ComplexityLevel = "low" | "medium" | "high";

/** How demanding a prompt is. `score`: low [0, ⅓), medium [⅓, ⅔), high [⅔, 1]; longer prompts score higher within a level. */
export type Complexity = {
  readonly level: ComplexityLevel;
  readonly score: number;
  readonly reason:
    | { readonly kind: "keyword"; readonly keyword: string }
    | { readonly kind: "length"; readonly characters: number };
};

/** How alike a prompt is to a route's examples. */
export type RouteSimilarity = {
  /** The route's place in the settings. */
  readonly index: number;
  readonly name: string;
  /** -1 to 1. */
  readonly score: number;
  /** From this score on the route applies. */
  readonly threshold: number;
  /** The example that is most alike, and its cosine. */
  readonly nearest: { readonly example: string; readonly cosine: number };
};

/** How alike a prompt is to the routes with examples, and by whose measure. */
export type Similarities = {
  /** `built-in`, or the ref of the embedding model. */
  readonly embedder: string;
  /** One for each route with examples, in the settings' order. */
  readonly routes: readonly RouteSimilarity[];
  /** Why the embedder of the settings was passed over for this prompt. */
  readonly skipped?: { readonly embedder: string; readonly failure: FailureRecord } | undefined;
};

/** What `classify` found in a prompt: all that `decide` needs to know of its text. */
export type Features = {
  readonly complexity: Complexity;
  /** Of the whole request: prompt, attached code and history. Estimated. */
  readonly contextTokens: number;
  /** `keywords` of the routes' `when` that occur in the user's own words, lower case. */
  readonly keywords: readonly string[];
  /** Left out where no route has examples. */
  readonly similarities?: Similarities | undefined;
  /** The words say nothing that they could be routed by ("yes", "go on", "commit it"). */
  readonly followUp: boolean;
  /** True when the classification came from the cache. */
  readonly cached: boolean;
};
