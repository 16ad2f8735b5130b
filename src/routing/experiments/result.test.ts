import { expect, it } from "vitest";
import type { ExperimentCounts, ExperimentMetric } from "../../contract/history.ts";
import { BURN_IN } from "./confidenceSequence.ts";
import { experimentResult } from "./result.ts";

const arm = { units: 100, decisions: 300, failures: 2, fallbacks: 5 };
const counts: ExperimentCounts = { name: "e", firstAtMs: 1, lastAtMs: 2, control: arm, treatment: arm };

/** Units of which this share of 100 is positive. */
function positive(share: number, units = 100): readonly number[] {
  return Array.from({ length: units }, (_, unit) => (unit % 100 < share ? 1 : 0));
}

it("contains counts, mean and interval of each arm, and the difference", () => {
  const result = experimentResult(counts, "thumbs", { control: positive(50), treatment: positive(60) });
  expect(result.control).toMatchObject({ ...arm, measured: 100 });
  expect(result.control.mean).toBeCloseTo(0.5, 12);
  expect(result.control.interval?.low).toBeLessThan(0.5);
  expect(result.control.interval?.high).toBeGreaterThan(0.5);
  expect(result.difference?.mean).toBeCloseTo(0.1, 12);
  expect(result.difference?.interval?.low).toBeLessThan(0);
});

it("is undecided while the interval contains zero, with an estimate of the units needed", () => {
  const result = experimentResult(counts, "thumbs", { control: positive(50), treatment: positive(60) });
  expect(result.verdict.kind).toBe("undecided");
  const more = result.verdict.kind === "undecided" ? (result.verdict.moreUnits ?? 0) : 0;
  expect(more).toBeGreaterThan(500);
  expect(more).toBeLessThan(2000);
  const units = 100 * Math.ceil((200 + more) / 200);
  const later = { control: positive(50, units), treatment: positive(60, units) };
  expect(experimentResult(counts, "thumbs", later).verdict).toEqual({
    kind: "different",
    better: "treatment",
  });
});

it("has no estimate if the arms are equal", () => {
  const same = { control: positive(50), treatment: positive(50) };
  expect(experimentResult(counts, "thumbs", same).verdict).toEqual({ kind: "undecided" });
});

it("prefers more thumbs up, more edits kept, and less cost and time", () => {
  const values = { control: positive(20), treatment: positive(80) };
  const better = (metric: ExperimentMetric) => experimentResult(counts, metric, values).verdict;
  expect(better("thumbs")).toEqual({ kind: "different", better: "treatment" });
  expect(better("kept")).toEqual({ kind: "different", better: "treatment" });
  expect(better("costUsd")).toEqual({ kind: "different", better: "control" });
  expect(better("latencyMs")).toEqual({ kind: "different", better: "control" });
});

it("makes no claim before the burn-in of each arm, and reports the missing units", () => {
  const values = { control: positive(100), treatment: [0, 0, 0] };
  const result = experimentResult(counts, "thumbs", values);
  expect(result.verdict).toEqual({ kind: "too-few", missing: { control: 0, treatment: BURN_IN - 3 } });
  expect(result.difference).toEqual({ mean: -1 });
  expect(result.treatment.interval).toBeUndefined();
});

it("has neither mean nor difference without values", () => {
  const result = experimentResult(counts, "thumbs", { control: [], treatment: [] });
  expect(result.control.mean).toBeUndefined();
  expect(result.difference).toBeUndefined();
  expect(result.verdict.kind).toBe("too-few");
});

it("is undecided if all costs are zero", () => {
  const free = new Array<number>(50).fill(0);
  const result = experimentResult(counts, "costUsd", { control: free, treatment: free });
  expect(result.difference).toEqual({ mean: 0 });
  expect(result.verdict).toEqual({ kind: "undecided" });
});
