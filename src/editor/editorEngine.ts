/**
 * The engine as the extension runs it, with the modules that take long to load. The extension imports this file
 * dynamically. Dynamically imported files share no modules, so everything that throws or checks a `Failure` is in here.
 */
import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { systemClock } from "../base/time/clock.ts";
import { createEngine, type EngineHost, type EngineParts } from "../engine/createEngine.ts";
import { ledgerFile } from "../ledger/ledgerFile.ts";
import { openLedger } from "../ledger/sqlite/open.ts";
import { nodeTransport } from "../providers/http/transport/nodeTransport.ts";

export type EditorEngineHost = Pick<EngineHost, "settings" | "keys" | "simulator" | "userId" | "onError"> & {
  /** The folder with the price list, the quality figures and the table of the built-in embedder. */
  readonly dataDir: string;
};

/** Creates the engine over Node's HTTP modules, in which VS Code applies its proxy and certificates. */
export function createEditorEngine({ dataDir, ...host }: EditorEngineHost): EngineParts {
  const file = ledgerFile({ platform: process.platform, env: process.env, homeDir: homedir() });
  return createEngine({
    ...host,
    modelsDir: dataDir,
    embeddingDir: dataDir,
    environment: process.env,
    transport: nodeTransport,
    ledger: () => openLedger({ file, now: systemClock.now, randomId: randomUUID }),
  });
}
