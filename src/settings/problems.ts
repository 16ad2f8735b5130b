/** What is wrong in settings or in other data with a schema: its place, a message, and how to repair it. */
import type * as v from "valibot";
import { isRecord } from "../base/isRecord.ts";
import { nearest } from "../base/nearest.ts";

/** An invalid or suspicious setting. */
export type SettingProblem = {
  /** The place of the value, such as `switchyard.routes[2].when.complexity[0]`. */
  readonly place: string;
  /** The name of the setting, for opening it. */
  readonly setting: string;
  /** What is wrong, and what applies instead. */
  readonly message: string;
  /** How to repair it, as a sentence. */
  readonly repair: string;
  /** `error`: a part was ignored or replaced by its default. `warning`: everything applies, but is probably a mistake. */
  readonly severity: "error" | "warning";
  /**
   * Set if it decides where prompts and keys go, or what may be spent. It is then read in the strictest way in which it
   * can be meant, and `serve` does not start.
   */
  readonly isUnreadable?: boolean | undefined;
};

/** The keys and indexes that lead to a value. */
export type Path = readonly (string | number)[];

/** An issue of a schema with its path from the outermost value. */
export type Issue = { readonly path: Path; readonly issue: v.BaseIssue<unknown> };

/** The place of a value, as JavaScript code would write it. */
export function placeOf(root: string, path: Path): string {
  return path.reduce<string>(
    (place, key) =>
      typeof key === "number"
        ? `${place}[${key}]`
        : /^[A-Za-z_][\w-]*$/.test(key) && key.length <= 60
          ? `${place}.${key}`
          : `${place}[${JSON.stringify(shortened(key))}]`,
    root,
  );
}

/** The value at a path; undefined where the path does not exist. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === "object" && part !== null ? Reflect.get(part, key) : undefined),
    value,
  );
}

/** The first characters of a long text. */
export function shortened(text: string, maxLength = 60): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}

/**
 * The most specific issues: if a value may have one of several shapes, the issues within the shape that it resembles
 * instead of "none of the shapes".
 */
export function flattenIssues(issues: readonly v.BaseIssue<unknown>[], base: Path = []): readonly Issue[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...pathOf(issue)];
    const deeper = issue.type === "union" ? (issue.issues ?? []).filter(isWithinShape) : [];
    return deeper.length > 0 ? flattenIssues(deeper, path) : [{ path, issue }];
  });
}

/** One text for each issue of an object: the place, the message and the repair. */
export function issueTexts(issues: readonly v.BaseIssue<unknown>[], data: unknown): readonly string[] {
  return flattenIssues(issues).map(({ path, issue }) => {
    const [field, ...deeper] = path;
    const { message, repair } = describeIssue(issue, valueAt(data, path));
    return `${placeOf(String(field), deeper)}: ${message} ${repair}`;
  });
}

type Description = Pick<SettingProblem, "message" | "repair">;

/**
 * Describes an issue: what was found, and what is valid.
 * @param redact true if the value may be a secret, which the message must not repeat
 */
export function describeIssue(issue: v.BaseIssue<unknown>, value: unknown, redact = false): Description {
  const found = redact && typeof value === "string" ? "this text" : foundText(value);
  const { requirement } = issue;
  switch (issue.type) {
    case "strict_object":
      if (issue.expected === "never") return unknownKey(issue);
      return issue.expected === "Object"
        ? wrongType(found, value, "object")
        : { message: "This is missing.", repair: "Add it." };
    case "picklist":
    case "literal":
      return notInList(found, value, issue);
    case "min_value":
      return { message: `${found} is too small.`, repair: `Use ${requirement} or more.` };
    case "max_value":
      return { message: `${found} is too large.`, repair: `Use ${requirement} or less.` };
    case "gt_value":
      return { message: `${found} is too small.`, repair: `Use more than ${requirement}.` };
    case "integer":
      return { message: `${found} is not a whole number.`, repair: `Use ${nearestInteger(value)}.` };
    case "min_length":
    case "non_empty":
      return { message: "This is empty.", repair: "Add a value, or remove it." };
    case "max_length":
      return { message: "This is too long.", repair: `Use at most ${requirement} characters.` };
    case "regex":
      return { message: `${capitalized(found)} is not valid.`, repair: `Use ${issue.message}.` };
    case "check": {
      const message = isRecord(value)
        ? "These values do not fit together."
        : `${capitalized(found)} is not valid.`;
      return { message, repair: `Use ${issue.message}.` };
    }
    case "union":
      return wrongType(found, value, ...(issue.issues ?? []).map(({ type }) => type));
    default:
      return wrongType(found, value, issue.type);
  }
}

