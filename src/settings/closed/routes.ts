import { isRecord } from "../../base/isRecord.ts";
import { chainEntry, type Route, route, routeFields, routes, when } from "../declared/routes.ts";
import { name } from "../values.ts";
import {
  type ClosedRead,
  type Finding,
  findingsOf,
  firstText,
  isLike,
  numbersIn,
  readWith,
  someWithin,
} from "./reading.ts";

const SETTING = "switchyard.routes";

/** A route as the product uses it. */
export type ReadRoute = Route & {
  /**
   * Why the prompts that match are not sent, and how to repair it. A condition or all models cannot be read, so it is not
   * known which prompts the route is for, or where they may go.
   */
  readonly unreadable?: string | undefined;
};

/**
 * Reads routes of which some are invalid. A route with a mistake keeps all of its other fields, and its prompts
 * never fall to the route behind it. If a condition cannot be read, the route applies to all prompts that the other
 * conditions match; these are not sent, unless the route is limited to local models.
 */
export function readRoutes(raw: unknown): ClosedRead<readonly ReadRoute[]> {
  if (!Array.isArray(raw)) {
    const findings = findingsOf(routes.schema, raw, [], () => "Nothing is sent.");
    return { value: [blockingRoute(firstText(SETTING, findings))], findings };
  }
  const read = raw.map((entry: unknown, index) => readRoute(entry, index));
  return { value: read.map(({ value }) => value), findings: read.flatMap(({ findings }) => findings) };
}

/** A route that matches every prompt and sends none. */
export function blockingRoute(unreadable: string, routeName = "Unreadable"): ReadRoute {
  return { name: routeName, models: [], pick: "first", localOnly: false, unreadable };
}

function readRoute(raw: unknown, index: number): ClosedRead<ReadRoute> {
  const valid = readWith(route, raw);
  if (valid !== undefined) return { value: valid, findings: [] };
  const fallbackName = `Route ${index + 1}`;
  if (!isRecord(raw)) {
    const findings = findingsOf(route, raw, [index], () => "No prompt that reaches it is sent.");
    return { value: blockingRoute(firstText(SETTING, findings), fallbackName), findings };
  }
  const roles = new Map(Object.entries(raw).map(([key, value]) => [key, roleOf(key, value)]));
  const roleAt = (key: unknown): Role => roles.get(String(key)) ?? roleOfMissing(key);
  const conditions = validConditions(raw["when"]);
  const minQuality = minQualityIn(raw);
  const kept = {
    ...Object.fromEntries(Object.entries(raw).filter(([key]) => roleAt(key) === "valid")),
    ...(conditions === undefined ? {} : { when: conditions }),
    ...(minQuality === undefined ? {} : { minQuality }),
    name: readWith(name, raw["name"]) ?? fallbackName,
    models: validModels(raw["models"]),
    localOnly: someWithin(raw, isLocalOnly),
  };
  const findings = findingsOf(route, raw, [index], ([key]) => consequenceOf(roleAt(key), kept)).map(
    (finding) => withRole(finding, roleAt(finding.path[1])),
  );
  const { experiment: _, ...withoutExperiment } = { experiment: undefined, ...kept };
  const read = readWith(route, kept) ?? readWith(route, withoutExperiment);
  if (read !== undefined && !("experiment" in read) && findings.every(({ path }) => path.length > 1)) {
    findings.push(...findingsOf(route, kept, [index], () => "The experiment is ignored."));
  }
  const blocking = findings.filter(({ path: [, key] }) => {
    const role = roleAt(key);
    return role === "models" ? read === undefined : role === "condition" && !kept.localOnly;
  });
  if (read !== undefined && blocking.length === 0) return { value: read, findings };
  const unreadable = firstText(SETTING, blocking.length === 0 ? findings : blocking);
  const blocked = read ?? blockingRoute(unreadable, kept.name);
  return {
    value: { ...blocked, ...(conditions === undefined ? {} : { when: conditions }), unreadable },
    findings,
  };
}

/** What an invalid field, or a key that is no field, means for its route. */
type Role =
  | "valid"
  | "condition"
  | "models"
  | "localOnly"
  | "minQuality"
  | "name"
  | "pick"
  | "effort"
  | "experiment"
  | "unknown";

/** The names of conditions: a condition may be written beside `when` instead of in it. */
const CONDITION_NAMES = [
  ...["when", "examples", "threshold", ...Object.keys(when.entries)],
  ...["if", "where", "match", "condition", "conditions", "filter"],
];
const LOCAL_ONLY_NAMES = ["localOnly", "onlyLocal", "local", "private", "privateOnly"];

