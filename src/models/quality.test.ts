import { expect, it } from "vitest";
import { splitRef } from "../contract/model.ts";
import { loadCatalogue } from "./catalogueFiles.ts";

const { lists, quality } = await loadCatalogue(new URL("./data", import.meta.url).pathname);

type Measured = { readonly provider: string; readonly logPrice: number; readonly quality: number };

/** The measured models, each quality of a provider once: dated and undated names are the same model. */
function measuredModels(): readonly Measured[] {
  const models = new Map<string, Measured>();
  for (const [ref, { value, basis }] of quality) {
    const { provider, model } = splitRef(ref);
    const price = lists.get(provider)?.get(model)?.outputUsdPerMTok;
    if (basis !== "measured" || price === undefined) continue;
    models.set(`${provider} ${value}`, { provider, logPrice: Math.log(price), quality: value });
  }
  return [...models.values()];
}

/** The least-squares line of quality over the logarithm of the price, moved by the mean deviation of the provider. */
function predict(model: Measured, others: readonly Measured[]): number {
  const mean = (figureOf: (each: Measured) => number) =>
    others.reduce((sum, each) => sum + figureOf(each), 0) / others.length;
  const meanPrice = mean(({ logPrice }) => logPrice);
  const meanQuality = mean((each) => each.quality);
  const slope =
    mean((each) => (each.logPrice - meanPrice) * (each.quality - meanQuality)) /
    mean(({ logPrice }) => (logPrice - meanPrice) ** 2);
  const onLine = ({ logPrice }: Measured) => meanQuality + slope * (logPrice - meanPrice);
  const family = others.filter(({ provider }) => provider === model.provider);
  const offLine = family.reduce((sum, each) => sum + each.quality - onLine(each), 0);
  return onLine(model) + offLine / Math.max(1, family.length);
}

it("has the error of estimates that predicting the measured models from family and price has", () => {
  const models = measuredModels();
  const squares = models.map((model) => {
    const others = models.filter((other) => other !== model);
    return (model.quality - predict(model, others)) ** 2;
  });
  const error = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  expect(models.length).toBeGreaterThan(10);
  const estimates = [...quality.values()].filter(({ basis }) => basis === "estimate");
  expect(new Set(estimates.map(({ standardError }) => standardError))).toEqual(new Set([round(error)]));
});

it("has the standard error of a share of 500 issues for a measured model", () => {
  expect(quality.get("anthropic/claude-opus-4-5")?.standardError).toBeCloseTo(0.0195, 4);
  expect(quality.get("openai/gpt-5-nano")?.standardError).toBeCloseTo(0.0213, 4);
});

function round(figure: number): number {
  return Math.round(figure * 100) / 100;
}
