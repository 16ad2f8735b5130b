import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Decision } from "../../contract/decision.ts";
import { loadCatalogue } from "../../models/catalogueFiles.ts";
import { providerIds } from "../../providers/registry/providerSettings.ts";
import { createClassifier } from "../../routing/classify/classify.ts";
import { readSettings } from "../../settings/read.ts";
import { Decider } from "./decider.ts";
import type { PromptLine } from "./input.ts";
import { type OutputLine, outputLine } from "./output.ts";
import { assumedWorld, unknownNamesIn, type WorldFile } from "./world.ts";

const catalogue = await loadCatalogue(fileURLToPath(new URL("../../models/data", import.meta.url)));
const NOW_MS = Date.parse("2026-11-21T15:00:00Z");
const [LUNA, HAIKU, OPUS, LOCAL] = [
  "openai/gpt-6-luna",
  "anthropic/claude-haiku-5-5",
  "anthropic/claude-opus-5-5",
  "ollama/qwen3-coder",
] as const;

const ROUTES = [
  { name: "Hard", when: { complexity: ["high"] }, models: [OPUS, LUNA] },
  { name: "All", models: [LUNA, HAIKU] },
];

/** Decides lines in order, as the command does. */
async function decideAll(
  lines: readonly PromptLine[],
  file: WorldFile = {},
  raw: Record<string, unknown> = {},
  maxConversations?: number,
): Promise<readonly (OutputLine & { readonly decision: Decision })[]> {
  const { settings } = readSettings({ "switchyard.routes": ROUTES, ...raw });
  const world = assumedWorld(settings, catalogue, file, NOW_MS);
  const classify = createClassifier(async () => undefined);
  const decider = new Decider({ settings, classify, world, maxConversations });
  const all: (OutputLine & { decision: Decision })[] = [];
  for (const [at, line] of lines.entries()) {
    const decision = await decider.decide(line, at + 1);
    all.push({ ...outputLine(at + 1, decision), decision });
  }
  return all;
}

const simple = { prompt: "What is a closure?" };
const skippedModels = ({ skipped }: OutputLine) => skipped.map(({ model, reason }) => [model, reason]);

