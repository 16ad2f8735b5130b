import { describe, expect, it } from "vitest";
import type { FailureRecord } from "../../../src/contract/failure.ts";
import { END } from "../../support/providers/scriptedProvider.ts";
import { ScriptedChain, type ScriptedModel } from "./scriptedChain.ts";

const unreachable = (provider: string, more: Partial<FailureRecord> = {}): FailureRecord => ({
  kind: "unreachable",
  provider,
  message: "connect ECONNREFUSED",
  ...more,
});
const failing = (failure: FailureRecord): ScriptedModel => ({ script: () => [failure] });
const answering: ScriptedModel = { script: () => ["It is a function.", END] };
const NO_LIMIT = { "switchyard.budget.dailyUsd": null };

const refsOf = ({ asks }: ScriptedChain) => asks.map(({ model }) => model);

describe("a provider that cannot be reached", () => {
  it("is called once in a request, whichever of its models the route lists", async () => {
    await using chain = await ScriptedChain.open(
      { a: failing(unreachable("a")), b: answering },
      { ...NO_LIMIT, "switchyard.routes": [{ name: "All", models: ["a/m", "a/n", "a/o", "b/m"] }] },
    );
    const { summary } = await chain.run();
    expect(refsOf(chain)).toEqual(["a", "b"]);
    expect(summary.modelUsed).toBe("b/m");
    expect(summary.notCalled).toEqual([
      { ref: "a/n", reason: "unreachable" },
      { ref: "a/o", reason: "unreachable" },
    ]);
  });
});

describe("a machine without a network", () => {
  const offline = failing(unreachable("a", { isOffline: true, code: "EAI_AGAIN" }));
  const providers = (local: boolean) => ({
    "switchyard.providers": Object.fromEntries(
      ["a", "b", "home"].map((id) => [
        id,
        { kind: "openai-compatible", baseUrl: "http://127.0.0.1:9/v1", local: local && id === "home" },
      ]),
    ),
  });

  it("calls no second provider on the internet, but a local one", async () => {
    await using chain = await ScriptedChain.open(
      { a: offline, b: answering, home: answering },
      { ...NO_LIMIT, ...providers(true) },
    );
    const { summary } = await chain.run();
    expect(refsOf(chain)).toEqual(["a", "home"]);
    expect(summary.notCalled).toEqual([{ ref: "b/m", reason: "offline" }]);
  });

  it("fails with one attempt, and pauses no provider, so that the next prompt is sent at once", async () => {
    await using chain = await ScriptedChain.open(
      { a: offline, b: answering, home: answering },
      providers(false),
    );
    for (let prompt = 1; prompt <= 5; prompt += 1) {
      const { summary } = await chain.run();
      expect(summary.ending).toMatchObject({ kind: "failed", failure: { isOffline: true } });
      expect(refsOf(chain)).toHaveLength(prompt);
    }
  });
});
