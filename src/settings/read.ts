import * as v from "valibot";
import { isRecord } from "../base/isRecord.ts";
import { maskKeyLike } from "../base/keyLike.ts";
import { type Cut, MAX_ENTRIES, plainCopy } from "../base/plainCopy.ts";
import { promptWarnings, routeWarnings } from "./checks.ts";
import { CLOSED } from "./closed/settings.ts";
import { namedValues } from "./names.ts";
import {
  describeIssue,
  flattenIssues,
  type Issue,
  type Path,
  placeOf,
  type SettingProblem,
  valueAt,
} from "./problems.ts";
import { SETTINGS, type Settings, settingsFrom } from "./schema.ts";
import type { Setting } from "./values.ts";

/** Further problems are counted, not listed. */
const MAX_PROBLEMS = 100;
/** Invalid parts are removed and the rest is validated again; what is invalid after this many rounds is ignored. */
const MAX_ROUNDS = 3;

/** The settings, and what is wrong in them. */
export type SettingsRead = { readonly settings: Settings; readonly problems: readonly SettingProblem[] };

/**
 * Reads settings. Never throws: an invalid part is reported with its place, and is ignored or replaced by its default.
 * What decides where prompts and keys go, or what may be spent, is read in the strictest way in which it can be meant.
 * @param raw values by full name (`switchyard.budget.dailyUsd`), from a settings file or the editor's configuration.
 *   Names of other products are ignored.
 * @param isIncomplete there were more settings, which could not be read
 */
export function readSettings(raw: Readonly<Record<string, unknown>>, isIncomplete = false): SettingsRead {
  const named = namedValues(raw);
  const reads = new Map(
    [...SETTINGS].map(([name, setting]) => [name, readValue(name, setting, named.values.get(name))]),
  );
  let settings = settingsFrom((name) => reads.get(name)?.value);
  for (const [name, { restrict }] of CLOSED) {
    for (const { value, problem } of named.strays.get(name) ?? []) {
      settings = restrict(settings, value, problemText(problem));
    }
    const unread = reads.get(name)?.unread ?? (isIncomplete ? incomplete(name) : undefined);
    if (unread !== undefined) settings = restrict(settings, undefined, problemText(unread));
  }
  const problems = [
    ...named.problems,
    ...[...reads.values()].flatMap((read) => read.problems),
    ...routeWarnings(settings.routes),
    ...promptWarnings(settings.prompts),
  ];
  return { settings, problems: bounded(problems).map(withoutKeys) };
}

type ValueRead = {
  readonly value: unknown;
  readonly problems: readonly SettingProblem[];
  /** Set if nothing of the value could be read. */
  readonly unread?: SettingProblem | undefined;
};

function readValue(name: string, setting: Setting, raw: unknown): ValueRead {
  const initial = v.parse(setting.schema, setting.default);
  if (raw === undefined) return { value: initial, problems: [] };
  const closed = CLOSED.get(name);
  const copy = plainCopy(raw, closed !== undefined);
  if (copy === undefined) {
    const applies = closed === undefined ? defaultApplies(setting) : "The strictest value applies.";
    const message = `The value is too large or cannot be read. ${applies}`;
    const unread = problem(name, [], message, "Use a smaller value.", closed !== undefined);
    return { value: initial, problems: [unread], unread };
  }
  const cuts = cutProblems(name, copy.cuts);
  const result = v.safeParse(setting.schema, copy.value);
  if (result.success) return { value: result.output, problems: cuts };
  if (closed === undefined) return readRest(name, setting, copy.value, initial, cuts);
  const { value, findings } = closed.read(copy.value);
  const problems = findings.map(({ path, message, repair, isHarmless = false }): SettingProblem => {
    const found = problem(name, path, message, repair, !isHarmless);
    return isHarmless ? { ...found, severity: "warning" } : found;
  });
  return { value, problems: [...cuts, ...problems] };
}

/** Reads a value without its invalid parts. @param initial the default, if too much is invalid */
function readRest(
  name: string,
  setting: Setting,
  value: unknown,
  initial: unknown,
  cuts: readonly SettingProblem[],
): ValueRead {
  const problems = [...cuts];
  const depth = setting.recoveryDepth === "closed" ? 0 : setting.recoveryDepth;
  let rest = value;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const result = v.safeParse(setting.schema, rest);
    if (result.success) return { value: result.output, problems };
    const issues = firstAtEachPlace(flattenIssues(result.issues));
    for (const issue of issues) problems.push(problemOf(name, setting, depth, issue, rest));
    const invalid = issues.map(({ path }) => path.slice(0, depth));
    if (invalid.some((path) => path.length === 0)) break;
    rest = without(rest, invalid);
  }
  return { value: initial, problems };
}

function incomplete(name: string): SettingProblem {
  const message = "A part of the settings is missing, because of a syntax error.";
  return problem(name, [], message, "Repair the error.", true);
}

function problemText({ place, message, repair }: SettingProblem): string {
  return `${place}: ${message} ${repair}`;
}

/** Keys do not belong into settings. If one is there, no report repeats it. */
function withoutKeys(found: SettingProblem): SettingProblem {
  const [place = "", message = "", repair = ""] = [found.place, found.message, found.repair].map((text) =>
    maskKeyLike(text, "[key]"),
  );
  return { ...found, place, message, repair };
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

function problemOf(
  name: string,
  setting: Setting,
  depth: number,
  { path, issue }: Issue,
  within: unknown,
): SettingProblem {
  const { message, repair } = describeIssue(issue, valueAt(within, path));
  const ignored = path.slice(0, depth);
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

function problem(
  name: string,
  path: Path,
  message: string,
  repair: string,
  isUnreadable = false,
): SettingProblem {
  return {
    place: placeOf(name, path),
    setting: name,
    message,
    repair,
    severity: "error",
    isUnreadable: isUnreadable || undefined,
  };
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
