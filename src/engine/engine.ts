import { createHash } from "node:crypto";
import type { AnswerEvent } from "../contract/answer.ts";
import type { Clock } from "../contract/clock.ts";
import type { Decision, Skipped } from "../contract/decision.ts";
import { type ModelCard, type ModelRef, splitRef } from "../contract/model.ts";
import { type Dispatched, dispatch } from "../dispatch/dispatch.ts";
import { type PaidEmbeddingsDeps, paidEmbeddings } from "../dispatch/paidEmbeddings.ts";
import type { DispatchDeps } from "../dispatch/request.ts";
import type { BuiltInEmbedder } from "../embedding/builtIn.ts";
import { createRemote } from "../embedding/remote.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { type Catalogue, cardOf } from "../models/catalogue.ts";
import { contextTokens } from "../models/tokens.ts";
import type { Connections } from "../providers/connections.ts";
import { type Classify, createClassifier } from "../routing/classify/classify.ts";
import { decide } from "../routing/decide/decide.ts";
import { skippedFor } from "../routing/decide/eligibility.ts";
import type { World } from "../routing/decide/world.ts";
import { SimilarityFinder } from "../routing/semantic/similarities.ts";
import { limitsOf, snapshotOf } from "../routing/snapshot.ts";
import type { Settings } from "../settings/schema.ts";
import { attributesOf, contentOf, type EngineRequest } from "./request.ts";

/** What the engine is built with. */
export type EngineDeps = {
  readonly settings: () => Settings;
  readonly catalogue: () => Promise<Catalogue>;
  readonly connections: Connections;
  /** Loaded when a route with examples is first looked at. */
  readonly builtInEmbedder: () => Promise<BuiltInEmbedder>;
  readonly ledger: () => Promise<Ledger>;
  readonly clock: Clock;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  readonly newId: () => string;
  /** Who this is in experiments, where the settings do not say. */
  readonly userId: string;
};

type Decided = {
  readonly decision: Decision;
  readonly world: World;
  readonly tookMs: number;
  readonly settings: Settings;
};

