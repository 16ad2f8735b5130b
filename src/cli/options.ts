import { parseArgs } from "node:util";
import { nearest } from "../base/nearest.ts";
import { UsageError } from "./terminal.ts";

/** A command's options by their names: `takes` says what, in words; without it an option takes no value. */
export type Options = Readonly<Record<string, { readonly takes?: string; readonly short?: string }>>;

/** The options that were given, with their values (an empty one where none is taken). @throws UsageError */
export function optionValues<O extends Options>(
  args: readonly string[],
  options: O,
): ReadonlyMap<keyof O & string, string> {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { takes, short }]) => [
        name,
        { type: takes === undefined ? "boolean" : "string", ...(short === undefined ? {} : { short }) },
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
      throw new UsageError(`"${token.value}" is not expected: name it by an option.`);
    }
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(options, name)) throw unknownOption(rawName, Object.keys(options));
    if (given.has(name)) throw new UsageError(`${rawName} is given twice.`);
    const takes = options[name]?.takes;
    if (takes === undefined) {
      if (value !== undefined) throw new UsageError(`${rawName} takes no value.`);
    } else {
      const isNext = value?.startsWith("-") === true && value !== "-" && inlineValue !== true;
      if (value === undefined || value === "" || isNext) throw new UsageError(`${rawName} needs ${takes}.`);
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
  return new UsageError(
    `There is no option ${rawName}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
  );
}
