/**
 * Tables in CSV: a heading with `issue`, `model`, `solved` and `cost` in any order, then one line for each issue and model.
 * `solved` is 0, 1, true or false, `cost` is in dollars. Other columns are ignored. A field with a comma is quoted.
 */
import { readFile, stat } from "node:fs/promises";
import { card } from "../../support/routing/worlds.ts";
import { type ModelResults, type ResultTable, scoreOf } from "./table.ts";

/** Limits of a table: 400 times the 500 issues of a benchmark, and as many models as have 10,000 routes of three. */
const MAX_BYTES = 32_000_000;
const MAX_LINES = 200_000;
const MAX_MODELS = 40;
const MAX_NAME_CHARACTERS = 200;
const MAX_COST_USD = 1_000_000;
const MAX_REPORTED = 10;

const COLUMNS = ["issue", "model", "solved", "cost"] as const;
type Column = (typeof COLUMNS)[number];

/** What is wrong in a table, by line. */
export class InvalidTable extends Error {
  override readonly name = "InvalidTable";
}

/** Reads a table from a file. @throws InvalidTable */
export async function readTable(file: string): Promise<ResultTable> {
  const info = await stat(file).catch((error: Error) => {
    throw new InvalidTable(`The table cannot be read: ${error.message}`);
  });
  if (!info.isFile()) throw new InvalidTable(`${file} is not a file.`);
  if (info.size > MAX_BYTES) {
    throw new InvalidTable(`${file} has ${info.size} bytes. A table has at most ${MAX_BYTES}.`);
  }
  return parseTable(await readFile(file, "utf8"));
}

/**
 * Reads a table. The policy sees each model with the quality and the mean cost that the table itself has for it.
 * @throws InvalidTable with the first ten things that are wrong, by line
 */
export function parseTable(text: string): ResultTable {
  const lines = text
    .replace(/^\uFEFF/, "")
    .trimEnd()
    .split(/\r?\n/, MAX_LINES + 1);
  if (lines.length > MAX_LINES) throw new InvalidTable(`A table has at most ${MAX_LINES} lines.`);
  const columns = columnsOf(lines[0] ?? "");
  const problems: string[] = [];
  const issues = new Map<string, number>();
  const models = new Map<string, Map<number, Result>>();
  for (const [at, line] of lines.entries()) {
    if (at === 0 || line.trim() === "") continue;
    const read = readLine(line, columns);
    if (typeof read === "string") {
      problems.push(`Line ${at + 1}: ${read}`);
      continue;
    }
    const issue = issues.get(read.issue) ?? issues.size;
    issues.set(read.issue, issue);
    const results = models.get(read.model) ?? new Map<number, Result>();
    models.set(read.model, results);
    if (models.size > MAX_MODELS) throw new InvalidTable(`Line ${at + 1}: more than ${MAX_MODELS} models.`);
    const earlier = results.get(issue);
    if (earlier === undefined) results.set(issue, { ...read, line: at + 1 });
    else {
      const names = `${shown(read.model)} has a result of ${shown(read.issue)}`;
      problems.push(`Line ${at + 1}: ${names} in line ${earlier.line} already.`);
    }
  }
  if (issues.size === 0 && problems.length === 0) throw new InvalidTable("The table has no results.");
  // Lines that could not be read are missing too: they are reported once.
  const report = reportOf(problems.length > 0 ? problems : missingResults(issues, models));
  if (report !== "") throw new InvalidTable(report);
  return {
    issues: [...issues.keys()],
    models: [...models].map(([model, results]) => resultsOf(model, [...issues.values()], results)),
    request: REQUEST,
  };
}

type Result = { readonly solved: boolean; readonly costUsd: number; readonly line: number };

/** A size at which a price of one dollar per million tokens of output costs one dollar. */
const REQUEST = { inputTokens: 0, outputTokens: 1_000_000 };