/** The one entry to routing and dispatching: a prompt goes in, a stream of events comes out. */
export class Engine {
  readonly #deps: EngineDeps;
  readonly #classify: Classify;
  readonly #hashes = new WeakMap<Settings, string>();

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    const { builtInEmbedder, catalogue, connections, ledger, settings } = deps;
    const paid: PaidEmbeddingsDeps = {
      budget: async () => (await ledger()).budget,
      limits: () => limitsOf(settings()),
      cardOf: async (ref) => cardOf(ref, await catalogue(), settings()),
      providerFor: (id) => connections.providerFor(id),
    };
    const similarities = new SimilarityFinder({
      builtIn: builtInEmbedder,
      remote: (ref) => createRemote(ref, paidEmbeddings(ref, paid)),
      history: async () => (await ledger()).history,
    });
    this.#classify = createClassifier((...input) => similarities.find(...input));
  }

  /** Where a request would go now, and why. Nothing is asked, and nothing is remembered. */
  async decide(request: EngineRequest): Promise<Decision> {
    return (await this.#decide(request)).decision;
  }

  /**
   * Decides, asks, falls back, and tells all of it; `end` is the last event, and behind it the stream ends once the books
   * are closed. Aborting the signal stops it. Where only others' holds on the budget stood against every model, it decides
   * once more with what is free.
   * @throws what the ledger says where it cannot be read or written
   */
  async *run(request: EngineRequest, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
    const ledger = await this.#deps.ledger();
    const books: (() => Promise<void>)[] = [];
    const afterEnd = (write: () => Promise<void>): void => void books.push(write);
    try {
      const first = await this.#decide(request);
      let { summary, freeNanoUsd } = yield* this.#carryOut(first, request, afterEnd, signal);
      const { budget } = first.world;
      if (freeNanoUsd !== undefined && budget !== undefined && summary.ending.kind === "not-sent") {
        const world = { ...first.world, budget: { ...budget, leftNanoUsd: freeNanoUsd } };
        const again = this.#decideIn(world, first, request);
        ({ summary } = yield* this.#carryOut(again, request, afterEnd, signal));
      }
      await ledger.history.saveSummary(summary);
      yield { type: "end", summary };
    } finally {
      for (const write of books) await write();
    }
  }

  async *#carryOut(
    { decision, world, tookMs, settings }: Decided,
    request: EngineRequest,
    afterEnd: DispatchDeps["afterEnd"],
    signal: AbortSignal,
  ): AsyncGenerator<AnswerEvent, Dispatched> {
    const { clock, random, connections, catalogue } = this.#deps;
    const { history, budget, health } = await this.#deps.ledger();
    yield { type: "decided", decision, tookMs };
    await history.saveDecision({
      decision,
      promptText: settings.history.keepText ? request.ownWords : undefined,
    });
    const cards = await catalogue();
    const cardIn = (from: World, ref: ModelRef): ModelCard =>
      from.cards.get(ref) ?? cardOf(ref, cards, settings);
    const providers = await connections.all();
    return yield* dispatch(
      {
        decision,
        settings,
        content: contentOf(request),
        canTakeBack: request.canTakeBack ?? false,
        limits: limitsOf(settings),
        cardOf: (ref) => cardIn(world, ref),
        recheck: async (ref) =>
          this.#recheck(ref, decision, cardIn(world, ref), await this.#world(request, settings)),
      },
      {
        clock,
        random,
        budget,
        health,
        providerFor: (id) => connections.providerFor(id),
        fingerprintOf: (subject, ref) =>
          subject === "model"
            ? this.#hashOf(settings)
            : (providers.get(splitRef(ref).provider)?.fingerprint ?? ""),
        afterEnd,
      },
      signal,
    );
  }

  /** The models that routes, or the derived ones, could ask now. */
  async models(): Promise<readonly ModelRef[]> {
    const { cards, providers } = await this.#world({}, this.#deps.settings());
    return [...cards.keys()].filter((ref) => providers.get(splitRef(ref).provider)?.usable === true);
  }

  /** A result of an answer, for experiments: `thumbs` with 1 or 0, and others. Null takes it back. */
  async outcome(decisionId: string, kind: string, score: number | null): Promise<void> {
    const { history } = await this.#deps.ledger();
    if (score === null) await history.removeOutcome(decisionId, kind);
    else await history.saveOutcome(decisionId, kind, score);
  }

  async #decide(request: EngineRequest): Promise<Decided> {
    const settings = this.#deps.settings();
    const startedMs = performance.now();
    const [features, world] = await Promise.all([
      this.#classify(
        {
          ownWords: request.ownWords,
          characters: request.characters,
          isPrivate: request.isPrivate,
          contextTokens: contextTokens(request.messages),
        },
        settings,
      ),
      this.#world(request, settings),
    ]);
    const decision = decide(
      attributesOf(request, settings, { requestId: this.#deps.newId(), userId: this.#deps.userId }),
      features,
      settings,
      world,
    );
    const tookMs = performance.now() - startedMs;
    return { decision, world, tookMs, settings };
  }

  /** The same request once more, in a world that has changed since. */
  #decideIn(world: World, { decision, settings }: Decided, request: EngineRequest): Decided {
    const startedMs = performance.now();
    const again = decide(
      attributesOf(request, settings, { requestId: this.#deps.newId(), userId: this.#deps.userId }),
      decision.features,
      settings,
      world,
    );
    return { decision: again, world, tookMs: performance.now() - startedMs, settings };
  }

  async #world(
    request: Pick<EngineRequest, "explicitModel" | "command" | "previous">,
    settings: Settings,
  ): Promise<World> {
    const { catalogue, connections, ledger, clock } = this.#deps;
    return snapshotOf({
      settings,
      settingsHash: this.#hashOf(settings),
      catalogue: await catalogue(),
      connections,
      ledger: await ledger(),
      nowMs: clock.now(),
      explicitModel: request.explicitModel,
      command: request.command,
      conversation: request.previous,
    });
  }

  #recheck(
    ref: ModelRef,
    { attributes, features }: Decision,
    card: ModelCard,
    world: World,
  ): Skipped | undefined {
    const requirements = {
      localOnly: false,
      needsPrice: false,
      ignoresBreaker: ref === attributes.explicitModel,
    };
    return skippedFor({ model: ref }, card, requirements, { attributes, features, world });
  }

  #hashOf(settings: Settings): string {
    const known = this.#hashes.get(settings);
    if (known !== undefined) return known;
    const hash = createHash("sha256").update(JSON.stringify(settings)).digest("base64url").slice(0, 16);
    this.#hashes.set(settings, hash);
    return hash;
  }
}
