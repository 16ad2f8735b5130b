import { readFileSync } from "node:fs";
import * as v from "valibot";
import { expect, it } from "vitest";
import { DATA_DIR } from "../../../test/support/routing/embeddingReference.ts";
import { outcomesOf, promptSetSchema } from "../../../test/support/routing/promptSets.ts";
import { loadBuiltIn } from "../../embedding/builtIn.ts";

const { embedSync } = await loadBuiltIn(DATA_DIR);

/** Percentages of a set of test/bench/routing/prompts/. */
function measured(name: string) {
  const file = new URL(`../../../test/bench/routing/prompts/${name}.json`, import.meta.url);
  const set = v.parse(promptSetSchema, JSON.parse(readFileSync(file, "utf8")));
  const prompts = set.routes.flatMap(({ name: own, prompts: texts }) =>
    texts.map((text) => ({ text, name: own })),
  );
  const outcomes = outcomesOf(set, embedSync, prompts);
  const none = outcomesOf(
    set,
    embedSync,
    set.none.map((text) => ({ text, name: undefined })),
  );
  return {
    best: share(outcomes.map(({ isBest }) => isBest)),
    right: share(outcomes.map(({ isBest, isRouted }) => isBest && isRouted)),
    noneRefused: share(none.map(({ isRouted }) => !isRouted)),
  };
}

function share(held: readonly boolean[]): number {
  return (100 * held.filter((one) => one).length) / held.length;
}

it("the examples of eight routes of a developer route most of the prompts, and few of no route", () => {
  const { best, right, noneRefused } = measured("developers");
  expect(best).toBeGreaterThan(70);
  expect(right).toBeGreaterThanOrEqual(58);
  expect(noneRefused).toBeGreaterThanOrEqual(80);
});

it("the examples in Chinese route two of three prompts, whose function words are in every route", () => {
  const { best, right, noneRefused } = measured("chinese");
  expect(best).toBeGreaterThan(75);
  expect(right).toBeGreaterThan(66);
  expect(noneRefused).toBeGreaterThanOrEqual(80);
});

it.each(["chinese", "japanese", "korean"])("prompts in %s find the best of eight routes", (language) => {
  expect(measured(language).best).toBeGreaterThan(70);
});

it("prompts in a language that the built-in embedder does not know are refused rather than routed", () => {
  expect(measured("german").noneRefused).toBeGreaterThanOrEqual(80);
});
