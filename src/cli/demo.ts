import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { v7 as uuidV7 } from "uuid";
import { systemClock } from "../base/clock.ts";
import type { AnswerEvent, AnswerSink } from "../contract/answer.ts";
import { routeName } from "../contract/decision.ts";
import { textMessage } from "../contract/message.ts";
import { loadBuiltIn } from "../embedding/builtIn.ts";
import { Engine } from "../engine/engine.ts";
import { formatDuration, formatMoney } from "../explain/format.ts";
import { describeCost } from "../explain/money.ts";
import { ledgerFile } from "../ledger/ledgerFile.ts";
import { openLedger } from "../ledger/sqlite/open.ts";
import { withProvider } from "../models/catalogue.ts";
import { loadCatalogue } from "../models/catalogueFiles.ts";
import { nodeTransport } from "../providers/http/nodeTransport.ts";
import { createProvider } from "../providers/registry/createProvider.ts";
import { ProviderRegistry, SIMULATOR_ID } from "../providers/registry/providerRegistry.ts";
import { readSettings } from "../settings/read.ts";
import { SIMULATOR_CARDS, simulatorProviders } from "../simulator/models.ts";
import { startSimulator } from "../simulator/server.ts";

const PROMPT = "Compare two ways to retry a failed request";

const dataDir = fileURLToPath(new URL("data", import.meta.url));

/** Sends one prompt to the simulator, and prints the decision, the answer and what it would cost. */
export async function runDemo(): Promise<void> {
  const { settings } = readSettings({});
  const simulator = await startSimulator();
  const providers = new ProviderRegistry({
    settings: () => settings,
    keys: { get: async () => undefined },
    // API keys of the environment are not used, so that the demo costs nothing.
    environment: {},
    create: (config, key) => createProvider(config, key, nodeTransport),
    startSimulator: async () => ({ config: simulatorProviders(simulator.url).simulator, key: simulator.key }),
  });
  const { now } = systemClock;
  const file = ledgerFile({ platform: process.platform, env: process.env, homeDir: homedir() });
  const ledger = await openLedger({ file, now, randomId: randomUUID });
  const engine = new Engine({
    settings: () => settings,
    catalogue: async () => withProvider(await loadCatalogue(dataDir), SIMULATOR_ID, SIMULATOR_CARDS),
    providers,
    builtInEmbedder: () => loadBuiltIn(dataDir),
    ledger: async () => ledger,
    clock: systemClock,
    random: Math.random,
    newId: () => uuidV7(),
    onError: console.error,
    userId: "demo",
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
  const { level, reason } = decision.features.complexity;
  const why = reason.kind === "keyword" ? `the keyword “${reason.keyword}”` : "the length";
  const model = decision.outcome.kind === "chosen" ? decision.outcome.chain[0].ref : "none";
  return (
    `Complexity ${level}, because of ${why}. Route ${routeName(decision.route)}, model ${model}.\n` +
    `Decided in ${tookMs.toFixed(1)} ms.`
  );
}
