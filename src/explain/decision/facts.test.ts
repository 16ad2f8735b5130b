import { describe, expect, it } from "vitest";
import { decision } from "../../../test/support/answers.ts";
import type { Affinity, Decision, Effort } from "../../contract/decision.ts";
import type { RouteSimilarity } from "../../contract/features.ts";
import { factsOf } from "./facts.ts";
import { describeSkippedEmbedder } from "./routes.ts";

function similarity(change: Partial<RouteSimilarity> = {}): RouteSimilarity {
  return {
    index: 0,
    name: "Write code",
    score: 0.52,
    threshold: 0.35,
    nearest: { example: "Create a REST API", cosine: 0.6 },
    ...change,
  };
}

function comparing(routes: readonly RouteSimilarity[], change: Partial<Decision> = {}): Decision {
  const base = decision();
  const similarities = { embedder: "built-in", routes };
  return { ...base, features: { ...base.features, similarities }, ...change };
}

function fact(from: Decision, name: string, decidedInMs?: number) {
  const facts = factsOf(from, decidedInMs, (ref) => ref.split("/")[1] ?? ref);
  return facts.find((found) => found.name === name);
}

const matchBy = (similar: RouteSimilarity) =>
  ({ kind: "settings", name: similar.name, index: 0, similarity: similar }) as const;

it("says how much the model was asked to reason, and by whom", () => {
  const effort = (by: Effort["by"]) =>
    fact({ ...decision(), effort: { value: "high", by } }, "Reasoning effort")?.value;
  expect(effort("conversation")).toBe("High, your choice");
  expect(effort("route")).toBe("High, from the route");
  expect(effort("request")).toBe("High, from the request");
  expect(fact(decision(), "Reasoning effort")).toBeUndefined();
});

describe("the similarity of a prompt to examples", () => {
  it("is shown with the nearest example and the threshold", () => {
    expect(fact(comparing([similarity()], { route: matchBy(similarity()) }), "Similarity")).toMatchObject({
      value: "0.52 to “Create a REST API”, needs 0.35",
      isMinor: false,
    });
  });

  it("is that of the nearest route where no route was similar enough, and never looks like a match", () => {
    const far = similarity({ score: 0.31, threshold: 0.38 });
    expect(fact(comparing([similarity({ score: 0.1 }), far]), "Similarity")).toMatchObject({
      value: "0.31 to “Create a REST API” of “Write code”, needs 0.38",
      isMinor: true,
    });
    const nearly = similarity({ score: 0.3496, threshold: 0.35 });
    expect(fact(comparing([nearly]), "Similarity")?.value).toContain("0.3496 to");
  });

  it("is left out where examples played no part", () => {
    const far = [similarity({ score: 0.1 })];
    expect(fact(comparing(far, { route: { kind: "explicit" } }), "Similarity")).toBeUndefined();
    expect(fact(comparing(far, { followUp: true }), "Similarity")).toBeUndefined();
    expect(fact(comparing([similarity()]), "Similarity")).toBeUndefined();
    expect(fact(comparing([]), "Similarity")).toBeUndefined();
  });

  it("truncates a long example", () => {
    const long = similarity({ nearest: { example: "Write\n a page. ".repeat(40), cosine: 1 } });
    expect(fact(comparing([long], { route: matchBy(long) }), "Similarity")?.value.length).toBeLessThan(100);
  });

  it("names an embedder that was skipped, and the reason", () => {
    const base = comparing([similarity()]);
    const failure = { kind: "timeout", provider: "openai", message: "", phase: "total" } as const;
    const skipped = { embedder: "openai/text-embedding-4", failure };
    const similarities = { embedder: "built-in", routes: [], skipped };
    expect(describeSkippedEmbedder({ ...base, features: { ...base.features, similarities } })).toBe(
      "The embedder openai/text-embedding-4 was skipped: no response. The built-in embedder was used instead.",
    );
    expect(describeSkippedEmbedder(base)).toBeUndefined();
  });
});

