import { parseArgs } from "node:util";
import { nearest } from "../settings/nearest.ts";
import { UsageError } from "./terminal.ts";

/** What `decide` was asked to do. */
export type DecideArguments =
  | { readonly kind: "help" }
  | {
      readonly kind: "decide";
      readonly settings: string;
      /** Left out: stdin. */
      readonly input?: string;
      /** Left out: stdout. */
      readonly output?: string;
      readonly world?: string;
      readonly summary: boolean;
    };

const OPTIONS = {
  settings: { type: "string" },
  input: { type: "string" },
  output: { type: "string" },
  world: { type: "string" },
  summary: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

type Option = keyof typeof OPTIONS;

/** @throws UsageError for the first thing that is wrong */
export function decideArguments(args: readonly string[]): DecideArguments {
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const files: { [K in Exclude<Option, "summary" | "help">]?: string } = {};
  const seen = new Set<Option>();
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional")
      throw new UsageError(`"${token.value}" is not expected: name it by an option.`);
    const { name, rawName, value } = token;
    if (!isOption(name)) throw unknownOption(rawName);
    if (seen.has(name)) throw new UsageError(`${rawName} is given twice.`);
    seen.add(name);
    if (name === "help" || name === "summary") {
      if (value !== undefined) throw new UsageError(`${rawName} takes no value.`);
    } else {
      const isNext = value?.startsWith("-") === true && value !== "-" && token.inlineValue !== true;
      if (value === undefined || value === "" || isNext) throw new UsageError(`${rawName} needs a file.`);
      files[name] = value;
    }
  }
  if (seen.has("help")) return { kind: "help" };
  const { settings, input, output, world } = files;
  if (settings === undefined) throw new UsageError("--settings FILE is missing.");
  return {
    kind: "decide",
    settings,
    summary: seen.has("summary"),
    ...(world === undefined ? {} : { world }),
    ...(input === undefined || input === "-" ? {} : { input }),
    ...(output === undefined || output === "-" ? {} : { output }),
  };
}

function isOption(name: string): name is Option {
  return Object.hasOwn(OPTIONS, name);
}

function unknownOption(rawName: string): UsageError {
  const meant = nearest(
    rawName,
    Object.keys(OPTIONS).map((option) => `--${option}`),
  );
  return new UsageError(
    `There is no option ${rawName}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
  );
}
