import { randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../../src/base/time/clock.ts";
import type { FailureRecord } from "../../../src/contract/failure.ts";
import type { Ask } from "../../../src/contract/provider/ask.ts";
import type { Provider } from "../../../src/contract/provider/provider.ts";
import { createEngine } from "../../../src/engine/createEngine.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import type { EngineRequest } from "../../../src/engine/request.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { openLedger } from "../../../src/ledger/sqlite/open.ts";
import { type Catalogue, withProvider } from "../../../src/models/catalogue.ts";
import { nodeTransport } from "../../../src/providers/http/transport/nodeTransport.ts";
import { readSettings } from "../../../src/settings/read.ts";
import {
  abortAnswerAt,
  type CollectedAnswer,
  type CollectOptions,
  collectAnswer,
} from "../../support/collectAnswer.ts";
import { promptRequest } from "../../support/engineRequest.ts";
import { memoryFolder, placeEmptyLedger } from "../../support/ledgers/emptyLedger.ts";
import { type ScriptLine, scriptedProvider } from "../../support/providers/scriptedProvider.ts";
import { card } from "../../support/routing/worlds.ts";

/** The answers of a model to its first call, its second, and so on; or a function of the request. */
export type Script = readonly (readonly ScriptLine[])[] | ((ask: Ask) => readonly ScriptLine[]);

/** A model of a chain; `prefill`: its API continues the beginning of an assistant's message. */
export type ScriptedModel = { readonly script: Script; readonly prefill?: boolean };

export const CUT: FailureRecord = { kind: "cut", provider: "p", message: "The connection broke." };

const PROMPT = "What is a closure?";

/** An engine with a real ledger, whose route asks models with scripted answers. */
export class ScriptedChain implements AsyncDisposable {
  readonly #engine: Engine;
  readonly ledger: Ledger;
  readonly #close: () => Promise<void>;
  /** The requests to the models, in order. */
  readonly asks: { readonly model: string; readonly ask: Ask }[] = [];
  /** Added to the system clock. */
  clockOffsetMs = 0;
  /** Errors of the ledger that did not end an answer. */
  readonly errors: unknown[] = [];
  /** How many calls were cancelled. */
  cancelled = 0;

  private constructor(
    models: Readonly<Record<string, ScriptedModel>>,
    raw: Record<string, unknown>,
    ledger: Ledger,
  ) {
    this.ledger = ledger;
    const names = Object.keys(models);
    const { settings } = readSettings({
      "switchyard.providers": Object.fromEntries(
        names.map((id) => [id, { kind: "openai-compatible", baseUrl: "http://127.0.0.1:9/v1" }]),
      ),
      "switchyard.routes": [{ name: "All", models: names.map((id) => `${id}/m`) }],
      ...raw,
    });
    const empty: Catalogue = { lists: new Map(), quality: new Map() };
    const catalogue = Object.entries(models).reduce((all, [id, { prefill = false }]) => {
      const { ref: _, ...listed } = card(`${id}/m`, { assistantPrefill: prefill });
      return withProvider(all, id, [listed]);
    }, empty);
    this.#close = () => ledger.close();
    const { engine } = createEngine({
      settings: () => settings,
      modelsDir: "",
      embeddingDir: "",
      keys: { get: async () => "key" },
      environment: {},
      transport: nodeTransport,
      createProvider: ({ id }) => this.#provider(id, models[id]?.script ?? []),
      ledger: async () => ledger,
      catalogue: async () => catalogue,
      clock: { ...systemClock, now: () => systemClock.now() + this.clockOffsetMs },
      random: () => 0,
      newId: randomUUID,
      userId: "tester",
      onError: (error) => this.errors.push(error),
    });
    this.#engine = engine;
  }

  static async open(
    models: Readonly<Record<string, ScriptedModel>>,
    settings: Record<string, unknown> = {},
  ): Promise<ScriptedChain> {
    const file = join(mkdtempSync(join(memoryFolder, "switchyard-scripted-")), "ledger.db");
    placeEmptyLedger(file);
    const ledger = await openLedger({ file, now: Date.now, randomId: randomUUID });
    return new ScriptedChain(models, settings, ledger);
  }

  /** Runs one prompt and collects its events. */
  run(more: Partial<EngineRequest> = {}, options: CollectOptions = {}): Promise<CollectedAnswer> {
    return collectAnswer(this.#engine, promptRequest(PROMPT, more), options);
  }

  /** Runs one prompt as a consumer that aborts at the event of this number, counted from 0. */
  abortAt(index: number): Promise<boolean> {
    return abortAnswerAt(this.#engine, promptRequest(PROMPT), (_, at) => at === index);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }

  #provider(id: string, script: Script): Provider {
    let calls = 0;
    return scriptedProvider(id, {
      script: (ask) => {
        this.asks.push({ model: id, ask });
        return typeof script === "function" ? script(ask) : (script[calls++] ?? []);
      },
      onCancel: () => {
        this.cancelled += 1;
      },
    });
  }
}
