import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { inProject } from "../../scripts/project.ts";
import { attributes, features } from "../../test/support/routing/worlds.ts";
import { isRecord } from "../base/isRecord.ts";
import { matchesAny } from "../base/paths/glob.ts";
import { splitRef } from "../contract/model.ts";
import type { Catalogue } from "../models/catalogue.ts";
import { loadCatalogue } from "../models/catalogueFiles.ts";
import { configOf, keyVariables } from "../providers/registry/providerSettings.ts";
import { decide } from "../routing/decide/decide.ts";
import { readSettings } from "../settings/read.ts";
import type { Settings } from "../settings/schema.ts";
import { assumedWorld } from "./decide/world.ts";

type Json = Readonly<Record<string, unknown>>;

let catalogue: Catalogue;
beforeAll(async () => {
  const { lists, quality } = await loadCatalogue(inProject("src/models/data"));
  // What matters is the provider of a model, so a part of the models of each is enough.
  const part = [...lists].map(([id, models]) => {
    const kept = [...models].filter(
      ([model], index) => index % 4 === 0 || NAMED_MODELS.has(`${id}/${model}`),
    );
    return [id, new Map(kept)] as const;
  });
  catalogue = { lists: new Map(part), quality };
});

const NAMED_MODELS: ReadonlySet<string> = new Set([
  "openai/gpt-6-luna",
  "azure/gpt-4o",
  "anthropic/claude-opus-5-5",
]);

const SETTINGS: Json = {
  "switchyard.providers": {
    openai: { baseUrl: "http://proxy.example/v1", apiKeyEnv: "WORK_KEY", headers: { "x-api-key": "{key}" } },
    azure: { kind: "azure-openai", endpoint: "https://me.openai.azure.com", apiVersion: "2026-06-01" },
    box: { kind: "openai-compatible", baseUrl: "http://10.0.0.7/v1", local: true },
    hosted: {
      kind: "openai-compatible",
      baseUrl: "https://hosted.example/v1",
      local: false,
      catalog: "openai",
    },
  },
  "switchyard.models": {
    "box/qwen": { quality: 0.5, maxInputTokens: 100_000 },
    "openai/gpt-6-luna": { inputUsdPerMTok: 9, outputUsdPerMTok: 9, maxOutputTokens: 5000 },
  },
  "switchyard.routes": [
    { name: "Secret", when: { paths: ["secret/**"] }, models: ["box/qwen"], localOnly: true },
    {
      name: "Words",
      when: { keywords: ["password"] },
      models: ["openai/gpt-6-luna", "box/qwen"],
      localOnly: true,
    },
    {
      name: "Hard",
      when: { complexity: ["high"], contextTokens: { below: 5000 } },
      models: [{ model: "azure/gpt-4o", timeoutMs: 30_000 }, "anthropic/claude-opus-5-5"],
      pick: "fastest",
    },
    {
      name: "Example",
      when: { needs: ["tools"] },
      examples: ["Write a test"],
      threshold: 0.4,
      models: ["box/qwen"],
    },
    { name: "Go", when: { languages: ["go"] }, models: ["azure/gpt-4o"], minQuality: 0.1 },
    { name: "Home", when: { commands: ["fix"] }, models: ["box/qwen"] },
    { name: "All", models: ["openai/gpt-6-luna", "box/qwen"], pick: "cheapest" },
  ],
  "switchyard.privatePaths": ["**/.env*", "keys/**"],
  "switchyard.budget.dailyUsd": 0.5,
  "switchyard.budget.monthlyUsd": 10,
  "switchyard.budget.whenExceeded": "free",
  "switchyard.maxOutputTokens": 2000,
  "switchyard.history.keepDays": 30,
};

/** Prompts for each route, some of which are private or match nothing. */
const PROMPTS = [[], ["secret/a.ts"], ["a/.env"], ["keys/id", "b.go"]].flatMap((paths) =>
  (
    [
      { level: "low", known: {}, more: {} },
      { level: "low", known: { keywords: ["password"] }, more: { language: "go" } },
      { level: "high", known: {}, more: { language: "go" } },
      { level: "high", known: { contextTokens: 6000 }, more: { command: "fix" } },
    ] as const
  ).map((prompt) => ({ paths, ...prompt })),
);

/** Where each prompt may go: the providers of the chain, with their addresses, keys and whether they are local. */
function destinations(settings: Settings): readonly (readonly string[])[] {
  const world = assumedWorld(settings, catalogue, {}, Date.parse("2026-11-21T12:00:00Z"));
  return PROMPTS.map(({ paths, known, level, more }) => {
    const isPrivate = paths.some((path) => matchesAny(settings.privatePaths, path));
    const { outcome } = decide(
      attributes({ paths, isPrivate, ...more }),
      features(level, known),
      settings,
      world,
    );
    const chain = outcome.kind === "chosen" ? outcome.chain : [];
    return chain.map(({ ref }) => addressOf(splitRef(ref).provider, settings));
  });
}

function addressOf(id: string, settings: Settings): string {
  const { kind, baseUrl, endpoint, headers, local } = configOf(id, settings) ?? {};
  return JSON.stringify({ kind, baseUrl, endpoint, headers, local, key: keyVariables(id, settings) });
}

