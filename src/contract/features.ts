export type ComplexityLevel = "low" | "medium" | "high";

/** How demanding a prompt is. `score`: low [0, ⅓), medium [⅓, ⅔), high [⅔, 1]; longer prompts score higher within a level. */
export type Complexity = {
  readonly level: ComplexityLevel;
  readonly score: number;
  readonly because:
    | { readonly kind: "keyword"; readonly keyword: string }
    | { readonly kind: "length"; readonly characters: number };
};

/** What `classify` found in a prompt: all that `decide` needs to know of its text. */
export type Features = {
  readonly complexity: Complexity;
  /** Of the whole request: prompt, attached code and history. Estimated. */
  readonly contextTokens: number;
  /** `keywords` of the routes' `when` that occur in the user's own words, lower case. */
  readonly keywords: readonly string[];
  /** True when the classification came from the cache. */
  readonly cached: boolean;
};
