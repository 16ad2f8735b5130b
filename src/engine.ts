import { createHash } from "node:crypto";
import type { AnswerEvent } from "./contract/answer.ts";
import type { Ask } from "./contract/ask.ts";
import type { Attributes, Decision, PassedOver } from "./contract/decision.ts";
import { type Message, textOf } from "./contract/message.ts";
import { type Capability, type ModelCard, type ModelRef, splitRef } from "./contract/model.ts";
import type { Clock } from "./dispatch/clock.ts";
import { dispatch } from "./dispatch/dispatch.ts";
import { type PaidEmbeddingsDeps, paidEmbeddings } from "./dispatch/paidEmbeddings.ts";
import type { BuiltInEmbedder } from "./embedding/builtIn.ts";
import { createRemote } from "./embedding/remote.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { type Catalogue, cardOf } from "./models/catalogue.ts";
import { estimateTokens, inputBound } from "./models/tokens.ts";
import type { Connections } from "./providers/connections.ts";
import { type Classify, createClassifier } from "./routing/classify.ts";
import { decide } from "./routing/decide.ts";
import { passedOverFor } from "./routing/eligibility.ts";
import { Semantics } from "./routing/semantics.ts";
import { limitsOf, snapshotOf } from "./routing/snapshot.ts";
import type { PreviousAnswer, World } from "./routing/world.ts";
import type { Settings } from "./settings/schema.ts";

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

/** A prompt on its way: what is sent, and the attributes that routes match on. */
export type EngineRequest = Pick<
  Attributes,
  | "explicitModel"
  | "command"
  | "language"
  | "paths"
  | "conversation"
  | "isPrivate"
  | "maxOutputTokens"
  | "budgetChoice"
> &
  Pick<Ask, "messages" | "tools" | "toolChoice" | "temperature" | "topP" | "stop" | "wire"> & {
    /** What the user wrote: neither attached code nor history. */
    readonly ownWords: string;
    /** Of the user's words and the code that goes along. */
    readonly characters: number;
    /** Code goes along that did not before in this conversation. */
    readonly attachedNew?: boolean;
    /** The conversation's last answer. */
    readonly previous?: PreviousAnswer;
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
    const { builtInEmbedder, catalogue, connections, ledger, newId, settings } = deps;
    const paid: PaidEmbeddingsDeps = {
      budget: async () => (await ledger()).budget,
      limits: () => limitsOf(settings()),
      cardOf: async (ref) => cardOf(ref, await catalogue(), settings()),
      providerFor: (id) => connections.providerFor(id),
      newId,
    };
    const semantics = new Semantics({
      builtIn: builtInEmbedder,
      remote: (ref) => createRemote(ref, paidEmbeddings(ref, paid)),
      history: async () => (await ledger()).history,
    });
    this.#classify = createClassifier((...input) => semantics.similarities(...input));
  }

  /** Where a request would go now, and why. Nothing is asked, and nothing is remembered. */
  async decide(request: EngineRequest): Promise<Decision> {
    return (await this.#decide(request)).decision;
  }

  /** Decides, asks, falls back, and tells all of it; always ends with `end`. Aborting the signal stops it. */
  async *run(request: EngineRequest, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
    const { clock, random, connections, catalogue } = this.#deps;
    const ledger = await this.#deps.ledger();
    const { decision, world, tookMs, settings } = await this.#decide(request);
    yield { type: "decided", decision, tookMs };
    await ledger.history.saveDecision({
      decision,
      settingsHash: this.#hashOf(settings),
      ...(settings.history.keepText ? { promptText: request.ownWords } : {}),
    });
    const cards = await catalogue();
    const cardIn = (from: World, ref: ModelRef): ModelCard =>
      from.cards.get(ref) ?? cardOf(ref, cards, settings);
    const providers = await connections.all();
    const { messages, tools, toolChoice, temperature, topP, stop, wire } = request;
    const events = dispatch(
      {
        decision,
        settings,
        limits: limitsOf(settings),
        content: {
          messages,
          ...(tools === undefined ? {} : { tools }),
          ...(toolChoice === undefined ? {} : { toolChoice }),
          ...(temperature === undefined ? {} : { temperature }),
          ...(topP === undefined ? {} : { topP }),
          ...(stop === undefined ? {} : { stop }),
          ...(wire === undefined ? {} : { wire }),
        },
        cardOf: (ref) => cardIn(world, ref),
        recheck: async (ref) =>
          this.#recheck(ref, decision, cardIn(world, ref), await this.#world(request, settings)),
      },
      {
        clock,
        random,
        budget: ledger.budget,
        health: ledger.health,
        providerFor: (id) => connections.providerFor(id),
        fingerprintOf: (subject, ref) =>
          subject === "model"
            ? this.#hashOf(settings)
            : (providers.get(splitRef(ref).provider)?.fingerprint ?? ""),
      },
      signal,
    );
    for await (const event of events) {
      if (event.type === "end") await ledger.history.saveSummary(event.summary);
      yield event;
    }
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
          contextTokens: request.messages.reduce((sum, message) => sum + estimateTokens(textOf(message)), 0),
        },
        settings,
      ),
      this.#world(request, settings),
    ]);
    const decision = decide(this.#attributes(request, settings), features, settings, world);
    const tookMs = performance.now() - startedMs;
    return { decision, world, tookMs, settings };
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

  #attributes(request: EngineRequest, settings: Settings): Attributes {
    const { explicitModel, command, language, conversation, maxOutputTokens, budgetChoice } = request;
    return {
      requestId: this.#deps.newId(),
      attachedNew: request.attachedNew ?? false,
      paths: request.paths,
      isPrivate: request.isPrivate,
      needs: needsOf(request),
      userTier: settings.userTier,
      user: settings.user === "" ? this.#deps.userId : settings.user,
      inputBoundTokens: inputBound(request.messages, request.tools),
      images: imagesIn(request.messages),
      ...(explicitModel === undefined ? {} : { explicitModel }),
      ...(command === undefined ? {} : { command }),
      ...(language === undefined ? {} : { language }),
      ...(conversation === undefined ? {} : { conversation }),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
      ...(budgetChoice === undefined ? {} : { budgetChoice }),
    };
  }

  #recheck(
    ref: ModelRef,
    { attributes, features }: Decision,
    card: ModelCard,
    world: World,
  ): PassedOver | undefined {
    const demands = { localOnly: false, needsPrice: false, passesBreaker: ref === attributes.explicitModel };
    return passedOverFor({ model: ref }, card, demands, attributes, features, world);
  }

  #hashOf(settings: Settings): string {
    const known = this.#hashes.get(settings);
    if (known !== undefined) return known;
    const hash = createHash("sha256").update(JSON.stringify(settings)).digest("base64url").slice(0, 16);
    this.#hashes.set(settings, hash);
    return hash;
  }
}

function needsOf({ messages, tools = [] }: EngineRequest): readonly Capability[] {
  const vision: readonly Capability[] = imagesIn(messages) > 0 ? ["vision"] : [];
  return tools.length > 0 ? [...vision, "tools"] : vision;
}

function imagesIn(messages: readonly Message[]): number {
  return messages.reduce((sum, { parts }) => sum + parts.filter(({ type }) => type === "image").length, 0);
}
