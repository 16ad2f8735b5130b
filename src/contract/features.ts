import type { FailureRecord } from "./failure.ts";

export type ComplexityLevel = "low" | "medium" | "high";

/** How demanding a prompt is. Score: low [0, ⅓), medium [⅓, ⅔), high [⅔, 1]; longer prompts score higher in a level. */
export type Complexity = {
  readonly level: ComplexityLevel;
  readonly score: number;
  readonly reason:
    | { readonly kind: "keyword"; readonly keyword: string }
    | { readonly kind: "length"; readonly characters: number }
    /** Short, and in another language than English: the absence of keywords does not make it easy. */
    | { readonly kind: "other-language" };
};

/** The complexity of the hardest earlier prompt of a conversation, which is harder than the present one. */
export type Held = {
  readonly complexity: Complexity;
  /** The number of that prompt in its conversation, from 1. */
  readonly prompt: number;
  /** Set if the present prompt belongs to another topic. */
  readonly topic?:
    | {
        /** The highest cosine of the prompt to an earlier one, and below which cosine a topic is new. */
        readonly similarity: number;
        readonly threshold: number;
        /** The hardest earlier prompt of this topic; undefined if the present one begins it. */
        readonly hardest?: { readonly complexity: Complexity; readonly prompt: number } | undefined;
      }
    | undefined;
};

/** How similar a prompt is to a route's examples. */
export type RouteSimilarity = {
  /** The route's position in the settings. */
  readonly index: number;
  readonly name: string;
  /** -1 to 1. */
  readonly score: number;
  /** The lowest score at which the route applies. */
  readonly threshold: number;
  /** The most similar example, and its cosine. */
  readonly nearest: { readonly example: string; readonly cosine: number };
};

/** How similar a prompt is to the routes with examples. */
export type Similarities = {
  /** `built-in`, or the ref of the embedding model. */
  readonly embedder: string;
  /** One for each route with examples, in the settings' order. */
  readonly routes: readonly RouteSimilarity[];
  /** The configured embedder, if it failed for this prompt. */
  readonly skipped?: { readonly embedder: string; readonly failure: FailureRecord } | undefined;
};

/** The result of `classify`: everything that `decide` needs of a prompt's text. */
export type Features = {
  readonly complexity: Complexity;
  /** Undefined if no earlier prompt was harder, or `switchyard.complexity.hold` is off. */
  readonly held?: Held | undefined;
  /** An estimate for the whole request: prompt, attached code and history. */
  readonly contextTokens: number;
  /** The keywords of the routes that occur in the user's own words, in lower case. */
  readonly keywords: readonly string[];
  /** Undefined if no route has examples. */
  readonly similarities?: Similarities | undefined;
  /** The text contains nothing to route by ("yes", "go on", "commit it"). */
  readonly followUp: boolean;
  /** The request returns the result of a tool to the answer that called it: the other features are that prompt's. */
  readonly toolLoop?: boolean | undefined;
  /** The result came from the cache. */
  readonly cached: boolean;
};
