import type { Usage } from "./money.ts";

/** Turns texts into vectors that lie near each other where the texts mean something similar. */
export type Embedder = {
  /** `built-in`, or the ref of a model: vectors of two embedders are never compared. */
  readonly id: string;
  /**
   * A vector of length 1 for each text, in their order; of zeros where a text says nothing.
   * @throws Failure where somebody else's server is asked
   */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<readonly Float32Array[]>;
};

/** What an embedding model answers: the vectors in the order of the texts, as long as the model makes them. */
export type Embeddings = {
  readonly vectors: readonly Float32Array[];
  /** Left out where the server does not tell it. */
  readonly usage?: Usage;
};
