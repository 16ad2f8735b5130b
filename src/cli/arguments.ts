import { parseArgs } from "node:util";
import { nearest } from "../base/nearest.ts";
import type { RawSpendQuery } from "../ledger/spendReport.ts";
import { UsageError } from "./terminal.ts";

/** The options of `switchyard decide`. */
export type DecideOptions = {
  readonly settings: string;
  /** Undefined: stdin. */
  readonly input: string | undefined;
  /** Undefined: stdout. */
  readonly output: string | undefined;
  readonly world: string | undefined;
  readonly summary: boolean;
};

/** The options of `switchyard serve`. */
export type ServeOptions = {
  readonly settings: string;
  readonly port: number;
  /** Undefined: the ledger that the editor uses. */
  readonly ledger: string | undefined;
  /** Undefined: a new random token. */
  readonly token: string | undefined;
  /** Start although a part of the settings cannot be read, and block what that part decides. */
  readonly lenient: boolean;
};

/** The options of `switchyard spend`. */
export type SpendOptions = RawSpendQuery & {
  /** Undefined: the limits are not shown. */
  readonly settings: string | undefined;
  /** Undefined: the ledger that the editor uses. */
  readonly ledger: string | undefined;
  readonly json: boolean;
};

/** The port of `serve` without `--port`. */
const DEFAULT_PORT = 4141;

const DECIDE = {
  settings: { value: "a file" },
  input: { value: "a file" },
  output: { value: "a file" },
  world: { value: "a file" },
  summary: {},
  help: { short: "h" },
} as const;

const SERVE = {
  settings: { value: "a file" },
  port: { value: "a number" },
  ledger: { value: "a file" },
  token: { value: "a token" },
  lenient: {},
  help: { short: "h" },
} as const;

const SPEND = {
  by: { value: "what to sum up by" },
  since: { value: "a day" },
  days: { value: "a number" },
  json: {},
  settings: { value: "a file" },
  ledger: { value: "a file" },
  help: { short: "h" },
} as const;

/** Reads the arguments of `decide`. @throws UsageError for the first invalid argument */
export function decideOptions(args: readonly string[]): DecideOptions | "help" {
  const given = readOptions(args, DECIDE);
  if (given.has("help")) return "help";
  const fileOf = (name: "input" | "output") => (given.get(name) === "-" ? undefined : given.get(name));
  return {
    settings: settingsOf(given),
    input: fileOf("input"),
    output: fileOf("output"),
    world: given.get("world"),
    summary: given.has("summary"),
  };
}

/** Reads the arguments of `serve`. @throws UsageError for the first invalid argument */
export function serveOptions(args: readonly string[]): ServeOptions | "help" {
  const given = readOptions(args, SERVE);
  if (given.has("help")) return "help";
  const settings = settingsOf(given);
  const token = given.get("token");
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new UsageError("--token must consist of ASCII letters, digits and punctuation, without spaces.");
  }
  return {
    settings,
    port: portOf(given.get("port")),
    ledger: given.get("ledger"),
    token,
    lenient: given.has("lenient"),
  };
}

/** Reads the arguments of `spend`. @throws UsageError for the first invalid argument */
export function spendOptions(args: readonly string[]): SpendOptions | "help" {
  const given = readOptions(args, SPEND);
  if (given.has("help")) return "help";
  return {
    by: given.get("by"),
    since: given.get("since"),
    days: given.get("days"),
    json: given.has("json"),
    settings: given.get("settings"),
    ledger: given.get("ledger"),
  };
}

function settingsOf(given: ReadonlyMap<string, string>): string {
  const settings = given.get("settings");
  if (settings === undefined) throw new UsageError("--settings FILE is missing.");
  return settings;
}

function portOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port must be a number from 0 to 65535, not "${text}".`);
}

/** The options of a command by name. `value` describes the option's value; options without it are flags. */
type OptionTable = Readonly<Record<string, { readonly value?: string; readonly short?: string }>>;

/** The given options with their values; the value of a flag is empty. @throws UsageError */
function readOptions<O extends OptionTable>(
  args: readonly string[],
  options: O,
): ReadonlyMap<keyof O & string, string> {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { value, short }]) => [
        name,
        { type: value === undefined ? "boolean" : "string", ...(short === undefined ? {} : { short }) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      throw new UsageError(`Unexpected argument "${token.value}". Use an option for it.`);
    }
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(options, name)) throw unknownOption(rawName, Object.keys(options));
    if (given.has(name)) throw new UsageError(`${rawName} is given twice.`);
    const expected = options[name]?.value;
    if (expected === undefined) {
      if (value !== undefined) throw new UsageError(`${rawName} takes no value.`);
    } else {
      const isNextOption = value?.startsWith("-") === true && value !== "-" && inlineValue !== true;
      if (value === undefined || value === "" || isNextOption)
        throw new UsageError(`${rawName} needs ${expected}.`);
    }
    given.set(name, value ?? "");
  }
  return given;
}

function unknownOption(rawName: string, names: readonly string[]): UsageError {
  const meant = nearest(
    rawName,
    names.map((name) => `--${name}`),
  );
  return new UsageError(`Unknown option ${rawName}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`);
}
