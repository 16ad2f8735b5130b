import { createServer } from "node:net";
import { afterAll, beforeAll } from "vitest";
import type { Fault } from "../../src/simulator/faults.ts";
import type { CollectedAnswer } from "../support/collectAnswer.ts";
import { answerOf, type ChainScene, chainScene, KINDS, type Kind, type Link, request } from "./chainScene.ts";
import { expectMoneyToAddUp } from "./expectations.ts";
import { WaitlessClock } from "./waitlessClock.ts";

/** What goes wrong with one model of a chain. */
export type Strike =
  | { readonly kind: "fault"; readonly fault: Fault }
  /** Nobody listens at its provider's address. */
  | { readonly kind: "nobody-listens" }
  /** A connection to its provider never stands. */
  | { readonly kind: "never-connects" };

/** Where in a chain of three it happens, and to whom. */
export type Case = {
  readonly name: string;
  readonly at: 0 | 1 | 2;
  /** False for a stream, true for a consumer that wants one piece and has shown nothing before the end. */
  readonly canTakeBack: boolean;
};

const PLACES = [
  { place: "first", at: 0 },
  { place: "middle", at: 1 },
  { place: "last", at: 2 },
] as const;

/** Every place of a chain, for either kind of consumer. */
const CASES: readonly Case[] = PLACES.flatMap(({ place, at }) => [
  { name: `${place}, streamed`, at, canTakeBack: false },
  { name: `${place}, in one piece`, at, canTakeBack: true },
]);

/** How a case went. */
export type Run = {
  readonly at: number;
  readonly scene: ChainScene;
  readonly answer: CollectedAnswer;
  readonly clock: WaitlessClock;
  /** The model that was struck. */
  readonly struck: Link;
  /** The model behind it. */
  readonly next: Link | undefined;
};

export type StrikeOptions = {
  /** How many requests it strikes; all of them where left out. */
  readonly times?: number;
  /** Of all models of the chain. */
  readonly windows?: readonly number[];
};

/** Long enough for a busy machine's healthy answer, short enough to be waited for. */
const LIMIT_MS = 400;

/** Takes connections and never says a word: a TLS handshake with it has no end. */
const silent = createServer();
let silentOrigin = "";

/** To be called once in a file that strikes. */
export function useStrikes(): void {
  beforeAll(async () => {
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    silentOrigin = `https://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  });
  afterAll(() => void silent.close());
}

/**
 * Strikes a model of this kind at every place of a chain, for either kind of consumer, all at once. The models before it
 * do not exist, so that its turn comes; those behind it are well.
 * @throws what the first failed check threw, with the case's name in front
 */
export async function strikeEverywhere(
  kind: Kind,
  strike: Strike,
  check: (run: Run) => void | Promise<void>,
  options: StrikeOptions = {},
): Promise<void> {
  const results = await Promise.allSettled(CASES.map((one) => strikeOnce(kind, one, strike, check, options)));
  for (const [index, result] of results.entries()) {
    if (result.status === "fulfilled") continue;
    const { reason } = result;
    if (reason instanceof Error) reason.message = `${CASES[index]?.name}: ${reason.message}`;
    throw reason;
  }
}

async function strikeOnce(
  kind: Kind,
  { at, canTakeBack }: Case,
  strike: Strike,
  check: (run: Run) => void | Promise<void>,
  { times, windows }: StrikeOptions,
): Promise<void> {
  const clock = new WaitlessClock();
  const scene = await chainScene({
    kinds: kindsWith(kind, at),
    clock,
    timeoutsMs: PLACES.map((place) => (place.at === at ? firstTokenLimit(strike) : undefined)),
    settings: { "switchyard.timeouts": timeoutsFor(strike) },
    ...(windows === undefined ? {} : { windows }),
    ...(strike.kind === "fault" ? {} : { elsewhere: { at, origin: originOf(strike) } }),
  });
  try {
    const [struck, next] = scene.chain.slice(at);
    if (struck === undefined) throw new Error("The chain is too short.");
    for (const { model } of scene.chain.slice(0, at)) {
      scene.simulator.injectFault({ model, times: "always", fault: { kind: "status", status: 404 } });
    }
    if (strike.kind === "fault") {
      scene.simulator.injectFault({ model: struck.model, times: times ?? "always", fault: strike.fault });
    }
    const answer = await answerOf(scene, request({ canTakeBack }));
    await check({ at, scene, answer, clock, struck, next });
    await expectMoneyToAddUp(scene, answer);
  } finally {
    await scene.close();
  }
}

/** A chain with a model of this kind at this place, and others of other kinds round it. */
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

function firstTokenLimit(strike: Strike): number | undefined {
  const isSilent =
    strike.kind === "fault" &&
    (strike.fault.kind === "delayHeaders" || strike.fault.kind === "slowFirstToken");
  return isSilent ? LIMIT_MS : undefined;
}

function timeoutsFor(strike: Strike): Readonly<Record<string, number>> {
  if (strike.kind === "never-connects") return { connectMs: LIMIT_MS };
  return strike.kind === "fault" && strike.fault.kind === "stall" ? { idleMs: LIMIT_MS } : {};
}

/** Nobody listens at the discard port of a machine of today. */
function originOf(strike: Strike): string {
  return strike.kind === "never-connects" ? silentOrigin : "http://127.0.0.1:9";
}
