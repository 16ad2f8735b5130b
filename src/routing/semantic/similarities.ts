import type { Similarities } from "../../contract/features.ts";
import type { History } from "../../contract/history.ts";
import type { ModelRef } from "../../contract/model.ts";
import type { Embedder } from "../../contract/provider/embedder.ts";
import type { BuiltInEmbedder } from "../../embedding/builtIn.ts";
import { embedInTime } from "../../embedding/remote.ts";
import type { Route, Settings } from "../../settings/schema.ts";
import {
  createExampleIndex,
  type ExampleIndex,
  exampleTexts,
  type GenericVectors,
  similaritiesTo,
} from "./exampleIndex.ts";
import { GENERIC_PROMPTS } from "./genericPrompts.ts";

export type SimilarityDeps = {
  /** Called for the first prompt that is compared with examples. */
  readonly builtIn: () => Promise<BuiltInEmbedder>;
  readonly remote: (ref: ModelRef) => Embedder;
  readonly history: () => Promise<Pick<History, "embeddings" | "saveEmbeddings">>;
};

const BUILT_IN = "built-in";

/** The provider's embedder that gets the words of prompts under these settings; undefined if none does. */
export function remoteEmbedder({ routes, semantic }: Settings): ModelRef | undefined {
  return semantic.embedder === BUILT_IN || !hasExamples(routes) ? undefined : semantic.embedder;
}

function hasExamples(routes: readonly Route[]): boolean {
  return routes.some(({ examples }) => examples !== undefined);
}

/** Compares prompts with the examples of routes. Creates one index for each list of routes and embedder. */
export class SimilarityFinder {
  readonly #deps: SimilarityDeps;
  readonly #builtInIndexes = new WeakMap<readonly Route[], ExampleIndex>();
  #builtInGeneric: GenericVectors | undefined;
  readonly #remoteIndexes = new WeakMap<readonly Route[], Map<string, Promise<ExampleIndex>>>();

  constructor(deps: SimilarityDeps) {
    this.#deps = deps;
  }

  /**
   * How similar the user's own words are to each route with examples; undefined if no route has any. Falls back to the
   * built-in embedder if the remote one fails or is too slow. Offline, nothing is sent to a remote embedder.
   */
  async find(ownWords: string, isOffline: boolean, settings: Settings): Promise<Similarities | undefined> {
    const { routes } = settings;
    if (!hasExamples(routes)) return undefined;
    const ref = remoteEmbedder(settings);
    if (ref === undefined || isOffline) return this.#findBuiltIn(ownWords, routes);
    const embedder = this.#deps.remote(ref);
    let index: ExampleIndex | undefined;
    const withIndex: Embedder = {
      id: embedder.id,
      embed: async (texts, signal) => {
        // The index is completed even if this prompt stops waiting: the next one needs it too.
        index = await this.#remoteIndex(routes, embedder);
        return embedder.embed(texts, signal);
      },
    };
    const result = await embedInTime(withIndex, [ownWords], new AbortController().signal);
    if (result.kind === "skipped") {
      const builtIn = await this.#findBuiltIn(ownWords, routes);
      return { ...builtIn, skipped: { embedder: embedder.id, failure: result.failure } };
    }
    const [query] = result.vectors;
    const found = query === undefined || index === undefined ? [] : similaritiesTo(query, index);
    return { embedder: embedder.id, routes: found };
  }

  async #findBuiltIn(ownWords: string, routes: readonly Route[]): Promise<Similarities> {
    const embedder = await this.#deps.builtIn();
    let index = this.#builtInIndexes.get(routes);
    if (index === undefined) {
      this.#builtInGeneric ??= GENERIC_PROMPTS.map(embedder.embedSync);
      index = createExampleIndex(routes, embedder.embedSync, this.#builtInGeneric);
      this.#builtInIndexes.set(routes, index);
    }
    const [query] = embedder.embedSync([ownWords]);
    return { embedder: BUILT_IN, routes: query === undefined ? [] : similaritiesTo(query, index) };
  }

  /** If creating an index fails, the next prompt tries again. */
  #remoteIndex(routes: readonly Route[], embedder: Embedder): Promise<ExampleIndex> {
    const byEmbedder = this.#remoteIndexes.get(routes) ?? new Map<string, Promise<ExampleIndex>>();
    this.#remoteIndexes.set(routes, byEmbedder);
    const known = byEmbedder.get(embedder.id);
    if (known !== undefined) return known;
    const index = this.#createRemoteIndex(routes, embedder);
    byEmbedder.set(embedder.id, index);
    index.catch(() => byEmbedder.delete(embedder.id));
    return index;
  }

  /** Examples and generic prompts are embedded once: the history stores their vectors by embedder and text. */
  async #createRemoteIndex(routes: readonly Route[], embedder: Embedder): Promise<ExampleIndex> {
    const history = await this.#deps.history();
    const texts = [...new Set([...exampleTexts(routes), ...GENERIC_PROMPTS.flat()])];
    const stored = await history.embeddings(embedder.id, texts);
    const missing = texts.filter((text) => !stored.has(text));
    const vectors = missing.length === 0 ? [] : await embedder.embed(missing);
    const fresh = new Map<string, Float32Array>();
    for (const [at, vector] of vectors.entries()) fresh.set(missing[at] ?? "", vector);
    if (fresh.size > 0) await history.saveEmbeddings(embedder.id, fresh);
    const vectorOf = (text: string) => stored.get(text) ?? fresh.get(text) ?? new Float32Array(0);
    const vectorsOf = (wanted: readonly string[]) => wanted.map(vectorOf);
    return createExampleIndex(routes, vectorsOf, GENERIC_PROMPTS.map(vectorsOf));
  }
}
