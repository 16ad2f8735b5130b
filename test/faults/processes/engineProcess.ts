/**
 * A process with an engine, like a window without its screen. It asks a simulator over HTTP and shares its ledger with other
 * processes. Its argument is the work, as JSON. It prints a line when it is ready, and begins when its parent writes a line.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { AnswerSummary } from "../../../src/contract/answer.ts";
import { createEngine } from "../../../src/engine/createEngine.ts";
import { openLedger } from "../../../src/ledger/sqlite/open.ts";
import { nodeTransport } from "../../../src/providers/http/transport/nodeTransport.ts";
import { readSettings } from "../../../src/settings/read.ts";
import { collectAnswer } from "../../support/collectAnswer.ts";
import { promptRequest } from "../../support/engineRequest.ts";
import { throwError } from "../../support/throwError.ts";

export type WindowWork = {
  readonly file: string;
  readonly url: string;
  readonly key: string;
  readonly requests: number;
  /** How many prompts run at the same time. */
  readonly concurrency: number;
  readonly whenExceeded: "free" | "stop";
  readonly dailyUsd: number;
  /** Added to the clock of this window's ledger. */
  readonly clockOffsetMs: number;
};

/** The prices of the paid model, in nano-dollars per token. */
export const NANO_PER_TOKEN = { input: 150, output: 600 } as const;

/** What a window counted. `spentNanoUsd` comes from the tokens that the provider reported, at its prices. */
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
  concurrency,
  whenExceeded,
  dailyUsd,
  clockOffsetMs,
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
    // The free model is in a route, so that it is known before its server has listed it.
    "switchyard.routes": [
      { name: "Free", when: { commands: ["never"] }, models: ["home/sim-local"] },
      { name: "All", models: ["east/sim-cheap"] },
    ],
    "switchyard.budget.dailyUsd": dailyUsd,
    // All that eight windows reserve at once is less than the budget, also if they are killed.
    "switchyard.maxOutputTokens": 4_096,
    "switchyard.budget.whenExceeded": whenExceeded,
    // Eight processes on a busy machine are slow. No limit of a call has to end one of their answers.
    "switchyard.timeouts": { connectMs: 120_000, firstTokenMs: 120_000, idleMs: 120_000 },
  });
  // All processes use one day. Otherwise a test at midnight would count in two.
  const dayOf = () => "2026-11-21";
  const now = () => Date.now() + clockOffsetMs;
  const ledger = await openLedger({ file, now, randomId: randomUUID, dayOf });
  const { engine } = createEngine({
    settings: () => settings,
    modelsDir: fileURLToPath(new URL("../../../src/models/data", import.meta.url)),
    embeddingDir: fileURLToPath(new URL("../../../src/embedding/data", import.meta.url)),
    environment: { KEY: key },
    transport: nodeTransport,
    ledger: async () => ledger,
    userId: "tester",
    onError: throwError,
  });
  print({ ready: true });
  await once(process.stdin, "data");

  const done = new Map<string, number>();
  const count = (what: keyof WindowDone, more = 1) => done.set(what, (done.get(what) ?? 0) + more);
  let started = 0;
  const ask = async () => {
    while (started < requests) {
      started += 1;
      const { summary } = await collectAnswer(engine, promptRequest(`What is closure number ${started}?`));
      count("spentNanoUsd", realCostOf(summary));
      if (summary.ending.kind === "not-sent") count("stopped");
      else if (summary.ending.kind !== "complete") count("other");
      else count(summary.modelUsed?.startsWith("home/") ? "free" : "paid");
      if (started % 5 === 0) print({ started });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, ask));
  await ledger.close();
  print({ done: Object.fromEntries(done) });
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

function print(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
