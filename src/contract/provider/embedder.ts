import type { Usage } from "../money.ts";

/** Turns texts into vectors that are close to each other for texts of similar meaning. */
export type Embedder = {
  /** `built-in`, or the ref of a model. Vectors of different embedders cannot be compared. */
  readonly id: string;
  /**
   * Returns a vector of length 1 for each text, in their order; zeros for an empty text.
   * @throws Failure if a remote embedder fails
   */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<readonly Float32Array[]>;
};

/** The response of an embedding model: vectors of any length, in the order of the texts. */
export type Embeddings = {
  readonly vectors: readonly Float32Array[];
  /** Undefined if the server does not report it. */
  readonly usage?: Usage | undefined;
};
