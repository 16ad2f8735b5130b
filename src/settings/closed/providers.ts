import { isRecord } from "../../base/isRecord.ts";
import { CUT_KEY } from "../../base/plainCopy.ts";
import { isKeyInHeader, type ProviderSettings, provider, providers } from "../declared/providers.ts";
import { providerId, STORE_KEY } from "../values.ts";
import {
  type ClosedRead,
  type Finding,
  findingsOf,
  firstText,
  isLike,
  readWith,
  someWithin,
} from "./reading.ts";

const SETTING = "switchyard.providers";

/** The entry of every provider without one of its own, if the setting as a whole cannot be read. */
export const EVERY_PROVIDER = "*";

/** An entry as the product uses it. */
export type ReadProvider = ProviderSettings & {
  /** Why nothing is sent to this provider, and how to repair it. Then no other field is set. */
  readonly unusable?: string | undefined;
  /** The keys of objects within an unusable entry: a provider may be nested in it by mistake. */
  readonly namesWithin?: readonly string[] | undefined;
};

type Providers = Readonly<Record<string, ReadProvider>>;

/** What people write instead of the fields for the address, the kind and the key. */
const ADDRESS_ALIASES = ["url", "uri", "address", "host", "server", "proxy", "apiBase", "type"];
const KEY_ALIASES = ["apiKey", "key", "token", "secret", "password", "auth", "authorization"];
const DECISIVE_NAMES = [
  "kind",
  "baseUrl",
  "endpoint",
  "apiKeyEnv",
  "headers",
  ...ADDRESS_ALIASES,
  ...KEY_ALIASES,
];
const ADDRESS = /^\s*[a-z][a-z+.-]*:\/\/|^\s*[\w.-]+:\d+(?:\/|\s*$)/i;

/**
 * Reads providers of which some are invalid. An invalid field is ignored by itself. An entry whose address, kind or key
 * is invalid or misspelt stays, as unusable: otherwise the built-in provider of its name would take its place.
 */
export function readProviders(raw: unknown): ClosedRead<Providers> {
  if (!isRecord(raw)) {
    const findings = findingsOf(providers.schema, raw, [], () => "Nothing is sent to any provider.", true);
    return { value: recordOf([[EVERY_PROVIDER, unusable(findings)]]), findings };
  }
  const read = Object.entries(raw).map(([id, entry]) => [id, readProvider(id, entry)] as const);
  return {
    value: recordOf(read.map(([id, { value }]) => [isOfAny(id, value) ? EVERY_PROVIDER : id, value])),
    findings: read.flatMap(([, { findings }]) => findings),
  };
}

/** Whether it is not known which provider an entry is of: it is a field that is not within an entry, or was cut. */
function isOfAny(id: string, { unusable: reason }: ReadProvider): boolean {
  return reason !== undefined && (id === CUT_KEY || Object.hasOwn(provider.entries, id));
}

/**
 * Adds the providers of a setting whose name does not exist as unusable, unless they have an entry.
 * @param stray undefined if nothing of it can be read
 */
export function withStrayProviders(entries: Providers, stray: unknown, reason: string): Providers {
  const added = Object.entries(readProviders(stray).value).filter(([id]) => !Object.hasOwn(entries, id));
  return recordOf([
    ...Object.entries(entries),
    ...added.map(([id, { namesWithin }]) => [id, { unusable: reason, namesWithin }] as const),
  ]);
}

function readProvider(id: string, raw: unknown): ClosedRead<ReadProvider> {
  const wrongId = findingsOf(providerId, id, [id], () => consequenceOf("decisive"), true);
  const fields = isRecord(raw) ? Object.entries(raw) : [];
  const roles = new Map(fields.map(([key, value]) => [key, roleOf(key, value)]));
  const roleAt = (key: unknown): Role => roles.get(String(key)) ?? "decisive";
  const findings = [
    ...wrongId,
    ...findingsOf(provider, raw, [id], ([key]) => consequenceOf(roleAt(key)), true).map((finding) => {
      const [, key] = finding.path;
      const isKey = typeof key === "string" && !(key in provider.entries) && isLike(key, KEY_ALIASES);
      return {
        ...finding,
        repair: isKey ? `Remove it, and ${STORE_KEY}.` : finding.repair,
        isHarmless: roleAt(key) === "unknown",
      };
    }),
  ];
  const decisive = findings.filter(({ path: [, key] }) => roleAt(key) === "decisive");
  if (decisive.length > 0) {
    const namesWithin = keysWithin(raw).filter((name) => !Object.hasOwn(provider.entries, name));
    return { value: { ...unusable(decisive), ...(namesWithin.length > 0 ? { namesWithin } : {}) }, findings };
  }
  const kept = fields.flatMap(([key, value]) => {
    if (key === "headers" && isRecord(value)) return [[key, validHeaders(value)]];
    return roleAt(key) === "valid" ? [[key, value]] : [];
  });
  const isLocalUnclear = [...roles.values()].includes("local");
  const read = readWith(provider, {
    ...Object.fromEntries(kept),
    ...(isLocalUnclear ? { local: false } : {}),
  });
  return { value: read ?? unusable(findings), findings };
}

/** What a field means for its entry. `decisive`: prompts or a key could go elsewhere without it. */
type Role = "valid" | "decisive" | "local" | "ignored" | "unknown";

function roleOf(key: string, value: unknown): Role {
  if (!Object.hasOwn(provider.entries, key)) {
    if (isLike(key, ["local"])) return "local";
    const isDecisive = someWithin(value, isAddressOrName, key);
    return isDecisive ? "decisive" : "unknown";
  }
  if (findingsOf(provider, { [key]: value }, [], () => "").length === 0) return "valid";
  if (key === "local") return "local";
  if (key === "apiVersion" || key === "catalog") return "ignored";
  const isPartlyUsable =
    key === "headers" && isRecord(value) && !Object.entries(value).some((header) => isKeyInHeader(...header));
  return isPartlyUsable ? "ignored" : "decisive";
}

function isAddressOrName(value: unknown, key: string | undefined): boolean {
  return (
    (key !== undefined && isLike(key, DECISIVE_NAMES)) || (typeof value === "string" && ADDRESS.test(value))
  );
}

function consequenceOf(role: Role): string {
  switch (role) {
    case "decisive":
      return "Nothing is sent to this provider.";
    case "local":
      return "The provider does not count as local.";
    case "valid":
    case "ignored":
      return "It is ignored.";
    case "unknown":
      return "The key has no effect.";
  }
}

function keysWithin(value: unknown): readonly string[] {
  const keys: string[] = [];
  someWithin(value, (_, key) => {
    if (key !== undefined) keys.push(key);
    return false;
  });
  return keys;
}

function validHeaders(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const isValid = (header: object) => readWith(provider, { headers: header }) !== undefined;
  return Object.fromEntries(Object.entries(headers).filter(([name, value]) => isValid({ [name]: value })));
}

function unusable(findings: readonly Finding[]): ReadProvider {
  return { unusable: firstText(SETTING, findings) };
}

/** Without a prototype, a key that the user did not write (`toString`) is not found. */
function recordOf(entries: readonly (readonly [string, ReadProvider])[]): Providers {
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}