function pathOf(issue: v.BaseIssue<unknown>): Path {
  return (issue.path ?? []).flatMap(({ key }) =>
    typeof key === "string" || typeof key === "number" ? [key] : [],
  );
}

/** True if the value has the shape, and something within it is invalid. */
function isWithinShape(issue: v.BaseIssue<unknown>): boolean {
  return (issue.path ?? []).length > 0 || issue.kind === "validation";
}

function foundText(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(shortened(value));
  if (Array.isArray(value)) return "an array";
  if (isRecord(value)) return "an object";
  return shortened(String(value));
}

function unknownKey(issue: v.BaseIssue<unknown>): Description {
  const known = Array.isArray(issue.requirement) ? issue.requirement.map(String) : [];
  const meant = nearest(String(issue.input), known);
  return {
    message: `${foundText(issue.input)} is not a known key.`,
    repair: meant === undefined ? `Use ${listText(known)}.` : `Did you mean ${JSON.stringify(meant)}?`,
  };
}

function notInList(found: string, value: unknown, issue: v.BaseIssue<unknown>): Description {
  const options = optionsOf(issue);
  const meant = typeof value === "string" ? nearest(value, options) : undefined;
  return {
    message: `Expected ${listText(options)}, found ${found}.`,
    repair: meant === undefined ? "Use one of these." : `Did you mean ${JSON.stringify(meant)}?`,
  };
}

/** The options, out of valibot's `("a" | "b")`. */
function optionsOf(issue: v.BaseIssue<unknown>): readonly string[] {
  return [...(issue.expected ?? "").matchAll(/"([^"]*)"/g)].map(([, option]) => option ?? "");
}

/** `"a", "b" or "c"`. */
function listText(options: readonly string[]): string {
  const quoted = options.map((option) => JSON.stringify(option));
  return quoted.length < 2
    ? (quoted[0] ?? "nothing")
    : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

/** Pairs of a type's name in messages and how to write it. */
const TYPES: Readonly<Record<string, readonly [name: string, form: string]>> = {
  string: ["a string", "a string in quotes"],
  literal: ["a string", "a string in quotes"],
  number: ["a number", "a number"],
  boolean: ["true or false", "true or false"],
  array: ["an array", "an array: [ … ]"],
  null: ["null", "null"],
  nullable: ["null", "null"],
};
const OBJECT_TYPE = ["an object", "an object: { … }"] as const;

function wrongType(found: string, value: unknown, ...types: readonly string[]): Description {
  const expected = types.map((type) => TYPES[type] ?? OBJECT_TYPE);
  const names = [...new Set(expected.map(([typeName]) => typeName))];
  const forms = [...new Set(expected.map(([, form]) => form))];
  const text = typeof value === "string" ? value.trim() : "";
  const isQuoted =
    (names.includes("a number") && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text)) ||
    (names.includes("true or false") && /^(?:true|false)$/.test(text));
  return {
    message: `Expected ${names.join(" or ")}, found ${found}.`,
    repair: isQuoted ? `Write ${text} without quotes.` : `Write ${forms.join(" or ")}.`,
  };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function nearestInteger(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.round(value) : 1;
}
