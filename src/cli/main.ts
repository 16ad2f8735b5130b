import { readFile } from "node:fs/promises";
import { nearest } from "../base/nearest.ts";
import { decideArguments } from "./arguments.ts";
import { runDecide } from "./decideCommand.ts";
import { serveArguments } from "./serveArguments.ts";
import { EXIT, type Terminal, UsageError } from "./terminal.ts";
import { DECIDE_USAGE, SERVE_USAGE, USAGE } from "./usage.ts";

/** The first that undici runs on, and that has SQLite. */
const SERVE_NODE = [22, 19] as const;

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
      if (!isAtLeast(SERVE_NODE)) {
        throw new UsageError(
          `serve needs Node ${SERVE_NODE.join(".")} or newer; this is ${process.versions.node}.`,
        );
      }
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

function isAtLeast([major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

async function versionIn(manifest: URL): Promise<string> {
  const read: unknown = JSON.parse(await readFile(manifest, "utf8"));
  const version = typeof read === "object" && read !== null && "version" in read ? read.version : undefined;
  return String(version);
}
