import { optionValues } from "./options.ts";
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
  settings: { takes: "a file" },
  input: { takes: "a file" },
  output: { takes: "a file" },
  world: { takes: "a file" },
  summary: {},
  help: { short: "h" },
} as const;

/** @throws UsageError for the first thing that is wrong */
export function decideArguments(args: readonly string[]): DecideArguments {
  const given = optionValues(args, OPTIONS);
  if (given.has("help")) return { kind: "help" };
  const settings = given.get("settings");
  const input = given.get("input");
  const output = given.get("output");
  const world = given.get("world");
  if (settings === undefined) throw new UsageError("--settings FILE is missing.");
  return {
    kind: "decide",
    settings,
    summary: given.has("summary"),
    ...(world === undefined ? {} : { world }),
    ...(input === undefined || input === "-" ? {} : { input }),
    ...(output === undefined || output === "-" ? {} : { output }),
  };
}