function resultsOf(
  model: string,
  order: readonly number[],
  results: ReadonlyMap<number, Result>,
): ModelResults {
  const solved = order.map((issue) => results.get(issue)?.solved === true);
  const costsUsd = order.map((issue) => results.get(issue)?.costUsd ?? 0);
  const { solvedShare, usdPerIssue } = scoreOf({ solved, costsUsd });
  return {
    card: card(model, {
      quality: { value: solvedShare, basis: "measured" },
      inputUsdPerMTok: 0,
      outputUsdPerMTok: usdPerIssue,
      maxOutputTokens: REQUEST.outputTokens,
    }),
    solved,
    costsUsd,
  };
}

function columnsOf(heading: string): Readonly<Record<Column, number>> {
  const names = fieldsOf(heading)?.map((name) => name.trim().toLowerCase()) ?? [];
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw new InvalidTable(
      `Line 1: the heading has no column ${missing.join(", ")}. It needs: ${COLUMNS.join(",")}`,
    );
  }
  const [issue, model, solved, cost] = COLUMNS.map((column) => names.indexOf(column));
  return { issue: issue ?? 0, model: model ?? 0, solved: solved ?? 0, cost: cost ?? 0 };
}

type Line = Omit<Result, "line"> & { readonly issue: string; readonly model: string };

/** One result, or what is wrong with its line. */
function readLine(line: string, columns: Readonly<Record<Column, number>>): Line | string {
  const fields = fieldsOf(line);
  if (fields === undefined) return "a quotation mark is not closed, or is followed by other text.";
  const [issue, model, solved, cost] = COLUMNS.map((column) => fields[columns[column]]?.trim());
  if (issue === undefined || model === undefined || solved === undefined || cost === undefined) {
    return `${fields.length} fields are fewer than the heading has.`;
  }
  for (const [column, name] of Object.entries({ issue, model })) {
    if (!NAME.test(name)) {
      return `${column} must be a name of 1 to ${MAX_NAME_CHARACTERS} visible characters, not ${shown(name)}.`;
    }
  }
  const isSolved = SOLVED.get(solved.toLowerCase());
  if (isSolved === undefined) return `solved must be 0, 1, true or false, not ${shown(solved)}.`;
  const costUsd = AMOUNT.test(cost) ? Number(cost) : Number.NaN;
  if (!(costUsd <= MAX_COST_USD)) {
    return `cost must be dollars from 0 to ${MAX_COST_USD}, such as 0.25, not ${shown(cost)}.`;
  }
  return { issue, model, solved: isSolved, costUsd };
}

const NAME = new RegExp(`^[^\\p{C}]{1,${MAX_NAME_CHARACTERS}}$`, "u");
const AMOUNT = /^\d+(\.\d+)?(e[+-]?\d+)?$/i;
const SOLVED: ReadonlyMap<string, boolean> = new Map([
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false],
]);

/** The fields of a line; undefined if their quotation marks do not match. */
function fieldsOf(line: string): readonly string[] | undefined {
  const rest = `,${line}`;
  const fields: string[] = [];
  let end = 0;
  for (const match of rest.matchAll(/,(?:\s*"((?:[^"]|"")*)"\s*|([^",]*))(?=,|$)/g)) {
    if (match.index !== end) return undefined;
    end += match[0].length;
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
  }
  return end === rest.length ? fields : undefined;
}

function* missingResults(
  issues: ReadonlyMap<string, number>,
  models: ReadonlyMap<string, ReadonlyMap<number, Result>>,
): Generator<string> {
  for (const [model, results] of models) {
    if (results.size === issues.size) continue;
    for (const [issue, at] of issues) {
      if (!results.has(at)) yield `${shown(model)} has no result of ${shown(issue)}.`;
    }
  }
}

function reportOf(problems: Iterable<string>): string {
  const lines: string[] = [];
  for (const problem of problems) {
    if (lines.length === MAX_REPORTED) return [...lines, "And more."].join("\n");
    lines.push(problem);
  }
  return lines.join("\n");
}

/** The beginning of a text of the table, without characters that a terminal acts on. */
function shown(text: string): string {
  return JSON.stringify(text.slice(0, 60).replace(/\p{C}/gu, "�"));
}
