import { readFile } from "node:fs/promises";
import { isRecord } from "../base/isRecord.ts";
import { nearest } from "../base/nearest.ts";
import { decideOptions, serveOptions, spendOptions } from "./arguments.ts";
import { runDecide } from "./decide/decide.ts";
import { EXIT, isUsageError, type Terminal, UsageError } from "./terminal.ts";
import { writeText } from "./writer.ts";

/** The first version that undici supports and that includes SQLite. */
const SQLITE_NODE = [22, 19] as const;

const COMMANDS = ["decide", "serve", "spend"] as const;

const USAGE = `Usage: switchyard <command> [options]

Commands:
  decide      show which model would answer each prompt, and why, without sending any
  serve       serve models to other tools on this machine, with OpenAI's API
  spend       show what was spent, by day, model, route or provider

Options:
  -h, --help  show this help; after a command, the command's help
  --version   show the version
`;

const DECIDE_USAGE = `Usage: switchyard decide --settings FILE [--input FILE] [--output FILE] [--world FILE] [--summary]

Shows for each prompt which route and model would answer it, and why. Nothing is sent and nothing is spent.

  --settings FILE  a VS Code settings file; comments are allowed
  --input FILE     one JSON object per line; default: stdin (also "-")
  --output FILE    one JSON object per line, in the order of the input; default: stdout (also "-")
  --world FILE     assumptions about providers, models and budget (JSON; comments are allowed)
  --summary        print prompts and expected cost by route and model to stderr at the end
  -h, --help       show this help

A line of the input has a "prompt", and optionally "context" (attached code), "command", "language", "paths", "user",
"tier", "conversation" and "expectedOutputTokens". The lines of a conversation are decided in order, and each decision
takes the ones before it into account.

The world can have "remainingUsd", "openBreakers" (models or providers), "missingKeys" (providers), "rateLimits" (model
or provider: seconds), "latency" (model: {firstTokenMs, tokensPerSecond}) and "now" (an ISO date). By default every
provider has a key and works, and nothing of the budget is spent.

Exit codes: 0; 1 if a line is invalid (the others are decided); 2 for invalid arguments, or a file that cannot be read or
written.
`;

const SERVE_USAGE = `Usage: switchyard serve --settings FILE [--port N] [--token TOKEN] [--ledger FILE] [--lenient]

Serves models to tools on this machine, on 127.0.0.1 only, with OpenAI's API: POST /v1/chat/completions and
GET /v1/models. The model of a request is "auto", the name of a route, or a provider/model. GET /v1/switchyard/spend
returns what was spent.

  --settings FILE  a VS Code settings file; comments are allowed
  --port N         the port; 0: any free port; default: 4141
  --token TOKEN    the API key that tools must send; default: a new one, which is printed
  --ledger FILE    the file for spending and decisions; default: the file that the editor uses
  --lenient        start although a route, a provider or a limit cannot be read; what it decides is blocked
  -h, --help       show this help

API keys of providers are read from the environment: from OPENAI_API_KEY and the like, or from the variable in a
provider's "apiKeyEnv".

On SIGINT (Ctrl+C) or SIGTERM the server finishes running answers, for 30 seconds at most; a second signal stops them.
Exit codes: 0; 1 if the server could not start, for example because the port is in use; 2 for invalid arguments, or a
file, or a part of the settings, that cannot be read.
`;

const SPEND_USAGE = `Usage: switchyard spend [--by GROUP] [--since DAY | --days N] [--json] [--settings FILE] [--ledger FILE]

Shows what all windows of this user and serve have spent: today, this month, and in a table.

  --by GROUP       what the table sums up by: day, model, route or provider; default: day
  --since DAY      the table's first day, such as 2026-11-01
  --days N         the number of days in the table, up to today; default: 30
  --json           print JSON: amounts in dollars and, exactly, in billionths of a dollar
  --settings FILE  a VS Code settings file, to show the limits of the budget too
  --ledger FILE    the file for spending and decisions; default: the file that the editor uses
  -h, --help       show this help

Exit codes: 0; 2 for invalid arguments, or a file that cannot be read.
`;

/** Runs the program and returns its exit code. A usage error is reported on one line of stderr. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const { stderr } = terminal;
  // If stderr is closed, the error cannot be reported anywhere.
  stderr.on("error", () => undefined);
  try {
    return await run(args, terminal);
  } catch (error) {
    if (!isUsageError(error)) throw error;
    stderr.write(`switchyard: ${error.message}\n`);
    return EXIT.usage;
  }
}

async function run([command, ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  const { stdout, manifest } = terminal;
  const show = async (text: string): Promise<number> => {
    await writeText(stdout, "stdout", text);
    return EXIT.ok;
  };
  switch (command) {
    case "-h":
    case "--help":
      return show(USAGE);
    case "--version":
      return show(`${await versionIn(manifest)}\n`);
    case "decide": {
      const options = decideOptions(rest);
      return options === "help" ? show(DECIDE_USAGE) : runDecide(options, terminal);
    }
    case "serve": {
      const options = serveOptions(rest);
      if (options === "help") return show(SERVE_USAGE);
      requireSqlite("serve");
      const { runServe } = await import("./serve/serve.ts");
      return runServe(options, terminal);
    }
    case "spend": {
      const options = spendOptions(rest);
      if (options === "help") return show(SPEND_USAGE);
      requireSqlite("spend");
      const { runSpend } = await import("./spend.ts");
      return runSpend(options, terminal);
    }
    case undefined:
      throw new UsageError(`The command is missing: ${COMMANDS.join(", ")}. See --help.`);
    default: {
      const meant = nearest(command, [...COMMANDS, "--help", "--version"]);
      const hint = meant === undefined ? "See --help." : `Did you mean ${meant}?`;
      throw new UsageError(`Unknown command "${command}". ${hint}`);
    }
  }
}

/** @throws UsageError if Node is too old for a command that uses the ledger */
function requireSqlite(command: string): void {
  if (isNodeAtLeast(SQLITE_NODE)) return;
  const [own, required] = [process.versions.node, SQLITE_NODE.join(".")];
  throw new UsageError(`${command} requires Node ${required} or newer, but this is Node ${own}.`);
}

function isNodeAtLeast([major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

async function versionIn(manifest: URL): Promise<string> {
  const read: unknown = JSON.parse(await readFile(manifest, "utf8"));
  return String(isRecord(read) ? read["version"] : undefined);
}
