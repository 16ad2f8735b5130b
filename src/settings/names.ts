import { distance } from "fastest-levenshtein";
import { isRecord } from "../base/isRecord.ts";
import { nearest } from "../base/nearest.ts";
import { entriesOf, plainCopy } from "../base/plainCopy.ts";
import { isLike } from "./closed/reading.ts";
import { CLOSED } from "./closed/settings.ts";
import { type SettingProblem, shortened } from "./problems.ts";
import { SETTING_NAMES, SETTINGS } from "./schema.ts";

const PREFIX = "switchyard";
/** Further problems with names are not reported. */
const MAX_NAME_PROBLEMS = 20;

/** Settings that version 0.1.0 declared and never used. They are ignored, without a problem. */
const RETIRED = ["switchyard.endpoint"];

/** A value under a name that does not exist, or of a setting that is written twice. Plain data. */
export type Stray = { readonly value: unknown; readonly problem: SettingProblem };

/** Values by the full names of settings. */
export type NamedValues = {
  readonly values: ReadonlyMap<string, unknown>;
  /** By the name of the setting that was probably meant. */
  readonly strays: ReadonlyMap<string, readonly Stray[]>;
  readonly problems: readonly SettingProblem[];
};

/**
 * Finds the settings among the properties of an object. Those in nested objects (`{"switchyard": {"budget": {"dailyUsd":
 * 3}}}`) count too, with a problem. Names of other products are ignored.
 */
export function namedValues(raw: unknown): NamedValues {
  const values = new Map<string, unknown>();
  const strays = new Map<string, Stray[]>();
  const problems: SettingProblem[] = [];
  const report = (problem: SettingProblem): void => {
    if (problems.length < MAX_NAME_PROBLEMS) problems.push(problem);
  };
  const addStray = (meant: string | undefined, value: unknown, problem: SettingProblem): void => {
    report(problem);
    if (meant === undefined) return;
    strays.set(meant, [...(strays.get(meant) ?? []), { value: plainCopy(value, true)?.value, problem }]);
  };
  const others: (readonly [name: string, value: unknown])[] = [];
  for (const [key, value] of entriesOf(raw)) {
    if (SETTINGS.has(key)) values.set(key, value);
    else if (isOurs(key)) others.push([key, value]);
  }
  // Grows by the entries of nested objects.
  for (const [name, value] of others) {
    if (RETIRED.some((retired) => name === retired || name.startsWith(`${retired}.`))) continue;
    const isGroup = SETTING_NAMES.some((known) => known.startsWith(`${name}.`));
    if (SETTINGS.has(name)) {
      if (values.has(name)) addStray(name, value, writtenTwice(name));
      else {
        values.set(name, value);
        report(nestedName(name));
      }
    } else if (isGroup && isRecord(value)) {
      for (const [key, inner] of entriesOf(value)) others.push([`${name}.${key}`, inner]);
    } else {
      const meant = meantBy(name);
      addStray(meant, value, unknownName(name, meant));
    }
  }
  return { values, strays, problems };
}

/** Whether a key begins with `switchyard`, misspelt or not. */
function isOurs(key: string): boolean {
  const [first = ""] = key.split(".", 1);
  return first === PREFIX || (first !== key && isLike(first, [PREFIX]));
}

function meantBy(name: string): string | undefined {
  if (!name.includes(".")) return undefined;
  const ours = name.replace(/^[^.]*/, PREFIX);
  const words = wordsOf(ours);
  return (
    SETTING_NAMES.find((known) => known.startsWith(`${ours}.`)) ??
    SETTING_NAMES.find((known) => distance(known.toLowerCase(), ours.toLowerCase()) === 1) ??
    // `dailyBudget` and `dailyUsd` mean `budget.dailyUsd`.
    SETTING_NAMES.find((known) => words.every((word) => wordsOf(known).includes(word))) ??
    nearest(ours, SETTING_NAMES)
  );
}

function wordsOf(name: string): readonly string[] {
  return name.split(/[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})/u).map((word) => word.toLowerCase());
}

function unknownName(name: string, meant: string | undefined): SettingProblem {
  const message = "This setting does not exist.";
  const repair = meant === undefined ? "Remove it." : `Did you mean "${meant}"?`;
  return problemAt(name, message, repair, meant !== undefined && CLOSED.has(meant));
}

function writtenTwice(name: string): SettingProblem {
  const message = "This setting is written twice, by its full name and nested in an object.";
  return problemAt(name, message, "Remove the one in the object.", CLOSED.has(name));
}

function nestedName(name: string): SettingProblem {
  const message = "This setting is nested in an object. It applies.";
  return { ...problemAt(name, message, `Write it by its full name: "${name}".`, false), severity: "warning" };
}

function problemAt(name: string, message: string, repair: string, isUnreadable: boolean): SettingProblem {
  return {
    place: shortened(name),
    setting: shortened(name),
    message,
    repair,
    severity: "error",
    isUnreadable: isUnreadable || undefined,
  };
}
