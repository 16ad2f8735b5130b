import * as v from "valibot";
import { isRecord } from "../base/isRecord.ts";
import { nearest } from "../base/nearest.ts";
import { routeWarnings } from "./checks.ts";
import {
  describeIssue,
  flattenIssues,
  type Issue,
  type Path,
  placeOf,
  type SettingProblem,
  shortened,
  valueAt,
} from "./problems.ts";
import { SETTING_NAMES, SETTINGS, type Settings, settingsFrom } from "./schema.ts";
import type { Setting } from "./values.ts";

/** Further problems are counted, not listed. */
const MAX_PROBLEMS = 100;
const MAX_UNKNOWN_SETTINGS = 20;
/** Invalid parts are removed and the rest is validated again; what is invalid after this many rounds is ignored. */
const MAX_ROUNDS = 3;

/** Bounds of a setting's value, far above what people write. */
const MAX_DEPTH = 10;
const MAX_ENTRIES = 1000;
const MAX_VALUES = 100_000;

/** Settings that version 0.1.0 declared and never used. They are ignored, without a problem. */
const RETIRED = ["switchyard.prompts", "switchyard.endpoint"];

/** The settings, and what is wrong in them. */
export type SettingsRead = {
  readonly settings: Settings;
  readonly problems: readonly SettingProblem[];
  /** The index of each route in the value as written, which also counts the ignored routes. */
  readonly routePositions: readonly number[];
};

/**
 * Reads settings. Never throws: an invalid part is reported with its place, and is ignored or replaced by its default.
 * @param raw values by full name (`switchyard.budget.dailyUsd`), from a settings file or the editor's configuration.
 *   Names of other products are ignored.
 */
export function readSettings(raw: Readonly<Record<string, unknown>>): SettingsRead {
  const problems = unknownSettings(raw);
  let routePositions: readonly number[] = [];
  const values = new Map<string, unknown>();
  for (const [name, setting] of SETTINGS) {
    const read = readValue(name, setting, propertyOf(raw, name));
    for (const problem of read.problems) problems.push(problem);
    if (name === "switchyard.routes") routePositions = read.positions;
    values.set(name, read.value);
  }
  const settings = settingsFrom((name) => values.get(name));
  const all = bounded([...problems, ...routeWarnings(settings.routes, routePositions)]);
  return { settings, problems: all, routePositions };
}

type ValueRead = {
  readonly value: unknown;
  readonly problems: readonly SettingProblem[];
  /** The original indexes of a list's entries, before invalid ones were removed. */
  readonly positions: readonly number[];
};

function readValue(name: string, setting: Setting, raw: unknown): ValueRead {
  const initial = v.parse(setting.schema, setting.default);
  if (raw === undefined) return { value: initial, problems: [], positions: [] };
  const copy = plainCopy(raw);
  if (copy === undefined) {
    const message = `The value is too large or cannot be read. ${defaultApplies(setting)}`;
    return { value: initial, problems: [problem(name, [], message, "Use a smaller value.")], positions: [] };
  }
  const problems = cutProblems(name, copy.cuts);
  let rest = copy.value;
  let positions = Array.isArray(rest) ? [...rest.keys()] : [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const result = v.safeParse(setting.schema, rest);
    if (result.success) return { value: result.output, problems, positions };
    const issues = firstAtEachPlace(flattenIssues(result.issues));
    for (const issue of issues) problems.push(problemOf(name, setting, issue, rest));
    const invalid = issues.map(({ path }) => path.slice(0, setting.recoveryDepth));
    if (invalid.some((path) => path.length === 0)) break;
    const removed = new Set(invalid.map(([first, ...deeper]) => (deeper.length === 0 ? first : undefined)));
    positions = positions.filter((_, index) => !removed.has(index));
    rest = without(rest, invalid);
  }
  return { value: initial, problems, positions: [] };
}

/** A value that is invalid in two ways is reported once. */
function firstAtEachPlace(issues: readonly Issue[]): readonly Issue[] {
  const places = new Map<string, Issue>();
  for (const issue of issues) {
    const place = JSON.stringify(issue.path);
    if (!places.has(place)) places.set(place, issue);
  }
  return [...places.values()];
}

function problemOf(name: string, setting: Setting, { path, issue }: Issue, within: unknown): SettingProblem {
  const redact = setting.mayHoldSecrets === true && path.at(-1) !== "kind";
  const { message, repair } = describeIssue(issue, valueAt(within, path), redact);
  const ignored = path.slice(0, setting.recoveryDepth);
  const isUnknownKey = issue.expected === "never";
  return problem(name, path, `${message} ${consequence(name, setting, ignored, isUnknownKey)}`, repair);
}

