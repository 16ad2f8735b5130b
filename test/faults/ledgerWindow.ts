/**
 * A window of its own, without its screen: a real engine that asks a simulator over HTTP, on a ledger that it shares.
 * Arguments: what to do, as JSON. It says a line when it is ready, and begins at its parent's word.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../src/base/clock.ts";
import type { AnswerSummary } from "../../src/contract/answer.ts";
import { Engine } from "../../src/engine/engine.ts";
import { openLedger } from "../../src/ledger/sqlite/open.ts";
import { loadCatalogue } from "../../src/models/catalogueFiles.ts";
import { Connections } from "../../src/providers/connections.ts";
import { createProvider } from "../../src/providers/createProvider.ts";
import { createTransport } from "../../src/providers/transport.ts";
import { readSettings } from "../../src/settings/read.ts";
import { collectAnswer } from "../support/collectAnswer.ts";
import { promptRequest } from "../support/engineRequest.ts";

export type WindowWork = {
  readonly file: string;
  readonly url: string;
  readonly key: string;
  readonly requests: number;
  /** Prompts under way at once. */
  readonly abreast: number;
  readonly whenExceeded: "free" | "stop";
  readonly dailyUsd: number;
  /** How much later than now it is for this window's ledger. */
  readonly laterMs: number;
};

/** What the priced model costs, in nano-dollars a token. */
export const NANO_PER_TOKEN = { input: 150, output: 600 } as const;

/** What a window saw, by its own count: `spentNanoUsd` from the tokens that the provider told, at its prices. */
export type WindowDone = {
  readonly spentNanoUsd: number;
  readonly paid: number;
  readonly free: number;
  readonly stopped: number;
  readonly other: number;
};

if (import.meta.main) await work(JSON.parse(process.argv[2] ?? ""));

async function work({
  file,
  url,
  key,
  requests,
  abreast,
  whenExceeded,
  dailyUsd,
  laterMs,
}: WindowWork): Promise<void> {
  const openai = { kind: "openai-compatible", baseUrl: `${url}/openai/v1`, apiKeyEnv: "KEY" };
  const { settings } = readSettings({
    "switchyard.providers": { east: openai, home: { ...openai, local: true } },
    "switchyard.models": {
      "east/sim-cheap": {
        inputUsdPerMTok: NANO_PER_TOKEN.input / 1000,
        outputUsdPerMTok: NANO_PER_TOKEN.output / 1000,
      },
    },
    "switchyard.routes": [{ name: "All", models: ["east/sim-cheap"] }],
    "switchyard.budget.dailyUsd": dailyUsd,
    "switchyard.budget.whenExceeded": whenExceeded,
  });
  // One day for all, or a test that runs at midnight would count in two.
  const dayOf = () => "2026-11-21";
  const now = () => Date.now() + laterMs;
  const ledger = await openLedger({ file, now, randomId: randomUUID, dayOf });
  const catalogue = await loadCatalogue(fileURLToPath(new URL("../../src/models/data", import.meta.url)));
  const engine = new Engine({
    settings: () => settings,
    catalogue: async () => catalogue,
    connections: new Connections({
      settings: () => settings,
      keys: { get: async () => undefined },
      environment: { KEY: key },
      create: (config, configuredKey) => createProvider(config, configuredKey, createTransport),
      standIn: () => Promise.reject(new Error("No simulator is started here.")),
    }),
    builtInEmbedder: () => Promise.reject(new Error("No route has examples.")),
    ledger: async () => ledger,
    clock: systemClock,
    random: Math.random,
    newId: randomUUID,
    userId: "tester",
  });
  say({ ready: true });
  await once(process.stdin, "data");

  const done = new Map<string, number>();
  const count = (what: keyof WindowDone, more = 1) => done.set(what, (done.get(what) ?? 0) + more);
  let begun = 0;
  const ask = async () => {
    while (begun < requests) {
      begun += 1;
      const { summary } = await collectAnswer(engine, promptRequest(`What is closure number ${begun}?`));
      count("spentNanoUsd", realCostOf(summary));
      if (summary.ending.kind === "not-sent") count("stopped");
      else if (summary.ending.kind !== "complete") count("other");
      else count(summary.modelUsed?.startsWith("home/") ? "free" : "paid");
      if (begun % 20 === 0) say({ begun });
    }
  };
  await Promise.all(Array.from({ length: abreast }, ask));
  await ledger.close();
  say({ done: Object.fromEntries(done) });
  process.stdin.destroy();
}

function realCostOf({ attempts }: AnswerSummary): number {
  return attempts
    .filter(({ ref }) => ref === "east/sim-cheap")
    .reduce(
      (sum, { usage }) =>
        sum +
        (usage?.inputTokens ?? 0) * NANO_PER_TOKEN.input +
        (usage?.outputTokens ?? 0) * NANO_PER_TOKEN.output,
      0,
    );
}

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
