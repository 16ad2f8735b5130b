import { describe, expect, it, vi } from "vitest";
import type { ExperimentCounts, ExperimentMetric } from "../../contract/history.ts";
import { experimentResult } from "../../routing/experiments/result.ts";
import { readSettings } from "../../settings/read.ts";
import { experimentsReport } from "./experimentReport.ts";

vi.mock("vscode", () => import("../../../test/support/views/fakeVscode.ts"));

const counts: ExperimentCounts = {
  name: "terra-against-sonnet",
  firstAtMs: 1,
  lastAtMs: 2,
  control: { units: 120, decisions: 348, failures: 2, fallbacks: 5 },
  treatment: { units: 40, decisions: 89, failures: 1, fallbacks: 0 },
};

/** Values of units of which so many percent are liked. */
const liked = (share: number, units = 100) =>
  Array.from({ length: units }, (_, unit) => (unit % 100 < share ? 1 : 0));

const { settings } = readSettings({
  "switchyard.routes": [
    {
      name: "Write code",
      models: ["anthropic/claude-sonnet-5-5", "openai/gpt-6.1-terra"],
      experiment: {
        name: counts.name,
        control: "anthropic/claude-sonnet-5-5",
        treatment: "openai/gpt-6.1-terra",
        treatmentShare: 0.2,
        metric: "thumbs",
      },
    },
  ],
});
const [route] = settings.routes;

function reportOf(metric: ExperimentMetric, control: readonly number[], treatment: readonly number[]) {
  return experimentsReport([
    {
      results: [experimentResult(counts, metric, { control, treatment })],
      route,
    },
  ]);
}
/** Returns the cells of a row by its name. */
const row = (report: string, name: string) =>
  report
    .split("\n")
    .find((line) => line.startsWith(`| ${name} `))
    ?.split("|")
    .slice(2, -1)
    .map((cell) => cell.trim());

describe("experimentsReport", () => {
  it("shows the models, and the counts, mean and interval of each arm", () => {
    const report = reportOf("thumbs", liked(50), liked(60));
    expect(row(report, "Model")).toEqual(["`anthropic/claude-sonnet-5-5`", "`openai/gpt-6.1-terra`"]);
    expect(row(report, "Conversations")).toEqual(["120", "40"]);
    expect(row(report, "Answers")).toEqual(["348", "89"]);
    expect(row(report, "Failed")).toEqual(["2", "1"]);
    expect(row(report, "Answered by another model")).toEqual(["5", "0"]);
    expect(row(report, "Answers liked")).toEqual(["50.0%", "60.0%"]);
    expect(row(report, "Answers liked: 95% interval")?.[0]).toMatch(/^\d+\.\d% to \d+\.\d%$/);
    expect(report).toContain("Route “Write code”. 20% of the conversations get the treatment.");
  });

  it("shows the difference with its interval, and how many units are needed while zero lies inside", () => {
    const report = reportOf("thumbs", liked(50), liked(60));
    expect(report).toMatch(
      /The treatment’s difference is \+10\.0 points, 95% interval −\d+\.\d to \+\d+\.\d\. Not decided yet\. Zero lies inside the interval, so nothing is decided\. Deciding a difference/,
    );
    expect(report).toMatch(/takes about [\d,.\s]+ more conversations\./);
  });

  it("claims nothing before each arm has its first values", () => {
    const report = reportOf("thumbs", liked(50), [1, 1, 1]);
    expect(report).toContain(
      "Not decided yet. 0 more values of the control and 7 more of the treatment are needed.",
    );
    expect(row(report, "Answers liked: 95% interval")?.[1]).toBe("–");
  });

  it("shows a difference in the unit of its metric, and which arm is better", () => {
    const report = reportOf(
      "costUsd",
      Array.from({ length: 200 }, (_, index) => 0.017 + (index % 5) * 0.0001),
      Array.from({ length: 200 }, (_, index) => 0.0086 + (index % 5) * 0.0001),
    );
    expect(row(report, "Cost of an answer")).toEqual(["$0.017", "$0.0088"]);
    expect(report).toContain("The treatment’s difference is −$0.0084, 95% interval −$0.00");
    expect(report).toContain("by this measure the treatment is better");
  });

  it("shows the share of the edits that were kept", () => {
    const report = reportOf("kept", liked(40), liked(90));
    expect(row(report, "Edits kept")).toEqual(["40.0%", "90.0%"]);
    expect(report).toContain("The treatment’s difference is +50.0 points, 95% interval +");
  });

  it("shows every metric of an experiment that no route has any more", () => {
    const results = (["thumbs", "latencyMs"] as const).map((metric) =>
      experimentResult(counts, metric, { control: [], treatment: [] }),
    );
    const [first, ...others] = results;
    if (first === undefined) throw new Error("There is no result.");
    const report = experimentsReport([{ results: [first, ...others], route: undefined }]);
    expect(report).toContain("No route in the settings has this experiment any more.");
    expect(row(report, "Answers liked")).toEqual(["–", "–"]);
    expect(row(report, "Time of an answer")).toEqual(["–", "–"]);
    expect(row(report, "Units")).toEqual(["120", "40"]);
  });
});