describe("a prompt", () => {
  it("gets the model that the chat would use", async () => {
    const [hard, easy] = await decideAll([{ prompt: "Compare these two" }, simple]);
    expect(hard).toMatchObject({
      line: 1,
      route: "Hard",
      model: OPUS,
      chain: [OPUS, LUNA],
      complexity: "high",
      variant: null,
      expectedCostUsd: expect.any(Number),
      skipped: [],
    });
    expect(hard?.reasons.map(({ kind }) => kind)).toEqual(["route", "complexity", "pick"]);
    expect(easy).toMatchObject({ line: 2, route: "All", model: LUNA, complexity: "low" });
  });

  it("is measured with its code, and with the expected length of its answer", async () => {
    const context = "const a = 1;\n".repeat(300);
    const [plain, withCode, long] = await decideAll([
      simple,
      { ...simple, context },
      { ...simple, expectedOutputTokens: 5000 },
    ]);
    expect(withCode?.expectedInputTokens).toBeGreaterThan(1000);
    expect(plain?.expectedOutputTokens).toBeGreaterThan(100);
    expect(long?.expectedOutputTokens).toBe(5000);
    // Code counts for the length, but its words are not the user's.
    const [coded] = await decideAll([{ prompt: "Look", context: `compare ${"x".repeat(2500)}` }]);
    expect(coded).toMatchObject({ complexity: "high", route: "Hard" });
    expect(coded?.reasons).toContainEqual(
      expect.objectContaining({ kind: "complexity", reason: { kind: "length", characters: 2512 } }),
    );
  });

  it("matches routes by command, language, path and tier", async () => {
    const models = [LUNA];
    const routes = [
      { name: "command", when: { commands: ["fix"] }, models },
      { name: "language", when: { languages: ["rust"] }, models },
      { name: "path", when: { paths: ["**/*.md"] }, models },
      { name: "tier", when: { userTier: ["premium"] }, models },
    ];
    const decided = await decideAll(
      [
        { ...simple, command: "/fix" },
        { ...simple, language: "rust" },
        { ...simple, paths: ["docs/a.md"] },
        { ...simple, tier: "premium" },
        simple,
      ],
      {},
      { "switchyard.routes": routes },
    );
    expect(decided.map(({ route }) => route)).toEqual(["command", "language", "path", "tier", "derived:low"]);
  });

  it("is assigned to an arm of its route's experiment by its user", async () => {
    const experiment = { name: "x", control: LUNA, treatment: HAIKU, treatmentShare: 0.5, unit: "user" };
    const routes = [
      { name: "Trial", models: [LUNA, HAIKU], experiment: { ...experiment, metric: "thumbs" } },
    ];
    const users = Array.from({ length: 200 }, (_, at) => ({ ...simple, user: `u${at}` }));
    const decided = await decideAll([...users, ...users], {}, { "switchyard.routes": routes });
    const variants = decided.map(({ variant }) => variant);
    expect(variants.slice(0, 200)).toEqual(variants.slice(200));
    expect(variants.filter((variant) => variant === "treatment").length).toBeGreaterThan(140);
    for (const { variant, model } of decided) expect(model).toBe(variant === "control" ? LUNA : HAIKU);
  });

  it("uses local models if a file is private, as does the rest of its conversation", async () => {
    const raw = { "switchyard.routes": [{ name: "All", models: [LUNA, LOCAL] }] };
    const [, secret, later] = await decideAll(
      [
        { ...simple, conversation: "c" },
        { prompt: "Explain this file", paths: ["app/.env"], context: "A=1", conversation: "c" },
        { prompt: "What is a promise?", conversation: "c" },
      ],
      {},
      raw,
    );
    for (const each of [secret, later]) {
      expect(each?.model).toBe(LOCAL);
      expect(each === undefined ? [] : skippedModels(each)).toEqual([[LUNA, "private"]]);
    }
  });
});

