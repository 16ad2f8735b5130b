import * as v from "valibot";
import { isRecord } from "../base/isRecord.ts";
import { nearest } from "../base/nearest.ts";
import { flatIssues, type Issue, wordsFor } from "./issueWords.ts";
import { type PlainData, plainData } from "./plainData.ts";
import { type Path, placeOf, type SettingProblem, shortened } from "./problem.ts";
import { without } from "./prune.ts";
import { routeProblems } from "./routeProblems.ts";
import { assemble, SETTINGS, type SettingName, type Settings, type Values } from "./schema.ts";
import type { Setting } from "./setting.ts";

/** What is wrong beyond this is counted, not told. */
const MAX_PROBLEMS = 100;
const MAX_UNKNOWN_SETTINGS = 20;
/** Parts that are wrong are taken out and the rest is read again; what is still wrong then takes its default. */
const MAX_ROUNDS = 3;

/** The settings, and all that is wrong in them. */
export type SettingsRead = {
  readonly settings: Settings;
  readonly problems: readonly SettingProblem[];
  /** Where each route stands in what was written, the ones left out counted. */
  readonly routePositions: readonly number[];
};

/** Settings that version 0.1.0 declared and never used. They are ignored, without a problem. */
const RETIRED = ["switchyard.prompts", "switchyard.endpoint"];

/** The full names of all settings. */
export const SETTING_NAMES: readonly SettingName[] = Object.keys(SETTINGS).filter(isSettingName);

/**
 * Reads the settings out of whatever was written. Never throws: what is wrong is named by its place and left out or
 * takes its default, and the rest keeps working.
 * @param raw by full name (`switchyard.budget.dailyUsd`), as a settings file or the editor's configuration gives them;
 *   other products' names are passed by
 */
export function readSettings(raw: Readonly<Record<string, unknown>>): SettingsRead {
  const problems = unknownSettings(raw);
  let routePositions: readonly number[] = [];
  const values = Object.fromEntries(
    SETTING_NAMES.map((name) => {
      const read = readValue(name, SETTINGS[name], propertyOf(raw, name));
      for (const problem of read.problems) problems.push(problem);
      if (name === "switchyard.routes") routePositions = read.positions;
      return [name, read.value];
    }),
  );
  // Each value is what its own schema gave out.
  const settings = assemble(values as Values);
  const all = bounded([...problems, ...routeProblems(settings.routes, routePositions)]);
  return { settings, problems: all, routePositions };
}

/** The settings of somebody who set nothing. */
export function defaultSettings(): Settings {
  return readSettings({}).settings;
}

type ValueRead = {
  readonly value: unknown;
  readonly problems: readonly SettingProblem[];
  /** Where the entries of a list stood before wrong ones were left out. */
  readonly positions: readonly number[];
};

function readValue(name: SettingName, setting: Setting, raw: unknown): ValueRead {
  const initial = v.parse(setting.schema, setting.default);
  if (raw === undefined) return { value: initial, problems: [], positions: [] };
  const data = plainData(raw);
  if (data === undefined) {
    const message = `This is larger than settings can be, or cannot be read. ${defaultHolds(setting)}`;
    return { value: initial, problems: [problem(name, [], message, "Write less.")], positions: [] };
  }
  const problems = cutProblems(name, data);
  let rest = data.value;
  let positions = Array.isArray(rest) ? [...rest.keys()] : [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const result = v.safeParse(setting.schema, rest);
    if (result.success) return { value: result.output, problems, positions };
    const issues = firstAtEachPlace(flatIssues(result.issues));
    for (const issue of issues) problems.push(problemOf(name, setting, issue, rest));
    const wrong = issues.map(({ path }) => path.slice(0, setting.grain));
    if (wrong.some((path) => path.length === 0)) break;
    const gone = new Set(wrong.map(([first, ...deeper]) => (deeper.length === 0 ? first : undefined)));
    positions = positions.filter((_, index) => !gone.has(index));
    rest = without(rest, wrong);
  }
  return { value: initial, problems, positions: [] };
}

/** A value that is wrong in two ways is named once. */
function firstAtEachPlace(issues: readonly Issue[]): readonly Issue[] {
  const places = new Map<string, Issue>();
  for (const issue of issues) {
    const place = JSON.stringify(issue.path);
    if (!places.has(place)) places.set(place, issue);
  }
  return [...places.values()];
}

function problemOf(
  name: SettingName,
  setting: Setting,
  { path, issue }: Issue,
  within: unknown,
): SettingProblem {
  const { message, repair } = wordsFor(issue, valueAt(within, path), setting.quiet === true && !isKind(path));
  return problem(
    name,
    path,
    `${message} ${consequence(name, setting, path.slice(0, setting.grain), issue.expected === "never")}`,
    repair,
  );
}

function isKind(path: Path): boolean {
  return path.at(-1) === "kind";
}

function consequence(name: SettingName, setting: Setting, left: Path, isUnknownKey: boolean): string {
  if (left.length === 0) return defaultHolds(setting);
  if (setting.schema.type !== "strict_object" || left.length > 1)
    return `${placeOf(name, left)} is left out.`;
  return isUnknownKey ? "It has no effect." : "Its default holds.";
}

function defaultHolds({ default: initial }: Setting): string {
  return typeof initial === "object" && initial !== null
    ? "The default holds."
    : `The default, ${JSON.stringify(initial)}, holds.`;
}

function cutProblems(name: SettingName, { cuts }: PlainData): SettingProblem[] {
  return cuts
    .slice(0, MAX_PROBLEMS)
    .map(({ path, entries, kept }) =>
      problem(
        name,
        path,
        `${entries} entries are too many: the first ${kept} hold.`,
        `Write ${kept} at most.`,
      ),
    );
}

function unknownSettings(raw: Readonly<Record<string, unknown>>): SettingProblem[] {
  return namesIn(raw)
    .filter((name) => name.startsWith("switchyard.") && !isSettingName(name) && !isRetired(name))
    .slice(0, MAX_UNKNOWN_SETTINGS)
    .map((name) => {
      const meant =
        SETTING_NAMES.find((known) => known.startsWith(`${name}.`)) ?? nearest(name, SETTING_NAMES);
      return {
        place: shortened(name),
        setting: shortened(name),
        message: "There is no such setting.",
        repair: meant === undefined ? "Remove it." : `Did you mean "${meant}"?`,
        severity: "error",
      };
    });
}

function bounded(problems: readonly SettingProblem[]): readonly SettingProblem[] {
  const more = problems.length - MAX_PROBLEMS;
  const last = problems.at(-1);
  if (more <= 0 || last === undefined) return problems;
  const message = `${more} more are wrong in the settings.`;
  return [
    ...problems.slice(0, MAX_PROBLEMS),
    { ...last, place: last.setting, message, repair: "Repair those above first." },
  ];
}

function problem(name: SettingName, path: Path, message: string, repair: string): SettingProblem {
  return { place: placeOf(name, path), setting: name, message, repair, severity: "error" };
}

function isRetired(name: string): boolean {
  return RETIRED.some((retired) => name === retired || name.startsWith(`${retired}.`));
}

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) => (Array.isArray(at) || isRecord(at) ? Reflect.get(at, key) : undefined),
    value,
  );
}

function namesIn(raw: unknown): readonly string[] {
  try {
    return isRecord(raw) ? Object.keys(raw) : [];
  } catch {
    return [];
  }
}

function propertyOf(raw: unknown, name: string): unknown {
  try {
    return isRecord(raw) && Object.hasOwn(raw, name) ? raw[name] : undefined;
  } catch {
    return undefined;
  }
}