function roleOf(key: string, value: unknown): Role {
  switch (key) {
    case "name":
    case "models":
    case "pick":
    case "effort":
    case "minQuality":
    case "localOnly":
    case "experiment":
      return isValid(key, value) ? "valid" : key;
    case "when":
    case "examples":
    case "threshold":
      return isValid(key, value) ? "valid" : "condition";
  }
  if (someWithin(value, isLocalOnly, key) || isLike(key, LOCAL_ONLY_NAMES)) return "localOnly";
  if (isLike(key, ["minQuality"])) return "minQuality";
  const isCondition = someWithin(
    value,
    (_, name) => name !== undefined && isLike(name, CONDITION_NAMES),
    key,
  );
  return isCondition ? "condition" : "unknown";
}

/** The role of a field that is missing. An issue of the whole route is that its experiment does not fit its models. */
function roleOfMissing(key: unknown): Role {
  return key === "name" ? "name" : key === undefined ? "experiment" : "models";
}

function isValid(key: keyof typeof routeFields.entries, value: unknown): boolean {
  return readWith(routeFields.entries[key], value) !== undefined;
}

function consequenceOf(
  role: Role,
  kept: {
    readonly name: string;
    readonly localOnly: boolean;
    readonly minQuality?: number;
    readonly models: readonly unknown[];
  },
): string {
  switch (role) {
    case "condition":
      return kept.localOnly
        ? "The route applies to every prompt that its other conditions match."
        : "No prompt that the other conditions match is sent.";
    case "models":
      return kept.models.length === 0 ? "The prompts of this route are not sent." : "It is ignored.";
    case "localOnly":
      return kept.localOnly ? "The route uses local models only." : "It is ignored.";
    case "minQuality":
      return `The route requires a quality of ${kept.minQuality}.`;
    case "name":
      return `The route is named "${kept.name}".`;
    case "pick":
      return 'The route picks the "first" model.';
    case "effort":
      return "The models reason as much as they do by themselves.";
    case "experiment":
      return "The experiment is ignored.";
    case "valid":
    case "unknown":
      return "The key has no effect.";
  }
}

function withRole(finding: Finding, role: Role): Finding {
  const key = finding.path[1];
  const isOther = role === "localOnly" && typeof key === "string" && !isLike(key, ["localOnly"]);
  return {
    ...finding,
    repair: isOther ? 'Write "localOnly": true instead.' : finding.repair,
    isHarmless: role === "unknown",
  };
}

/** A key like `localOnly`, at any depth, counts unless its value is false. */
function isLocalOnly(value: unknown, key: string | undefined): boolean {
  return key !== undefined && isLike(key, LOCAL_ONLY_NAMES) && value !== false && value !== "false";
}

/** The valid conditions; undefined if there are none. */
function validConditions(raw: unknown): Readonly<Record<string, unknown>> | undefined {
  const valid = Object.entries(isRecord(raw) ? raw : {}).filter(
    ([key, value]) => readWith(when, { [key]: value }) !== undefined,
  );
  return valid.length === 0 ? undefined : Object.fromEntries(valid);
}

/** The valid models. Without a valid `userTier`, it is not known who may use a model. */
function validModels(raw: unknown): readonly unknown[] {
  return (Array.isArray(raw) ? raw : []).flatMap((entry: unknown) => {
    if (readWith(routeFields.entries.models, [entry]) !== undefined) return [entry];
    if (!isRecord(entry)) return [];
    const { timeoutMs: _, ...rest } = entry;
    const isHarmless = (key: string) =>
      Object.hasOwn(chainEntry.entries, key) || !isLike(key, ["userTier", "tier"]);
    if (!Object.keys(rest).every(isHarmless)) return [];
    const known = Object.entries(rest).filter(([key]) => Object.hasOwn(chainEntry.entries, key));
    const kept = Object.fromEntries(known);
    return readWith(chainEntry, kept) === undefined ? [] : [kept];
  });
}

/** The quality that a route requires, from an invalid or misspelt field too: the highest that can be read of it. */
function minQualityIn(fields: Readonly<Record<string, unknown>>): number | undefined {
  const given = Object.entries(fields).filter(
    ([key, value]) => key === "minQuality" || roleOf(key, value) === "minQuality",
  );
  if (given.length === 0) return undefined;
  const highest = given.map(([, value]) => Math.max(...numbersIn(value)));
  return Math.max(
    ...highest.map((quality) =>
      quality >= 0 ? Math.min(1, quality) : quality === Number.NEGATIVE_INFINITY ? 1 : 0,
    ),
  );
}