describe("the lines of a conversation", () => {
  it("are decided in order, so that a follow-up keeps the model", async () => {
    const [first, go, other, alone] = await decideAll([
      { prompt: "Compare these two", conversation: "c" },
      { prompt: "go on", conversation: "c" },
      { prompt: "go on", conversation: "d" },
      { prompt: "go on" },
    ]);
    expect(first?.model).toBe(OPUS);
    expect(go).toMatchObject({ model: OPUS, route: "Hard" });
    expect(go?.reasons).toContainEqual({ kind: "followUp", keeps: OPUS });
    expect(go?.expectedInputTokens).toBeGreaterThan(
      (first?.expectedInputTokens ?? 0) + (first?.expectedOutputTokens ?? 0),
    );
    for (const each of [other, alone]) expect(each).toMatchObject({ model: LUNA, route: "All" });
  });

  it("hold the complexity of the hardest one, however many follow it", async () => {
    const later = Array.from({ length: 30 }, (_, at) => ({
      prompt: `number ${at} still fails on Windows`,
      conversation: "c",
    }));
    const lines = [
      { prompt: "hello", conversation: "c" },
      { prompt: "Compare both ways to store sessions", conversation: "c" },
      ...later,
    ];
    const all = await decideAll(lines);
    expect(all.slice(1).map(({ model }) => model)).toEqual(Array(31).fill(OPUS));
    expect(all.at(-1)).toMatchObject({ complexity: "high", route: "Hard" });
    expect(all.at(-1)?.reasons).toContainEqual(
      expect.objectContaining({ kind: "held", level: "high", prompt: 2 }),
    );
    const [other] = await decideAll(lines.slice(2), {}, {});
    expect(other?.model).toBe(LUNA);
  });

  it("escalate after an act, in place of the prompt that it is about", async () => {
    const hello = { prompt: "hello", conversation: "c" };
    const [first, again, third, fourth, next] = await decideAll([
      hello,
      { ...hello, act: "regenerate" },
      { ...hello, act: "failed-test" },
      { ...hello, act: "failed-test" },
      { prompt: "go on", conversation: "c" },
    ]);
    expect(first).toMatchObject({ model: LUNA, route: "All" });
    expect(again?.model).not.toBe(LUNA);
    expect(again?.reasons).toContainEqual(
      expect.objectContaining({ kind: "escalated", from: LUNA, reason: "regenerate" }),
    );
    const quality = (line: typeof first) =>
      line?.decision.outcome.kind === "chosen" ? (line.decision.outcome.chain[0].quality ?? 0) : 0;
    expect(quality(again)).toBeGreaterThan(quality(first));
    expect(quality(third)).toBeGreaterThanOrEqual(quality(again));
    expect(quality(fourth)).toBeGreaterThanOrEqual(quality(third));
    // The prompt is sent once more, not added: its tokens and those of the answer do not grow.
    expect(fourth?.expectedInputTokens).toBe(first?.expectedInputTokens);
    expect(next?.decision.attributes.escalation).toBeUndefined();
  });

  it("take the prompt cache of the previous model into account", async () => {
    const routes = [{ name: "All", models: [LUNA, HAIKU], pick: "cheapest" }];
    const context = "const value = compute();\n".repeat(2000);
    const [, second] = await decideAll(
      [
        { ...simple, context, conversation: "c" },
        { prompt: "What is a promise?", context, conversation: "c" },
      ],
      {},
      { "switchyard.routes": routes },
    );
    expect(second?.reasons.find(({ kind }) => kind === "affinity")).toMatchObject({
      verdict: "stayed",
      stayNanoUsd: expect.any(Number),
      switchNanoUsd: expect.any(Number),
    });
  });

  it("choose a model again if new code is attached", async () => {
    const context = "a";
    const lines = [
      { prompt: "Compare these two", context, conversation: "c" },
      { prompt: "go on", context, conversation: "c" },
      { prompt: "go on", context: "b", conversation: "c" },
    ];
    const [, again, fresh] = await decideAll(lines, {}, { "switchyard.complexity.hold": false });
    expect(again?.model).toBe(OPUS);
    expect(fresh?.model).toBe(LUNA);
  });

  it("expect answers to the line, not to the whole conversation", async () => {
    const lines = Array.from({ length: 100 }, () => ({ ...simple, conversation: "c" }));
    const decided = await decideAll(lines);
    const last = decided.at(-1);
    expect(last?.expectedOutputTokens).toBe(decided[0]?.expectedOutputTokens);
    expect(last?.expectedInputTokens).toBeLessThan(100 * 500);
    expect(last?.route).toBe("All");
  });

  it("are dropped in the order of their last prompt", async () => {
    const lines = ["a", "b", "c"].map((conversation) => ({ prompt: "Compare these two", conversation }));
    const [, , , a, c] = await decideAll(
      [...lines, { prompt: "go on", conversation: "a" }, { prompt: "go on", conversation: "c" }],
      {},
      {},
      2,
    );
    expect(a?.model).toBe(LUNA);
    expect(c?.model).toBe(OPUS);
  });
});

