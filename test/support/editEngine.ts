import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { inProject } from "../../scripts/project.ts";
import { createEngine } from "../../src/engine/createEngine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/sqlite/open.ts";
import { nodeTransport } from "../../src/providers/http/transport/nodeTransport.ts";
import { readSettings } from "../../src/settings/read.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { memoryFolder, placeEmptyLedger } from "./ledgers/emptyLedger.ts";
import { type RoutedSetup, routedSetup } from "./routedSimulator.ts";
import { throwError } from "./throwError.ts";

/** An engine with a ledger of its own, over a simulator that the settings name. */
export type EditEngine = {
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly simulator: RoutedSetup["simulator"];
  /** The settings that apply now. */
  readonly settings: () => Settings;
  /** Changes entries of the settings. */
  readonly change: (entries: Readonly<Record<string, unknown>>) => void;
  readonly close: () => Promise<void>;
};

/** Starts an engine for edits. @param entries settings besides those of `routedSetup` */
export async function editEngine(entries: Readonly<Record<string, unknown>>): Promise<EditEngine> {
  const setup = await routedSetup();
  const folder = await mkdtemp(join(memoryFolder, "switchyard-edits-"));
  const read = (more: Readonly<Record<string, unknown>>) =>
    readSettings({ ...setup.settings, ...entries, ...more }).settings;
  let settings = read({});
  const file = join(folder, "ledger.db");
  placeEmptyLedger(file);
  // Expected costs depend on the lengths of answers, which the ledger reads again as time passes.
  const startedMs = Date.now();
  const ledger = await openLedger({ file, now: () => startedMs, randomId: randomUUID });
  const data = (name: string) => inProject("src", name, "data");
  const { engine } = createEngine({
    settings: () => settings,
    modelsDir: data("models"),
    embeddingDir: data("embedding"),
    environment: setup.env,
    transport: nodeTransport,
    ledger: async () => ledger,
    simulator: undefined,
    random: () => 0,
    newId: randomUUID,
    userId: "tester",
    onError: throwError,
  });
  return {
    engine,
    ledger,
    simulator: setup.simulator,
    settings: () => settings,
    change: (more) => {
      settings = read(more);
    },
    close: async () => {
      await ledger.close();
      await setup.simulator.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
