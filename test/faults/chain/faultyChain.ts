import { once } from "node:events";
import { createServer } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, vi } from "vitest";
import type { AnswerEvent } from "../../../src/contract/answer.ts";
import { answerTo } from "../../../src/simulator/answers/answers.ts";
import type { Fault } from "../../../src/simulator/faults.ts";
import type { CollectedAnswer } from "../../support/collectAnswer.ts";
import { InstantClock } from "../../support/instantClock.ts";
import { expectSettled } from "./expectations.ts";
import {
  answerOf,
  type ChainModel,
  KINDS,
  type Kind,
  PROMPT,
  request,
  startTestChain,
  type TestChain,
} from "./testChain.ts";

/** How one model of a chain fails. */
export type ModelFault =
  | { readonly kind: "fault"; readonly fault: Fault }
  /** No server listens at its provider's address. */
  | { readonly kind: "connection-refused" }
  /** A connection to its provider is never established. */
  | { readonly kind: "never-connects" };

/** The place of the faulty model in a chain of three, and the kind of consumer. */
type Case = {
  readonly name: string;
  readonly at: 0 | 1 | 2;
  /** False for a stream; true for a consumer that shows nothing before the end. */
  readonly canRetract: boolean;
};

const PLACES = [
  { place: "first", at: 0 },
  { place: "middle", at: 1 },
  { place: "last", at: 2 },
] as const;

/** Every place in a chain, with both kinds of consumer. */
const CASES: readonly Case[] = PLACES.flatMap(({ place, at }) => [
  { name: `${place}, streamed`, at, canRetract: false },
  { name: `${place}, in one piece`, at, canRetract: true },
]);

/** The result of one case. */
export type Run = {
  readonly at: number;
  readonly scene: TestChain;
  readonly answer: CollectedAnswer;
  readonly clock: InstantClock;
  /** The model that fails. */
  readonly faulty: ChainModel;
  /** The model after it in the chain. */
  readonly next: ChainModel | undefined;
};

type FaultOptions = {
  /** How many requests fail. The default is all. */
  readonly times?: number | undefined;
  /** The input limits of the chain's models, in tokens. */
  readonly inputLimits?: readonly number[] | undefined;
};

/** Every limit of a call. No healthy one takes this long, and the tests let it pass for a call that waits for ever. */
const LIMIT_MS = 100_000;

/** The simulator's answer, as it is streamed. */
export const PIECES = [...answerTo([{ role: "user", content: PROMPT }]).pieces];

/** Accepts connections and sends nothing, so a TLS handshake with it never ends. */
const silent = createServer();
let silentOrigin = "";

/**
 * Starts and stops the silent server, and makes the timers of this process manual. A test file that uses `testEveryPlace`
 * calls it once.
 */
