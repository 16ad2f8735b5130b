import type { AnswerSink, AnswerSummary } from "../contract/answer.ts";
import type { Decision, Escalation, EscalationReason } from "../contract/decision.ts";
import type { Features } from "../contract/features.ts";
import type { OutcomeKind } from "../contract/history.ts";
import { type ModelCard, type ModelRef, splitRef } from "../contract/model.ts";
import type { ModelOptions } from "../contract/modelOptions.ts";
import { AnswerOutput } from "../dispatch/answerOutput.ts";
import { runFallbackChain } from "../dispatch/fallbackChain.ts";
import { type PaidEmbeddingsDeps, paidEmbeddings } from "../dispatch/money/paidEmbeddings.ts";
import { newProgress, type Progress, type RequestContext } from "../dispatch/requestContext.ts";
import { summaryOf } from "../dispatch/summary.ts";
import type { BuiltInEmbedder } from "../embedding/builtIn.ts";
import { createRemote } from "../embedding/remote.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { cardOf } from "../models/catalogue.ts";
import { contextTokens } from "../models/tokens.ts";
import { type Classify, createClassifier } from "../routing/classify/classify.ts";
import { decide } from "../routing/decide/decide.ts";
import { recheck } from "../routing/decide/eligibility.ts";
import type { UncoveredTry } from "../routing/decide/escalate.ts";
import type { World } from "../routing/decide/world.ts";
import { SimilarityFinder } from "../routing/semantic/similarities.ts";
import { limitsOf } from "../routing/snapshot.ts";
import type { Settings } from "../settings/schema.ts";
import { Escalations } from "./escalations.ts";
import { modelOptionsOf } from "./modelOptions.ts";
import { type Reach, reachOf } from "./reach.ts";
import { attributesOf, type EngineRequest } from "./request.ts";
import { ToolCallSink, ToolLoops } from "./toolLoops.ts";
import { type MaybeOffline, type WorldDeps, Worlds, withShortage } from "./worlds.ts";

/** What the engine is built with. */
export type EngineDeps = WorldDeps & {
  readonly settings: () => Settings;
  /** Loaded when a route with examples is first evaluated. */
  readonly builtInEmbedder: () => Promise<BuiltInEmbedder>;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  readonly newId: () => string;
  /** Receives errors of the ledger that do not end an answer, e.g. a cost that cannot be written. */
  readonly onError: (error: unknown) => void;
  /** The user in experiments, unless the settings name one. */
  readonly userId: string;
};

/** How often a request is decided, while the budget that is free changes. */
const MAX_DECISIONS = 3;

type Decided = {
  readonly decision: Decision;
  readonly world: World;
  readonly tookMs: number;
  readonly settings: Settings;
};