describe("the world file", () => {
  const hard = [{ prompt: "Compare these two" }];

  it("can open breakers, remove keys and set rate limits", async () => {
    const all = [LUNA, HAIKU, OPUS, "google/gemini-4-argon"];
    const raw = { "switchyard.routes": [{ name: "All", models: all }] };
    const file = {
      openBreakers: [LUNA],
      missingKeys: ["google"],
      rateLimits: { [HAIKU]: 20 },
      now: "2026-11-21T10:00:00Z",
    };
    const [decided] = await decideAll(hard, file, raw);
    expect(decided?.model).toBe(OPUS);
    expect(decided === undefined ? [] : skippedModels(decided)).toEqual([
      [LUNA, "breaker-open"],
      [HAIKU, "rate-limit"],
      ["google/gemini-4-argon", "no-key"],
    ]);
    expect(decided?.skipped[1]).toMatchObject({ untilMs: Date.parse("2026-11-21T10:00:20Z") });
    expect(decided?.decision.atMs).toBe(Date.parse("2026-11-21T10:00:00Z"));
  });

  it("can say how often the check of edits was right, which decides what a cascade begins with", async () => {
    const raw = {
      "switchyard.routes": [{ name: "Edits", models: [LUNA, OPUS], pick: "cascade" }],
      "switchyard.models": { [LUNA]: { quality: 0.7 }, [OPUS]: { quality: 0.8 } },
    };
    const edit = { prompt: "Fix it", language: "go", edit: true };
    const checksOf = (rejectedWrong: number): WorldFile => ({
      checks: [{ route: "Edits", language: "go", wrong: 13, rejectedWrong, right: 0, passedRight: 0 }],
    });
    const models = async (file: WorldFile) =>
      (await decideAll([edit, { ...edit, edit: false }], file, raw)).map(({ model }) => model);
    expect(await models(checksOf(13))).toEqual([LUNA, OPUS]);
    expect(await models(checksOf(6))).toEqual([OPUS, OPUS]);
    expect(await models({})).toEqual([OPUS, OPUS]);
  });

  it("can open a provider's breaker for all of its models", async () => {
    const [decided] = await decideAll(hard, { openBreakers: ["anthropic"] });
    expect(decided?.model).toBe(LUNA);
  });

  it("can set the rest of the budget, which can block a prompt", async () => {
    const [blocked] = await decideAll(hard, { remainingUsd: 0 });
    expect(blocked).toMatchObject({ model: null, chain: [], expectedCostUsd: null, variant: null });
    expect(blocked?.reasons.at(-1)).toMatchObject({ kind: "budget", outcome: "blocked", leftNanoUsd: 0 });
    const [unlimited] = await decideAll(hard, {}, { "switchyard.budget.dailyUsd": null });
    expect(unlimited?.model).toBe(OPUS);
    const [poor] = await decideAll(hard, { remainingUsd: 0 }, { "switchyard.budget.dailyUsd": null });
    expect(poor?.model).toBeNull();
  });

  it("can set latencies, by which the fastest model is chosen", async () => {
    const raw = { "switchyard.routes": [{ name: "All", models: [LUNA, HAIKU], pick: "fastest" }] };
    const latency = { [HAIKU]: { firstTokenMs: 100, tokensPerSecond: 1000 } };
    const [decided] = await decideAll(hard, { latency }, raw);
    expect(decided?.model).toBe(HAIKU);
    expect(decided?.reasons.at(-1)).toMatchObject({
      figure: { by: "time", expectedMs: 100 + (decided?.expectedOutputTokens ?? 0) },
    });
  });

  it("leaves the simulator if no provider has a key", async () => {
    const { settings } = readSettings({});
    const file = { missingKeys: [...providerIds(settings)] };
    const { providers } = assumedWorld(settings, catalogue, file, NOW_MS);
    const usable = [...providers].filter(([, state]) => state.usable).map(([id]) => id);
    expect(usable).toEqual(["simulator"]);
  });

  it("is checked for unknown models and providers", () => {
    const { settings } = readSettings({ "switchyard.routes": ROUTES });
    const file = { openBreakers: [LUNA, "openai/gpt-6-lune"], missingKeys: ["opnai"] };
    const world = assumedWorld(settings, catalogue, file, NOW_MS);
    expect(unknownNamesIn(file, world)).toEqual(["openai/gpt-6-lune", "opnai"]);
  });
});
