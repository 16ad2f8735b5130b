import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { DATA_DIR } from "../../../test/support/routing/embeddingReference.ts";
import { attributes, features, world } from "../../../test/support/routing/worlds.ts";
import type { RouteSimilarity } from "../../contract/features.ts";
import { type BuiltInEmbedder, loadBuiltIn } from "../../embedding/builtIn.ts";
import { readSettings } from "../../settings/read.ts";
import type { Route } from "../../settings/schema.ts";
import { planFor } from "../decide/plan.ts";
import { createExampleIndex, exampleTexts, type GenericVectors, similaritiesTo } from "./exampleIndex.ts";
import { GENERIC_PROMPTS } from "./genericPrompts.ts";

let embedder: BuiltInEmbedder;
let generic: GenericVectors;
beforeAll(async () => {
  embedder = await loadBuiltIn(DATA_DIR);
  generic = GENERIC_PROMPTS.map(embedder.embedSync);
});

function route(name: string, examples?: readonly string[], threshold?: Route["threshold"]): Route {
  return {
    name,
    models: [{ model: "openai/gpt-6-luna" }],
    pick: "first",
    localOnly: false,
    ...(examples === undefined ? {} : { examples }),
    ...(threshold === undefined ? {} : { threshold }),
  };
}

/** Routes as in a user's settings. */
const ROUTES = [
  { ...route("Long context"), when: { contextTokens: { above: 100_000 } } },
  route("Write code", ["Write a Python function", "Create a REST API"]),
  route("Creative", ["Write a story", "Compose a poem"], 0.35),
  route("Facts", ["What is the capital of France?", "When was Einstein born?"]),
];

function similarities(prompt: string, routes: readonly Route[] = ROUTES): readonly RouteSimilarity[] {
  const [query = new Float32Array()] = embedder.embedSync([prompt]);
  return similaritiesTo(query, createExampleIndex(routes, embedder.embedSync, generic));
}

/** The name of the route that applies, if any. */
function routed(prompt: string, routes: readonly Route[] = ROUTES): string | undefined {
  const plan = planFor({
    attributes: attributes(),
    features: features("low", {
      similarities: { embedder: "built-in", routes: similarities(prompt, routes) },
    }),
    settings: { ...readSettings({}).settings, routes },
    world: world([]),
  });
  return plan.route.kind === "settings" ? plan.route.name : undefined;
}

const word = fc.constantFrom(...readFileSync(`${DATA_DIR}/vocab.txt`, "utf8").split("\n").slice(1000, 1400));
const sentence = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(" "));
const examples = fc.uniqueArray(sentence, { minLength: 1, maxLength: 6 });

