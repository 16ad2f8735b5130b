import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { systemClock } from "../base/time/clock.ts";
import type { AnswerEvent, AnswerSink } from "../contract/answer.ts";
import { textMessage } from "../contract/message.ts";
import { createEngine } from "../engine/createEngine.ts";
import type { Engine } from "../engine/engine.ts";
import { describeComplexity, routeName } from "../explain/decision/routes.ts";
import { formatDuration, formatMoney } from "../explain/format.ts";
import { describeCost } from "../explain/money.ts";
import { ledgerFile } from "../ledger/ledgerFile.ts";
import { openLedger } from "../ledger/sqlite/open.ts";
import { nodeTransport } from "../providers/http/transport/nodeTransport.ts";
import { readSettings } from "../settings/read.ts";
import { SIMULATOR_CARDS, simulatorProviders } from "../simulator/models.ts";
import { startSimulator } from "../simulator/server.ts";

const PROMPT = "Compare two ways to retry a failed request";

const dataDir = fileURLToPath(new URL("data", import.meta.url));

/** Sends one prompt to the simulator, and prints the decision, the answer and what it would cost. */
export async function runDemo(): Promise<void> {
  const { settings } = readSettings({});
  const simulator = await startSimulator();
  const file = ledgerFile({ platform: process.platform, env: process.env, homeDir: homedir() });
  const ledger = await openLedger({ file, now: systemClock.now, randomId: randomUUID });
  const { engine } = createEngine({
    settings: () => settings,
    modelsDir: dataDir,
    embeddingDir: dataDir,
    // API keys of the environment are not used, so that the demo costs nothing.
    environment: {},
    transport: nodeTransport,
    ledger: async () => ledger,
    simulator: {
      cards: SIMULATOR_CARDS,
      start: async () => ({ config: simulatorProviders(simulator.url).simulator, key: simulator.key }),
    },
    userId: "demo",
    onError: console.error,
  });
  try {
    await printAnswer(engine);
  } finally {
    await ledger.close();
    await simulator.stop();
  }
}

async function printAnswer(engine: Engine): Promise<void> {
  console.log(`\n> ${PROMPT}\n`);
  const request = {
    messages: [textMessage("user", PROMPT)],
    ownWords: PROMPT,
    characters: PROMPT.length,
    paths: [],
    isPrivate: false,
  };
  const sink: AnswerSink = {
    push(event) {
      if (event.type === "decided") console.log(`${describeDecision(event)}\n`);
      else if (event.type === "text") process.stdout.write(event.text);
    },
    drained: () => undefined,
  };
  const summary = await engine.run(request, sink, new AbortController().signal);
  const { ending, modelUsed, cost, wouldCostNanoUsd, tookMs } = summary;
  if (ending.kind !== "complete") throw new Error(`The simulator did not answer: ${JSON.stringify(ending)}`);
  const would = wouldCostNanoUsd === undefined ? "" : ` (would cost ${formatMoney(wouldCostNanoUsd)})`;
  console.log(`\n\n${modelUsed} · ${describeCost(cost)}${would} · ${formatDuration(tookMs)}`);
}

function describeDecision({ decision, tookMs }: Extract<AnswerEvent, { type: "decided" }>): string {
  const model = decision.outcome.kind === "chosen" ? decision.outcome.chain[0].ref : "none";
  return (
    `Complexity: ${describeComplexity(decision.features.complexity)}\n` +
    `Route: ${routeName(decision.route)}\n` +
    `Model: ${model}\n` +
    `Decided in ${tookMs.toFixed(1)} ms`
  );
}