describe("the other facts of a decision", () => {
  const experiment = { name: "terra-against-sonnet", arm: "treatment", unit: "c" } as const;
  const other = { ref: "p/z", reason: "switched-off" } as const;

  it("include an experiment, and whether it made the pick", () => {
    expect(fact(decision({ experiment }), "Experiment")?.value).toBe("terra-against-sonnet: treatment");
    expect(fact(decision({ experiment }), "Picked by")?.value).toBe("The experiment");
    expect(fact(decision({ experiment, skipped: [other] }), "Picked by")?.value).toBe(
      "The experiment, else: lowest expected cost",
    );
  });

  it("include the previous prompt of a follow-up, with its route", () => {
    const followUp = decision({ followUp: true, route: { kind: "settings", name: "Hard", index: 1 } });
    expect(fact(followUp, "Route")?.value).toBe("Hard");
    expect(fact(followUp, "Picked by")?.value).toBe("The previous prompt");
  });

  it("include whether the classification came from the cache", () => {
    const { features } = decision();
    expect(fact(decision(), "Decided in", 1.84)?.value).toBe("1.8\u00a0ms");
    const known = decision({ features: { ...features, cached: true } });
    expect(fact(known, "Decided in", 1.84)?.value).toBe(
      "1.8\u00a0ms, with the classification from the cache",
    );
  });
});

describe("the choice between staying with a model and switching", () => {
  const compared = { last: "p/a", other: "p/b", cachedTokens: 9000 } as const;
  const costs = { stayNanoUsd: 4_000_000, switchNanoUsd: 21_000_000 };
  const describeChoice = (affinity: Affinity, change: Partial<Decision> = {}) =>
    fact(decision({ affinity, ...change }), "Conversation")?.value;

  it("is shown with both costs", () => {
    expect(describeChoice({ kind: "stayed", ...compared, ...costs })).toBe(
      "Stayed: about $0.0040 with its cache, $0.021 to switch",
    );
    expect(describeChoice({ kind: "switched", ...compared, ...costs })).toBe(
      "Switched from a: about $0.021, $0.0040 to stay with its cache",
    );
    expect(describeChoice({ kind: "stayed", ...compared, stayNanoUsd: 4_000_000 })).toBe(
      "Stayed: about $0.0040 with its cache, an unknown cost to switch",
    );
    expect(describeChoice({ kind: "stayed", ...compared })).toBe("Stayed: its cache is warm");
  });

  it("calls the simulator’s figures list prices, not costs", () => {
    const outcome = { kind: "chosen", chain: [{ ref: "p/a", simulated: true }] } as const;
    expect(describeChoice({ kind: "stayed", ...compared, ...costs }, { outcome })).toBe(
      "Stayed: at list prices $0.0040 with its cache, $0.021 to switch",
    );
  });

  it.each([
    ["expired", "The cache of a has expired, so switching costs nothing extra"],
    ["no-cache", "a has no cache, so switching costs nothing extra"],
    ["too-short", "Still too short for the cache of a, so switching costs nothing extra"],
  ] as const)("costs nothing extra with a cold cache: %s", (reason, expected) => {
    expect(describeChoice({ kind: "cold", last: "p/a", reason })).toBe(expected);
  });

  it("is shown with both times if the pick compares times", () => {
    const affinity = { kind: "stayed", ...compared, ...costs, stayMs: 2100, switchMs: 3400 } as const;
    const time = (affinity: Affinity) => fact(decision({ affinity }), "Expected time")?.value;
    expect(time(affinity)).toBe("About 2.1\u00a0s to stay, 3.4\u00a0s to switch");
    expect(time({ ...affinity, switchPenaltyMs: 1200 })).toBe(
      "About 2.1\u00a0s to stay, 3.4\u00a0s to switch and 1.2\u00a0s for the higher cost of switching",
    );
    expect(time({ ...affinity, switchMs: Number.POSITIVE_INFINITY })).toBeUndefined();
  });
});