describe("a prompt", () => {
  it.each([
    ["Write a TypeScript function that sorts a list", "Write code"],
    ["Compose a poem about the sea", "Creative"],
    ["What is the capital of Australia?", "Facts"],
    ["asdf qwer zxcv", undefined],
    ["", undefined],
    ["🦄", undefined],
  ])("“%s” goes to the route %s", (prompt, expected) => {
    expect(routed(prompt)).toBe(expected);
  });

  it("has a score and a nearest example with its cosine for each route", () => {
    const [code, ...others] = similarities("Write a TypeScript function that sorts a list");
    expect(code).toMatchObject({ index: 1, name: "Write code" });
    expect(code?.threshold).toBeLessThan(code?.score ?? 0);
    expect(code?.score).toBeCloseTo(0.34, 2);
    expect(code?.nearest.example).toBe("Write a Python function");
    expect(code?.nearest.cosine).toBeGreaterThan(code?.score ?? 1);
    expect(others.map(({ index }) => index)).toEqual([2, 3]);
  });

  it("goes to the best eligible route, or to none", () => {
    const prompt = "Write a TypeScript function that sorts a list";
    const forFix = ROUTES.map((each) =>
      each.name === "Write code" ? { ...each, when: { commands: ["fix"] } } : each,
    );
    expect(routed(prompt, forFix)).not.toBe("Write code");
    const strict = [
      route("Write code", ["Write a Python function"], 1),
      route("Creative", ["Write a story"], 0),
    ];
    expect(routed(prompt, strict)).toBeUndefined();
  });

  it("is compared with the user's own threshold, or with a loose or strict one", () => {
    const three = ["Write a story", "Compose a poem", "Write a song"];
    const found = similarities("x", [
      route("Own", three, 0.9),
      route("Strict", three, "strict"),
      route("Derived", three),
      route("Loose", three, "loose"),
    ]);
    const thresholds = found.map(({ threshold }) => threshold);
    expect(thresholds[0]).toBe(0.9);
    expect(thresholds).toEqual(thresholds.toSorted((a, b) => b - a));
    expect(new Set(thresholds).size).toBe(4);
  });

  it("has thresholds that do not depend on the other routes", () => {
    const [alone] = similarities("x", [
      route("Creative", ["Write a story", "Compose a poem", "Write a song"]),
    ]);
    const [beside] = similarities("x", [
      route("Creative", ["Write a story", "Compose a poem", "Write a song"]),
      route("Code", ["Write a function", "Write a class", "Write a loop"]),
    ]);
    expect(beside?.threshold).toBe(alone?.threshold);
  });

  it("goes to no route whose examples have no known words", () => {
    expect(routed("🦄", [route("Unknown", ["ծծծ", "ռռռ", "փփփ"], "loose")])).toBeUndefined();
    expect(routed("Write a story", [route("Unknown", ["ծծծ"], "loose")])).toBeUndefined();
  });

  it.each([
    ["给购物车写几个单元测试", "测试"],
    ["今天天气怎么样", undefined],
    ["カートの単体テストを書いて", "テスト"],
    ["今日の天気はどうですか", undefined],
    ["장바구니의 단위 테스트를 작성해 줘", "테스트"],
    ["오늘 날씨가 어때", undefined],
  ])("%s goes to the route %s with examples in its language", (prompt, expected) => {
    const routes = [
      route("测试", ["为这个函数写单元测试", "补充测试用例", "写一个端到端测试"]),
      route("テスト", ["この関数の単体テストを書いて", "テストケースを追加して", "結合テストを書いて"]),
      route("테스트", [
        "이 함수의 단위 테스트를 작성해 줘",
        "테스트 케이스를 추가해 줘",
        "통합 테스트를 작성해 줘",
      ]),
    ];
    expect(routed(prompt, routes)).toBe(expected);
  });

  it("has no similarities without examples, or with the vectors of another embedder", () => {
    expect(similarities("Write a story", [route("Long context")])).toEqual([]);
    const index = createExampleIndex(ROUTES, embedder.embedSync, generic);
    expect(similaritiesTo(new Float32Array(3), index)).toEqual([]);
  });

  it("is compared with each distinct example once, and each is embedded once", () => {
    const routes = [
      route("A", ["Write a story", "Write a story"]),
      route("B", ["Write a story", "Fix a bug"]),
    ];
    expect(exampleTexts(routes)).toEqual(["Write a story", "Fix a bug"]);
    const calls: (readonly string[])[] = [];
    const index = createExampleIndex(
      routes,
      (texts) => {
        calls.push(texts);
        return embedder.embedSync(texts);
      },
      generic,
    );
    expect(calls).toEqual([["Write a story", "Fix a bug"]]);
    expect(index.routes.map((each) => each.examples.length)).toEqual([1, 2]);
  });

  it("scores from -1 to 1 for any examples", () => {
    fc.assert(
      fc.property(sentence, fc.array(examples, { minLength: 1, maxLength: 4 }), (prompt, sets) => {
        const found = similarities(
          prompt,
          sets.map((set, at) => route(`R${at}`, set)),
        );
        expect(found).toHaveLength(sets.length);
        for (const { score, threshold, nearest } of found) {
          expect(Math.abs(score)).toBeLessThanOrEqual(1);
          expect(Math.abs(nearest.cosine)).toBeLessThanOrEqual(1);
          expect(threshold).toBeGreaterThanOrEqual(0.1);
          expect(threshold).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it("is never farther from the nearest example if there is one more", () => {
    fc.assert(
      fc.property(sentence, examples, sentence, (prompt, set, more) => {
        const [before] = similarities(prompt, [route("R", set)]);
        const [after] = similarities(prompt, [route("R", [...set, more])]);
        expect(after?.nearest.cosine).toBeGreaterThanOrEqual(before?.nearest.cosine ?? 1);
      }),
    );
  });

  it("has scores that do not depend on the order of examples and routes", () => {
    fc.assert(
      fc.property(sentence, examples, examples, (prompt, a, b) => {
        const [first, second] = similarities(prompt, [route("A", a), route("B", b)]);
        const [turnedSecond, turnedFirst] = similarities(prompt, [
          route("B", b.toReversed()),
          route("A", a.toReversed()),
        ]);
        expect(turnedFirst?.score).toBeCloseTo(first?.score ?? 2, 6);
        expect(turnedSecond?.score).toBeCloseTo(second?.score ?? 2, 6);
        expect(turnedFirst?.threshold).toBeCloseTo(first?.threshold ?? 2, 6);
        expect(turnedFirst?.nearest.cosine).toBe(first?.nearest.cosine);
      }),
    );
  });
});