/** The entry to routing and dispatch: takes requests, and pushes the events of their answers. */
export class Engine {
  readonly #deps: EngineDeps;
  readonly #classify: Classify;
  readonly #toolLoops = new ToolLoops();
  readonly #worlds: Worlds;
  readonly #escalations: Escalations;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#worlds = new Worlds(deps);
    this.#escalations = new Escalations(deps, this.#worlds);
    const { builtInEmbedder, catalogue, providers, ledger, settings } = deps;
    const paid: PaidEmbeddingsDeps = {
      budget: async () => (await ledger()).budget,
      limits: () => limitsOf(settings()),
      cardOf: async (ref) => cardOf(ref, await catalogue(), settings()),
      providerFor: (id) => providers.providerFor(id),
    };
    const similarities = new SimilarityFinder({
      builtIn: builtInEmbedder,
      remote: (ref) => createRemote(ref, paidEmbeddings(ref, paid)),
      history: async () => (await ledger()).history,
    });
    this.#classify = createClassifier(
      (...input) => similarities.find(...input),
      async (texts) => (await builtInEmbedder()).embedSync(texts),
    );
  }

  /** Where a request would go now, and why. No model is called, and nothing is stored. */
  async decide(request: EngineRequest): Promise<Decision> {
    return (await this.#decide(request)).decision;
  }

  /**
   * Like `decide`, for a prompt that the user is still writing: without a network call. Instead of a remote embedder the
   * built-in one compares it with the examples of routes, so it may take another route when it is sent. The lists of local
   * models are used as they are known; only if there is none yet, they are requested.
   */
  async forecast(request: EngineRequest): Promise<Decision> {
    return (await this.#decide({ ...request, isOffline: true })).decision;
  }

  /** Where a prompt's text would go if it was sent now, as `forecast` decides. Nothing of it is sent. */
  async reach(request: EngineRequest): Promise<Reach> {
    const { decision, world, settings } = await this.#decide({ ...request, isOffline: true });
    const cards = await this.#deps.catalogue();
    return reachOf(decision, (ref) => world.cards.get(ref) ?? cardOf(ref, cards, settings), settings);
  }

  /**
   * Decides, calls the models of the chain, and pushes the answer into the sink. Resolves when the answer has ended and its
   * cost is settled. Aborting the signal stops it. If other requests' reservations left no room in the budget, it decides
   * again with what is free.
   * @param onEnded called when the answer has ended, before its cost is settled: until then the most that it can cost stays
   * reserved. If it throws, `run` rejects with its error once the cost is settled
   * @throws the ledger's errors
   */
  async run(
    request: EngineRequest,
    consumer: AnswerSink,
    signal: AbortSignal,
    onEnded?: (summary: AnswerSummary) => void,
  ): Promise<AnswerSummary> {
    const ledger = await this.#deps.ledger();
    const first = await this.#decide(request);
    const progress = newProgress(this.#deps.clock.now());
    try {
      const summary = await this.#answer(first, request, ledger, consumer, progress, signal);
      onEnded?.(summary);
      return summary;
    } finally {
      await Promise.all(progress.afterAnswer.map((write) => write()));
    }
  }

  async #answer(
    first: Decided,
    request: EngineRequest,
    ledger: Ledger,
    consumer: AnswerSink,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<AnswerSummary> {
    const sink = new ToolCallSink(consumer);
    let decided = first;
    for (let decisions = 1; ; decisions++) {
      const summary = await this.#execute(decided, request, ledger, sink, progress, signal);
      this.#toolLoops.add(sink.calls, request, decided.decision, summary);
      await ledger.history.saveSummary(summary);
      const { shortage } = progress;
      const isShort = shortage !== undefined && summary.ending.kind === "not-sent";
      if (!isShort || decisions === MAX_DECISIONS) return summary;
      progress.shortage = undefined;
      const world = withShortage(first.world, shortage);
      decided = this.#decideIn(world, first.decision.features, request, first.settings);
    }
  }

  async #execute(
    { decision, world, tookMs, settings }: Decided,
    request: EngineRequest,
    { history, budget, health }: Ledger,
    sink: AnswerSink,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<AnswerSummary> {
    const { clock, random, providers, catalogue, onError } = this.#deps;
    sink.push({ type: "decided", decision, tookMs });
    await history.saveDecision({
      decision,
      promptText: settings.history.keepText ? request.ownWords : undefined,
    });
    const cards = await catalogue();
    const cardIn = (from: World, ref: ModelRef): ModelCard =>
      from.cards.get(ref) ?? cardOf(ref, cards, settings);
    const configured = await providers.all();
    const context: RequestContext = {
      decision,
      settings,
      content: request,
      budgetLimits: limitsOf(settings),
      canRetract: request.canRetract ?? false,
      output: new AnswerOutput(sink),
      progress,
      signal,
      clock,
      random,
      budget,
      health,
      providerFor: (id) => providers.providerFor(id),
      cardOf: (ref) => cardIn(world, ref),
      recheck: async (ref) => {
        const now = await this.#worlds.read(request, settings);
        return recheck(ref, cardIn(now, ref), decision, now);
      },
      lacksCapability: (ref, capability) => this.#worlds.addLacking(ref, capability, settings),
      reportError: onError,
      fingerprintOf: (subject, ref) =>
        subject === "model"
          ? this.#worlds.hashOf(settings)
          : (configured.get(splitRef(ref).provider)?.fingerprint ?? ""),
    };
    return summaryOf(await runFallbackChain(context), context);
  }

  /** The models that the routes of the settings, or the derived ones, can call now. */
  async models(): Promise<readonly ModelRef[]> {
    const { cards, providers } = await this.#worlds.read({}, this.#deps.settings());
    return [...cards.keys()].filter((ref) => providers.get(splitRef(ref).provider)?.usable === true);
  }

  /**
   * The models that the user can choose for a request, and why it would skip them. Waits for no server, unless the lists of
   * local models were never read.
   */
  async modelOptions(request: EngineRequest): Promise<ModelOptions> {
    const { catalogue, newId, userId } = this.#deps;
    const settings = this.#deps.settings();
    const world = await this.#worlds.read(request, settings);
    const attributes = attributesOf(request, settings, { requestId: newId(), userId });
    const features = { contextTokens: contextTokens(request.messages) };
    return modelOptionsOf({ attributes, features, world }, settings, await catalogue());
  }

  /** Records a result of an answer. Null removes it. */
  async outcome(decisionId: string, kind: OutcomeKind, score: number | null): Promise<void> {
    const { history } = await this.#deps.ledger();
    if (score === null) await history.removeOutcome(decisionId, kind);
    else await history.saveOutcome(decisionId, kind, score);
  }

  /**
   * Records that an answer was not good enough, as the outcome `escalated:<reason>` of its decision, and returns the next
   * try (routing/decide/escalate.ts), to be sent as `escalation` of a request. Undefined if no stronger model can be used,
   * or the decision is not stored.
   */
  escalate(
    decisionId: string,
    reason: EscalationReason,
    newErrors?: number,
  ): Promise<Escalation | undefined> {
    return this.#escalations.escalate(decisionId, { reason, newErrors });
  }

  /** What `escalate` would return now. Nothing is recorded. */
  stronger(decisionId: string): Promise<Escalation | undefined> {
    return this.#escalations.stronger(decisionId);
  }

  /** The stronger model that would be the next try if the budget covered it; undefined if it does, or there is none. */
  uncovered(decisionId: string): Promise<UncoveredTry | undefined> {
    return this.#escalations.uncovered(decisionId);
  }

  async #decide(request: EngineRequest & MaybeOffline): Promise<Decided> {
    const settings = this.#deps.settings();
    const startedMs = performance.now();
    const tokens = contextTokens(request.messages);
    const loop = this.#toolLoops.find(request);
    if (loop !== undefined) {
      const { features, previous } = loop;
      const world = await this.#worlds.read({ ...request, previous }, settings);
      const inLoop = { ...features, contextTokens: tokens, cached: true, toolLoop: true };
      return this.#decideIn(world, inLoop, request, settings, startedMs);
    }
    const prompt = {
      ownWords: request.ownWords,
      characters: request.characters,
      isOffline: request.isOffline === true || request.isPrivate,
      contextTokens: tokens,
      number: request.number,
      earlier: request.earlier,
    };
    const [features, world] = await Promise.all([
      this.#classify(prompt, settings),
      this.#worlds.read(request, settings),
    ]);
    return this.#decideIn(world, features, request, settings, startedMs);
  }

  #decideIn(
    world: World,
    features: Features,
    request: EngineRequest,
    settings: Settings,
    startedMs = performance.now(),
  ): Decided {
    const ids = { requestId: this.#deps.newId(), userId: this.#deps.userId };
    const decision = decide(attributesOf(request, settings, ids), features, settings, world);
    return { decision, world, tookMs: performance.now() - startedMs, settings };
  }
}
