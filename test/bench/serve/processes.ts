import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inProject } from "../../../scripts/project.ts";

/** The processes that figures are measured with: the upstream, a bare relay to it, and `serve` as it is shipped. */
export type Processes = {
  readonly upstream: ChildProcess;
  readonly upstreamOrigin: string;
  readonly relay: ChildProcess;
  readonly relayOrigin: string;
  readonly serve: ChildProcess;
  readonly serveOrigin: string;
  stop(): Promise<void>;
};

export const TOKEN = "bench";

export async function startProcesses(nodeFlags: readonly string[] = []): Promise<Processes> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-serve-bench-"));
  const upstream = fork(inProject("test/bench/serve/upstream.ts"));
  const upstreamOrigin = `http://127.0.0.1:${await portOf(upstream)}`;
  const relay = fork(inProject("test/bench/serve/relay.ts"), [upstreamOrigin]);
  const relayOrigin = `http://127.0.0.1:${await portOf(relay)}`;
  const settings = join(folder, "settings.json");
  await writeFile(settings, JSON.stringify(settingsFor(upstreamOrigin)));
  const serve = spawn(
    process.execPath,
    [
      ...nodeFlags,
      inProject("dist/switchyard.js"),
      "serve",
      ...["--settings", settings, "--port", "0", "--token", TOKEN, "--ledger", join(folder, "ledger.db")],
    ],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, BENCH_KEY: "k" } },
  );
  const serveOrigin = await originOf(serve);
  return {
    upstream,
    upstreamOrigin,
    relay,
    relayOrigin,
    serve,
    serveOrigin,
    async stop() {
      upstream.kill();
      relay.kill();
      serve.kill();
      await once(serve, "close");
      await rm(folder, { recursive: true });
    },
  };
}

/** Typical settings: two models at one address, ten routes, and a budget. */
function settingsFor(origin: string): object {
  const provider = { kind: "openai-compatible", baseUrl: `${origin}/v1`, apiKeyEnv: "BENCH_KEY" };
  const card = {
    inputUsdPerMTok: 0.001,
    outputUsdPerMTok: 0.002,
    quality: 0.7,
    maxInputTokens: 1_000_000,
    maxOutputTokens: 32_768,
  };
  const some = Array.from({ length: 9 }, (_, at) => ({
    name: `Command ${at}`,
    when: { commands: [`command${at}`] },
    models: ["up/up"],
  }));
  return {
    "switchyard.providers": { up: provider, other: provider },
    "switchyard.models": { "up/up": card, "other/up": card },
    "switchyard.routes": [...some, { name: "All", models: ["up/up", "other/up"] }],
    "switchyard.budget.dailyUsd": 1000,
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  const [message] = await once(child, "message");
  return Number(message.port);
}

async function originOf(serve: ChildProcess): Promise<string> {
  let output = "";
  for await (const piece of serve.stdout ?? []) {
    output += String(piece);
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
    if (found !== undefined) return found;
  }
  throw new Error(`serve did not start: ${output}`);
}

/** Milliseconds of processor time that a process has used, and its memory in MB. Linux only. */
export async function usageOf(
  child: ChildProcess,
): Promise<{ readonly cpuMs: number; readonly rssMb: number }> {
  const stat = await readFile(`/proc/${child.pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { cpuMs: ticks * 10, rssMb: (Number(fields[21]) * 4096) / 1e6 };
}
