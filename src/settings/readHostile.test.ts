import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ANY_NAME } from "./closed/limits.ts";
import { readSettings } from "./read.ts";
import { SETTING_NAMES, type Settings } from "./schema.ts";

const models = ["openai/gpt-6-luna"];

/** The settings as a user would write them. */
function written(settings: Settings): Record<string, unknown> {
  return Object.fromEntries(
    SETTING_NAMES.map((name) => [
      name,
      name
        .split(".")
        .slice(1)
        .reduce<unknown>(
          (at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined),
          settings,
        ),
    ]),
  );
}

/** The entries without a field that only the reader sets. */
function withoutField<T extends object>(
  field: string,
  entries: Readonly<Record<string, T>>,
): Record<string, T> {
  const kept = Object.entries(entries).filter(([, entry]) => !(field in entry));
  return Object.assign(Object.create(null), Object.fromEntries(kept));
}

describe("hostile input", () => {
  it("does not reach an object's prototype", () => {
    const raw: Record<string, unknown> = JSON.parse(
      '{"__proto__": {"x": 1}, "switchyard.providers": {"__proto__": {"local": true}, "constructor": {"local": true}}, "switchyard.routes": [{"__proto__": {"models": ["a/b"]}, "name": "A"}]}',
    );
    const { settings } = readSettings(raw);
    expect(settings.providers["toString"]).toBeUndefined();
    expect(settings.providers["anything"]).toBeUndefined();
    expect(settings.routes).toEqual([expect.objectContaining({ name: "A", models: [] })]);
    expect(Reflect.get({}, "local")).toBeUndefined();
  });

  it("is cut at a thousand routes, with a problem, and what would reach the others is blocked", () => {
    const routes = Array.from({ length: 10_000 }, (_, index) => ({
      name: `R${index}`,
      when: { needs: ["tools"] },
      models,
    }));
    expect(readSettings({ "switchyard.routes": routes }).problems[0]?.message).toContain(
      "10000 entries are too many",
    );
    const read = readSettings({ "switchyard.routes": routes }).settings.routes;
    expect(read).toHaveLength(1001);
    expect(read.at(-1)?.unreadable).toContain("switchyard.routes[1000]");
  });

  it("reports a hundred problems and the number of the others", () => {
    const { problems } = readSettings({
      "switchyard.routes": Array.from({ length: 1000 }, () => ({ names: 1 })),
    });
    expect(problems).toHaveLength(101);
  });

  it("can refer to itself, throw, or be huge", () => {
    const circle: unknown[] = [];
    circle.push(circle, circle, circle);
    const trap = {
      get name(): string {
        throw new Error("no");
      },
    };
    const huge = "x".repeat(5_000_000);
    const { problems, settings } = readSettings({
      "switchyard.routes": circle,
      "switchyard.breaker": trap,
      "switchyard.privatePaths": [huge, "ok"],
      "switchyard.user": huge,
      "switchyard.providers": { [huge]: {} },
    });
    expect(settings.privatePaths).toEqual(["**", "ok"]);
    expect(problems.every((problem) => JSON.stringify(problem).length < 1000)).toBe(true);
  });

  it("never throws, and results in settings that are valid and stable", () => {
    const parts = fc.anything({
      maxDepth: 3,
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
    });
    const keys = fc.constantFrom(
      "name",
      "when",
      "models",
      "complexity",
      "above",
      "kind",
      "headers",
      "quality",
      "high",
      "idleMs",
      "__proto__",
      "openai/a",
    );
    const near = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        parts,
        fc.constantFrom("high", "openai/gpt-6-luna", "first", -1, 0.5, Number.NaN, null, true),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(keys, tie("tree"), { maxKeys: 5 }),
      ),
    })).tree;
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...SETTING_NAMES), near), (raw) => {
        const { settings: all } = readSettings(raw);
        const settings = {
          ...all,
          providers: withoutField("unusable", all.providers),
          models: withoutField("hasUnknownPrice", all.models),
          routes: all.routes.filter(({ unreadable }) => unreadable === undefined),
          budget: {
            ...all.budget,
            perModelUsd: withoutAnyName(all.budget.perModelUsd),
            perProviderUsd: withoutAnyName(all.budget.perProviderUsd),
          },
        };
        const again = readSettings(written(settings));
        expect(again.problems.filter(({ severity }) => severity === "error")).toEqual([]);
        expect(again.settings).toEqual(settings);
      }),
      { numRuns: 400 },
    );
    fc.assert(fc.property(fc.anything(), (raw) => void Reflect.apply(readSettings, undefined, [raw])));
  });
});

function withoutAnyName({ [ANY_NAME]: _, ...limits }: Readonly<Record<string, number>>) {
  return Object.assign(Object.create(null), limits);
}