/** The places of all values: paths of keys and indexes. */
function placesIn(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const inner = Array.isArray(value) ? [...value.entries()] : isRecord(value) ? Object.entries(value) : [];
  return [
    ...(path.length === 0 ? [] : [path]),
    ...inner.flatMap(([key, part]) => placesIn(part, [...path, key])),
  ];
}

/** Replaces the value at a place. An object's replacement can have another key, or be in an object of its own. */
function changed(
  value: unknown,
  [key, ...rest]: readonly (string | number)[],
  change: (key: string, value: unknown) => Json,
): unknown {
  if (Array.isArray(value)) {
    return value.map((part: unknown, index) => {
      if (index !== key) return part;
      return rest.length === 0 ? Object.values(change("", part))[0] : changed(part, rest, change);
    });
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) => {
      if (name !== key) return [[name, part]];
      return rest.length === 0 ? Object.entries(change(name, part)) : [[name, changed(part, rest, change)]];
    }),
  );
}

function misspelt(text: string, how: number): string {
  const at = 1 + (Math.floor(how / 8) % Math.max(1, text.length - 2));
  const before = text.slice(0, at);
  switch (how % 8) {
    case 0:
      return before + text.slice(at + 1);
    case 1:
      return `${before}${text.charAt(at)}${text.slice(at)}`;
    case 2:
      return `${before}q${text.slice(at + 1)}`;
    case 3:
      return `${before}${text.charAt(at + 1)}${text.charAt(at)}${text.slice(at + 2)}`;
    case 4:
      return text.toLowerCase();
    case 5:
      return text.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    case 6:
      return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
    default:
      return `${text} `;
  }
}

/** Keys and texts that the user chooses: with a typing error, they are valid and mean something else. */
const OWN_WORDS =
  /^(?:azure|box|hosted|.*\/.*|x-api-key|Secret|Words|Hard|Example|Go|Home|All|password|go|fix|Write a test|.*\*\*.*|WORK_KEY|\{key\}|2026.*|http.*)$/;

const retyped: readonly ((value: unknown) => unknown)[] = [
  (value) => (typeof value === "number" || typeof value === "boolean" ? String(value) : { value }),
  (value) => (typeof value === "number" ? `$${value}` : [value]),
  (value) => [value],
  (value) => ({ value }),
  (value) => ({ value: [value] }),
  (value) => (typeof value === "number" ? -value : 7),
  () => true,
  (value) => (typeof value === "string" || Array.isArray(value) ? { value } : "x"),
];

const mutation = fc.record({
  place: fc.nat(),
  how: fc.nat(),
  kind: fc.constantFrom("key", "word", "type", "nest", "unnest"),
});

type Mutation = { readonly place: number; readonly how: number; readonly kind: string };

function mutate(settings: Json, { place, how, kind }: Mutation): Json {
  const places = placesIn(settings);
  const path = places[place % places.length] ?? [];
  return changed(settings, path, (key, value) => {
    if (kind === "key" && !OWN_WORDS.test(key)) return { [misspelt(key, how)]: value };
    if (kind === "word" && typeof value === "string" && !OWN_WORDS.test(value))
      return { [key]: misspelt(value, how) };
    if (kind === "type") return { [key]: retyped[how % retyped.length]?.(value) };
    // The number keeps a second mistake from replacing what a first one has nested.
    if (kind === "nest" && path.length > 1) return { [`options${how}`]: { [key]: value } };
    if (kind === "unnest" && path.length > 1 && isRecord(value)) return value;
    return { [key]: value };
  }) as Json;
}

it("sends no prompt to a more public address, uses no less private route and allows no more than without the mistake", () => {
  const before = readSettings(SETTINGS);
  expect(before.problems).toEqual([]);
  const allowed = destinations(before.settings);
  const isLocal = (address: string) => address.includes('"local":true');
  const local = new Set(allowed.flat().filter(isLocal));
  expect(new Set(allowed.flat()).size).toBeGreaterThan(3);
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 2 }), (mutations) => {
      // A mistake that makes other valid settings cannot be told from an intention.
      const isMistake = (each: Mutation) => readSettings(mutate(SETTINGS, each)).problems.length > 0;
      fc.pre(mutations.every(isMistake));
      const raw = mutations.reduce(mutate, SETTINGS);
      const { settings } = readSettings(raw);
      const after = destinations(settings);
      for (const [index, addresses] of after.entries()) {
        const more = addresses.filter((address) => !allowed[index]?.includes(address) && !local.has(address));
        expect(more, JSON.stringify({ prompt: PROMPTS[index], raw })).toEqual([]);
      }
      const { budget, maxOutputTokens, history, models } = settings;
      // Of some mistakes nothing can be read: then the default applies.
      expect([0.5, 5].some((most) => budget.dailyUsd !== null && budget.dailyUsd <= most)).toBe(true);
      expect(budget.monthlyUsd).toBeLessThanOrEqual(10);
      expect(["free", "stop"]).toContain(budget.whenExceeded);
      expect(maxOutputTokens).toBeLessThanOrEqual(16_384);
      expect(history.keepDays).toBeLessThanOrEqual(400);
      const luna = models["openai/gpt-6-luna"];
      expect(luna?.hasUnknownPrice === true || luna?.inputUsdPerMTok === 9 || luna === undefined).toBe(true);
    }),
    { numRuns: 250 },
  );
});