export function useFaultyChains(): void {
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    silentOrigin = `https://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  });
  afterAll(() => {
    vi.useRealTimers();
    silent.close();
  });
}

/**
 * Tests a faulty model of this kind at every place in a chain and with both kinds of consumer, all at the same time unless
 * a limit has to pass. The models before it answer with 404, so that it is asked. The models after it are healthy.
 * @throws the error of the first failed check, with the name of its case
 */
export async function testEveryPlace(
  kind: Kind,
  modelFault: ModelFault,
  check: (run: Run) => void | Promise<void>,
  options: FaultOptions = {},
): Promise<void> {
  const run = (faultCase: Case) => testOnce(kind, faultCase, modelFault, check, options);
  const cases = CASES;
  if (isEndless(modelFault)) {
    for (const faultCase of cases) await run(faultCase);
    return;
  }
  const results = await Promise.allSettled(cases.map(run));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

async function testOnce(
  kind: Kind,
  { name, at, canRetract }: Case,
  modelFault: ModelFault,
  check: (run: Run) => void | Promise<void>,
  { times, inputLimits }: FaultOptions,
): Promise<void> {
  const clock = new InstantClock();
  const call = new EndlessCall(modelFault, at);
  const scene = await startTestChain({
    kinds: kindsWith(kind, at),
    clock,
    settings: {
      "switchyard.timeouts": { connectMs: LIMIT_MS, firstTokenMs: LIMIT_MS, idleMs: LIMIT_MS },
    },
    inputLimits,
    onReceived: call.onReceived,
    elsewhere: modelFault.kind === "fault" ? undefined : { at, origin: originOf(modelFault) },
  });
  try {
    const [faulty, next] = scene.chain.slice(at);
    if (faulty === undefined) throw new Error("The chain is too short.");
    for (const { model } of scene.chain.slice(0, at)) {
      scene.simulator.injectFault({ model, times: "always", fault: { kind: "status", status: 404 } });
    }
    if (modelFault.kind === "fault") {
      scene.simulator.injectFault({ model: faulty.model, times: times ?? "always", fault: modelFault.fault });
    }
    const waiting = isEndless(modelFault) ? call.waits(scene) : undefined;
    const answering = answerOf(scene, request({ canRetract }), undefined, call.onEvent);
    await waiting;
    if (waiting !== undefined) vi.advanceTimersByTime(LIMIT_MS);
    const answer = await answering;
    await check({ at, scene, answer, clock, faulty, next });
    await expectSettled(scene, answer);
  } catch (error) {
    if (error instanceof Error) error.message = `${name}: ${error.message}`;
    throw error;
  } finally {
    await scene.close();
  }
}

/** Whether a model with this fault never ends its answer, so that a limit has to pass. */
function isEndless(modelFault: ModelFault): boolean {
  if (modelFault.kind !== "fault") return modelFault.kind === "never-connects";
  return ["delayHeaders", "slowFirstToken", "stall"].includes(modelFault.fault.kind);
}

/** Observes a chain until its faulty model has sent all that it ever sends. */
class EndlessCall {
  readonly #fault: ModelFault;
  readonly #at: number;
  readonly #hasHeaders = Promise.withResolvers<void>();
  readonly #hasText = Promise.withResolvers<void>();
  #responses = 0;
  #text = "";

  /** @param at the place of the faulty model; those before it respond with an error */
  constructor(fault: ModelFault, at: number) {
    this.#fault = fault;
    this.#at = at;
  }

  readonly onReceived = (what: "headers" | "body"): void => {
    if (what === "headers" && this.#responses++ === this.#at) this.#hasHeaders.resolve();
  };

  readonly onEvent = (event: AnswerEvent): void => {
    if (this.#fault.kind !== "fault" || this.#fault.fault.kind !== "stall" || event.type !== "text") return;
    this.#text += event.text;
    if (this.#text === PIECES.slice(0, this.#fault.fault.afterTokens).join("")) this.#hasText.resolve();
  };

  /** Resolves when the call can only wait. */
  async waits({ simulator, chain }: TestChain): Promise<void> {
    if (this.#fault.kind !== "fault") await once(silent, "connection");
    else if (this.#fault.fault.kind === "stall") await this.#hasText.promise;
    else if (this.#fault.fault.kind === "slowFirstToken") await this.#hasHeaders.promise;
    else while ((await simulator.nextRequest()).model !== chain[this.#at]?.model);
    // A limit begins after the events of a read.
    await turn();
  }
}

/** A model of this kind at this place, and models of two other kinds at the others. */
function kindsWith(kind: Kind, at: 0 | 1 | 2): readonly [Kind, Kind, Kind] {
  const [a = kind, b = kind] = KINDS.filter((other) => other !== kind);
  switch (at) {
    case 0:
      return [kind, a, b];
    case 1:
      return [a, kind, b];
    case 2:
      return [a, b, kind];
  }
}

/** No server listens at port 9, the discard port. */
function originOf(modelFault: ModelFault): string {
  return modelFault.kind === "never-connects" ? silentOrigin : "http://127.0.0.1:9";
}