function consequence(name: string, setting: Setting, ignored: Path, isUnknownKey: boolean): string {
  if (ignored.length === 0) return defaultApplies(setting);
  if (setting.schema.type !== "strict_object" || ignored.length > 1)
    return `${placeOf(name, ignored)} is ignored.`;
  return isUnknownKey ? "The key has no effect." : "The default of this field applies.";
}

function defaultApplies({ default: initial }: Setting): string {
  return typeof initial === "object" && initial !== null
    ? "The default applies."
    : `The default, ${JSON.stringify(initial)}, applies.`;
}

function cutProblems(name: string, cuts: readonly Cut[]): SettingProblem[] {
  return cuts
    .slice(0, MAX_PROBLEMS)
    .map(({ path, entries }) =>
      problem(
        name,
        path,
        `${entries} entries are too many. Only the first ${MAX_ENTRIES} apply.`,
        `Use at most ${MAX_ENTRIES}.`,
      ),
    );
}

function unknownSettings(raw: unknown): SettingProblem[] {
  return keysOf(raw)
    .filter((name) => name.startsWith("switchyard.") && !SETTINGS.has(name) && !isRetired(name))
    .slice(0, MAX_UNKNOWN_SETTINGS)
    .map((name) => {
      const meant =
        SETTING_NAMES.find((known) => known.startsWith(`${name}.`)) ?? nearest(name, SETTING_NAMES);
      return {
        place: shortened(name),
        setting: shortened(name),
        message: "This setting does not exist.",
        repair: meant === undefined ? "Remove it." : `Did you mean "${meant}"?`,
        severity: "error",
      };
    });
}

function isRetired(name: string): boolean {
  return RETIRED.some((retired) => name === retired || name.startsWith(`${retired}.`));
}

function bounded(problems: readonly SettingProblem[]): readonly SettingProblem[] {
  const more = problems.length - MAX_PROBLEMS;
  const last = problems.at(-1);
  if (more <= 0 || last === undefined) return problems;
  const message = `${more} more problems in the settings are not listed.`;
  return [
    ...problems.slice(0, MAX_PROBLEMS),
    { ...last, place: last.setting, message, repair: "Repair the others first." },
  ];
}

function problem(name: string, path: Path, message: string, repair: string): SettingProblem {
  return { place: placeOf(name, path), setting: name, message, repair, severity: "error" };
}

function keysOf(raw: unknown): readonly string[] {
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

/** A list or an object that was cut after `MAX_ENTRIES`. */
type Cut = { readonly path: Path; readonly entries: number };

/**
 * Copies any value into plain data of bounded size: getters and proxies are read once, class instances become objects,
 * and values that are not data stay for the schema to reject. Undefined if the value cannot be read or is too large.
 */
function plainCopy(value: unknown): { readonly value: unknown; readonly cuts: readonly Cut[] } | undefined {
  const cuts: Cut[] = [];
  let left = MAX_VALUES;
  const copy = (from: unknown, path: Path): unknown => {
    left -= 1;
    if (left < 0) throw new RangeError("The value is too large.");
    if (typeof from !== "object" || from === null) return from;
    if (path.length >= MAX_DEPTH) return undefined;
    if (Array.isArray(from)) {
      if (from.length > MAX_ENTRIES) cuts.push({ path, entries: from.length });
      return Array.from({ length: Math.min(from.length, MAX_ENTRIES) }, (_, index) =>
        copy(from[index], [...path, index]),
      );
    }
    const keys = Object.keys(from);
    if (keys.length > MAX_ENTRIES) cuts.push({ path, entries: keys.length });
    // Without a prototype, `__proto__` is a key like any other.
    const to: Record<string, unknown> = Object.create(null);
    for (const key of keys.slice(0, MAX_ENTRIES)) to[key] = copy(Reflect.get(from, key), [...path, key]);
    return to;
  };
  try {
    return { value: copy(value, []), cuts };
  } catch {
    return undefined;
  }
}

/** A copy of plain data without the values at some paths. Lists close the gaps. */
function without(value: unknown, paths: readonly Path[]): unknown {
  const byKey = new Map<string | number, Path[]>();
  for (const [key, ...deeper] of paths) {
    if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), deeper]);
  }
  const keep = <K extends string | number>(key: K, part: unknown): readonly (readonly [K, unknown])[] => {
    const deeper = byKey.get(key);
    if (deeper === undefined) return [[key, part]];
    return deeper.some((path) => path.length === 0) ? [] : [[key, without(part, deeper)]];
  };
  if (Array.isArray(value)) {
    return value.flatMap((part: unknown, index) => keep(index, part).map(([, kept]) => kept));
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, part]) => keep(key, part)));
}
