import { createServer } from "node:net";
import { afterAll, beforeAll } from "vitest";
import type { Fault } from "../../src/simulator/faults.ts";
import type { CollectedAnswer } from "../support/collectAnswer.ts";
import { InstantClock } from "../support/instantClock.ts";
import { expectSettled } from "./expectations.ts";
import {
  answerOf,
  type ChainModel,
  KINDS,
  type Kind,
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

/** Long enough for a healthy answer on a busy machine, and short, because the tests wait for it. */
const LIMIT_MS = 400;

/** Accepts connections and sends nothing, so a TLS handshake with it never ends. */
const silent = createServer();
let silentOrigin = "";

/** Starts and stops the silent server. A test file that uses `testEveryPlace` calls it once. */
export function useFaultyChains(): void {
  beforeAll(async () => {
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    silentOrigin = `https://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  });
  afterAll(() => void silent.close());
}

/**
 * Tests a faulty model of this kind at every place in a chain and with both kinds of consumer, all at the same time. The
 * models before it answer with 404, so that it is asked. The models after it are healthy.
 * @throws the error of the first failed check, with the name of its case
 */
export async function testEveryPlace(
  kind: Kind,
  modelFault: ModelFault,
  check: (run: Run) => void | Promise<void>,
  options: FaultOptions = {},
): Promise<void> {
  const results = await Promise.allSettled(
    CASES.map((faultCase) => testOnce(kind, faultCase, modelFault, check, options)),
  );
  for (const [index, result] of results.entries()) {
    if (result.status === "fulfilled") continue;
    const { reason } = result;
    if (reason instanceof Error) reason.message = `${CASES[index]?.name}: ${reason.message}`;
    throw reason;
  }
}

async function testOnce(
  kind: Kind,
  { at, canRetract }: Case,
  modelFault: ModelFault,
  check: (run: Run) => void | Promise<void>,
  { times, inputLimits }: FaultOptions,
): Promise<void> {
  const clock = new InstantClock();
  const scene = await startTestChain({
    kinds: kindsWith(kind, at),
    clock,
    timeoutsMs: PLACES.map((place) => (place.at === at ? firstTokenLimit(modelFault) : undefined)),
    settings: { "switchyard.timeouts": timeoutsFor(modelFault) },
    inputLimits,
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
    const answer = await answerOf(scene, request({ canRetract }));
    await check({ at, scene, answer, clock, faulty, next });
    await expectSettled(scene, answer);
  } finally {
    await scene.close();
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

function firstTokenLimit(modelFault: ModelFault): number | undefined {
  const isSilent =
    modelFault.kind === "fault" &&
    (modelFault.fault.kind === "delayHeaders" || modelFault.fault.kind === "slowFirstToken");
  return isSilent ? LIMIT_MS : undefined;
}

function timeoutsFor(modelFault: ModelFault): Readonly<Record<string, number>> {
  if (modelFault.kind === "never-connects") return { connectMs: LIMIT_MS };
  return modelFault.kind === "fault" && modelFault.fault.kind === "stall" ? { idleMs: LIMIT_MS } : {};
}

/** No server listens at port 9, the discard port. */
function originOf(modelFault: ModelFault): string {
  return modelFault.kind === "never-connects" ? silentOrigin : "http://127.0.0.1:9";
}
