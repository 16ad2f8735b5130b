import { expect, it, onTestFinished } from "vitest";
import { inProject } from "../../../scripts/project.ts";
import { createEngine } from "../../../src/engine/createEngine.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { nodeTransport } from "../../../src/providers/http/transport/nodeTransport.ts";
import { startServer } from "../../../src/server/server.ts";
import { readSettings } from "../../../src/settings/read.ts";
import type { Settings } from "../../../src/settings/schema.ts";
import { startSimulator } from "../../../src/simulator/server.ts";
import { collectAnswer } from "../../support/collectAnswer.ts";
import { promptRequest } from "../../support/engineRequest.ts";
import { throwError } from "../../support/throwError.ts";
import { sharedLedger } from "./processes.ts";

const TOKEN = "the-token-of-this-test";

/** Two windows and a server, each with a connection of its own to one ledger. */
async function startAll() {
  const simulator = await startSimulator({ tokensPerSecond: 0 });
  onTestFinished(() => simulator.stop());
  const settingsWith = (dailyUsd: number): Settings =>
    readSettings({
      "switchyard.providers": {
        up: { kind: "openai-compatible", baseUrl: `${simulator.url}/openai/v1`, apiKeyEnv: "KEY" },
      },
      "switchyard.models": { "up/sim-cheap": { inputUsdPerMTok: 1, outputUsdPerMTok: 4 } },
      "switchyard.routes": [{ name: "All", models: ["up/sim-cheap"] }],
      "switchyard.budget.dailyUsd": dailyUsd,
    }).settings;
  let settings = settingsWith(1);
  const testLedger = sharedLedger();
  // The default is 500 ms, so that a window shows within a second what another one has spent.
  const ledgers = await Promise.all([1, 2, 3].map(() => testLedger.open({ pollMs: 5 })));
  const [first, second, endpoint] = ledgers.map((ledger) =>
    createEngine({
      settings: () => settings,
      modelsDir: inProject("src/models/data"),
      embeddingDir: inProject("src/embedding/data"),
      environment: { KEY: simulator.key },
      transport: nodeTransport,
      ledger: async () => ledger,
      userId: "tester",
      onError: throwError,
    }),
  );
  if (first === undefined || second === undefined || endpoint === undefined) throw new Error("No ledger.");
  const server = await startServer({
    ...endpoint,
    token: TOKEN,
    port: 0,
    settings: () => settings,
    now: Date.now,
    onError: throwError,
  });
  onTestFinished(() => server.stop());
  return {
    ledgers,
    askIn: (window: typeof first) => collectAnswer(window.engine, promptRequest("Hello. [tokens: 20]")),
    first,
    second,
    askEndpoint: () =>
      fetch(`${server.url}/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify({ model: "auto", messages: [{ role: "user", content: "Hello. [tokens: 20]" }] }),
      }),
    setBudget(dailyUsd: number) {
      settings = settingsWith(dailyUsd);
    },
  };
}

/** What each process has read after the last change that it was told of, as a window shows it. */
function shownBy(ledgers: readonly Ledger[]): readonly (number | undefined)[] {
  const shown: (number | undefined)[] = ledgers.map(() => undefined);
  for (const [at, { budget }] of ledgers.entries()) {
    onTestFinished(
      budget.onDidChange(() => {
        void budget.today().then(({ spentNanoUsd }) => {
          shown[at] = spentNanoUsd;
        }, throwError);
      }),
    );
  }
  return shown;
}

it("shows and enforces the same spend in every window and over the endpoint", async () => {
  const all = await startAll();
  const shown = shownBy(all.ledgers);

  const { summary } = await all.askIn(all.first);
  const cost = summary.cost.kind === "exact" ? summary.cost.nanoUsd : Number.NaN;
  expect(cost).toBeGreaterThan(0);
  await expect.poll(() => shown).toEqual([cost, cost, cost]);

  expect((await all.askEndpoint()).status).toBe(200);
  await expect.poll(() => shown).toEqual([2 * cost, 2 * cost, 2 * cost]);

  // A budget that is spent already.
  all.setBudget(0.00001);
  for (const window of [all.first, all.second]) {
    const blocked = (await all.askIn(window)).summary.ending;
    expect(blocked).toMatchObject({ kind: "not-sent", reason: { kind: "over-budget", leftNanoUsd: 0 } });
  }
  expect((await all.askEndpoint()).status).toBe(402);
  expect(shown).toEqual([2 * cost, 2 * cost, 2 * cost]);
});
