import { readFile } from "node:fs/promises";
import { nearest } from "../settings/nearest.ts";
import { decideArguments } from "./arguments.ts";
import { runDecide } from "./decideCommand.ts";
import { serveArguments } from "./serveArguments.ts";
import { EXIT, type Terminal, UsageError } from "./terminal.ts";
import { DECIDE_USAGE, SERVE_USAGE, USAGE } from "./usage.ts";

const COMMANDS = ["decide", "serve"] as const;

/** Runs the program with its arguments; gives the exit code. Wrong usage is told on one line. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const { stderr } = terminal;
  // Nobody is left to hear of it.
  stderr.on("error", () => undefined);
  try {
    return await run(args, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`switchyard: ${error.message}\n`);
    return EXIT.usage;
  }
}

async function run([command, ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  const { stdout, manifest } = terminal;
  switch (command) {
    case "-h":
    case "--help":
      stdout.write(USAGE);
      return EXIT.ok;
    case "--version":
      stdout.write(`${await versionIn(manifest)}\n`);
      return EXIT.ok;
    case "decide": {
      const asked = decideArguments(rest);
      if (asked.kind === "decide") return runDecide(asked, terminal);
      stdout.write(DECIDE_USAGE);
      return EXIT.ok;
    }
    case "serve": {
      const asked = serveArguments(rest);
      if (asked.kind === "help") {
        stdout.write(SERVE_USAGE);
        return EXIT.ok;
      }
      // A file of its own: what it needs `decide` does not, and not every Node that runs `decide` has it.
      const { runServe } = await import("./serve.ts");
      return runServe(asked, terminal);
    }
    case undefined:
      throw new UsageError(`A command is missing: ${COMMANDS.join(", ")}. See --help.`);
    default: {
      const meant = nearest(command, [...COMMANDS, "--help", "--version"]);
      const hint = meant === undefined ? "See --help." : `Did you mean ${meant}?`;
      throw new UsageError(`There is no command "${command}". ${hint}`);
    }
  }
}

async function versionIn(manifest: URL): Promise<string> {
  const read: unknown = JSON.parse(await readFile(manifest, "utf8"));
  const version = typeof read === "object" && read !== null && "version" in read ? read.version : undefined;
  return String(version);
}
