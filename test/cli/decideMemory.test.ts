import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CliProgram, ended } from "./cliProgram.ts";

const LINES = 100_000;

const SETTINGS = {
  "switchyard.routes": [
    { name: "Write code", examples: ["Write a Python function"], models: ["anthropic/claude-sonnet-5-5"] },
    { name: "All", models: ["openai/gpt-6-luna", "anthropic/claude-haiku-5-5"], pick: "cheapest" },
  ],
};

/** Little more than the built-in embedder needs: memory that grew with the lines would not fit. */
const HEAP = ["--max-old-space-size=48", "--max-semi-space-size=2"];

const REPORT = `process.on("exit", () => process._rawDebug("maxRSS " + process.resourceUsage().maxRSS));`;

let program: CliProgram;

beforeAll(async () => {
  program = await CliProgram.build();
});
afterAll(() => program.remove());

it("decides 100,000 lines in constant memory, in order", { timeout: 300_000 }, async () => {
  await program.write("settings.json", JSON.stringify(SETTINGS));
  const report = await program.write("report.cjs", REPORT);
  const args = ["decide", "--settings", "settings.json"];
  const child = program.start(args, [process.execPath, ...HEAP, "--require", report]);
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error("A stream is not a pipe.");
  const closed = ended(child);
  let stderrText = "";
  stderr.on("data", (piece: Buffer) => {
    stderrText += piece.toString();
  });
  const [read] = await Promise.all([countInOrder(stdout), feed(stdin)]);
  expect([await closed, read]).toEqual([0, LINES]);
  const megabytes = Number(/^maxRSS (\d+)\n$/.exec(stderrText)?.[1]) / 1024;
  expect(megabytes).toBeLessThan(250);
});

async function feed(stdin: Writable): Promise<void> {
  for (let from = 0; from < LINES; from += 1000) {
    const some = Array.from({ length: 1000 }, (_, at) => promptOf(from + at)).join("");
    if (!stdin.write(some)) await once(stdin, "drain");
  }
  stdin.end();
}

/** Different words on each line, and more conversations than are kept in memory. */
function promptOf(at: number): string {
  const prompt = `Write function number ${at} that sorts orders by date, and say what is slow about it`;
  return `${JSON.stringify({ prompt, conversation: `c${at % 30_000}`, user: `u${at}` })}\n`;
}

async function countInOrder(stdout: Readable): Promise<number> {
  let read = 0;
  for await (const line of createInterface(stdout)) {
    read += 1;
    if (!line.startsWith(`{"line":${read},`)) throw new Error(`line ${read} is ${line.slice(0, 40)}`);
  }
  return read;
}
