import type { Embedder } from "../contract/embedder.ts";
import type { Similarities } from "../contract/features.ts";
import type { History } from "../contract/history.ts";
import type { ModelRef } from "../contract/model.ts";
import type { BuiltInEmbedder } from "../embedding/builtIn.ts";
import { embedInTime } from "../embedding/remote.ts";
import type { Route, Settings } from "../settings/schema.ts";
import { createExampleIndex, type ExampleIndex, exampleTexts } from "./exampleIndex.ts";
import { similaritiesOf } from "./similarity.ts";

export type SemanticsDeps = {
  /** Loaded when a route with examples is first looked at. */
  readonly builtIn: () => Promise<BuiltInEmbedder>;
  readonly remote: (ref: ModelRef) => Embedder;
  readonly history: () => Promise<Pick<History, "embeddings" | "saveEmbeddings">>;
};

const BUILT_IN = "built-in";

/** Compares prompts with the examples of routes. Indexes are made once for each list of routes and embedder. */
export class Semantics {
  readonly #deps: SemanticsDeps;
  readonly #builtIn = new WeakMap<readonly Route[], ExampleIndex>();
  readonly #remote = new WeakMap<readonly Route[], Map<string, Promise<ExampleIndex>>>();

  constructor(deps: SemanticsDeps) {
    this.#deps = deps;
  }

  /**
   * How alike the user's own words are to each route with examples; undefined where there is none. A remote embedder
   * that is not in time is passed over for this prompt; private words never reach one.
   */
  async similarities(
    ownWords: string,
    isPrivate: boolean,
    settings: Settings,
  ): Promise<Similarities | undefined> {
    const { routes, semantic } = settings;
    if (!routes.some(({ examples }) => examples !== undefined)) return undefined;
    if (semantic.embedder === BUILT_IN || isPrivate) return this.#byBuiltIn(ownWords, routes);
    const embedder = this.#deps.remote(semantic.embedder);
    let index: ExampleIndex | undefined;
    const both: Embedder = {
      id: embedder.id,
      // The index is not given up with the prompt: it is there for the next one.
      embed: async (texts, signal) => {
        index = await this.#remoteIndex(routes, embedder);
        return embedder.embed(texts, signal);
      },
    };
    const result = await embedInTime(both, [ownWords], new AbortController().signal);
    if (result.kind === "skipped") {
      const built = await this.#byBuiltIn(ownWords, routes);
      return { ...built, skipped: { embedder: embedder.id, failure: result.failure } };
    }
    const [query] = result.vectors;
    const found = query === undefined || index === undefined ? [] : similaritiesOf(query, index);
    return { embedder: embedder.id, routes: found };
  }

  async #byBuiltIn(ownWords: string, routes: readonly Route[]): Promise<Similarities> {
    const embedder = await this.#deps.builtIn();
    let index = this.#builtIn.get(routes);
    if (index === undefined) {
      index = createExampleIndex(routes, embedder.embedSync);
      this.#builtIn.set(routes, index);
    }
    const [query] = embedder.embedSync([ownWords]);
    return { embedder: BUILT_IN, routes: query === undefined ? [] : similaritiesOf(query, index) };
  }

  /** One that could not be made is tried again by the next prompt. */
  #remoteIndex(routes: readonly Route[], embedder: Embedder): Promise<ExampleIndex> {
    const byEmbedder = this.#remote.get(routes) ?? new Map<string, Promise<ExampleIndex>>();
    this.#remote.set(routes, byEmbedder);
    const known = byEmbedder.get(embedder.id);
    if (known !== undefined) return known;
    const made = this.#makeRemoteIndex(routes, embedder);
    byEmbedder.set(embedder.id, made);
    made.catch(() => byEmbedder.delete(embedder.id));
    return made;
  }

  /** Examples are embedded once: their vectors are kept in the history, by embedder and text. */
  async #makeRemoteIndex(routes: readonly Route[], embedder: Embedder): Promise<ExampleIndex> {
    const history = await this.#deps.history();
    const texts = exampleTexts(routes);
    const known = await history.embeddings(embedder.id, texts);
    const missing = texts.filter((text) => !known.has(text));
    const made = missing.length === 0 ? [] : await embedder.embed(missing);
    const fresh = new Map(
      missing.flatMap((text, at) => {
        const vector = made[at];
        return vector === undefined ? [] : [[text, vector] as const];
      }),
    );
    if (fresh.size > 0) await history.saveEmbeddings(embedder.id, fresh);
    const vectorOf = (text: string) => known.get(text) ?? fresh.get(text) ?? new Float32Array(0);
    return createExampleIndex(routes, (wanted) => wanted.map(vectorOf));
  }
}
