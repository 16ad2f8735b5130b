import { describe, expect, it } from "vitest";
import type { FailureRecord } from "../../../src/contract/failure.ts";
import { END } from "../../support/providers/scriptedProvider.ts";
import { attemptsOf } from "./expectations.ts";
import { ScriptedChain, type ScriptedModel } from "./scriptedChain.ts";

const rejected = (provider: string, more: Partial<FailureRecord> = {}): FailureRecord => ({
  kind: "bad-request",
  provider,
  status: 400,
  message: `${provider} takes no such thing.`,
  ...more,
});
const BUSY: FailureRecord = { kind: "unreachable", provider: "b", message: "No." };
const answering: ScriptedModel = { script: () => ["It is a function.", END] };
const failing = (failure: FailureRecord): ScriptedModel => ({ script: () => [failure] });

const refsOf = ({ asks }: ScriptedChain) => asks.map(({ model }) => model);

describe("a request that a model rejects", () => {
  it("is sent to the next model", async () => {
    await using chain = await ScriptedChain.open({ a: failing(rejected("a")), b: answering });
    const { summary, text } = await chain.run();
    expect([text, summary.modelUsed]).toEqual(["It is a function.", "b/m"]);
  });

  it("ends with the second rejection, and reports both", async () => {
    await using chain = await ScriptedChain.open({
      a: failing(rejected("a")),
      b: failing(rejected("b")),
      c: answering,
    });
    const { summary } = await chain.run();
    expect(summary.ending).toEqual({ kind: "failed", failure: rejected("b") });
    const messages = summary.attempts.map(({ outcome }) =>
      outcome.kind === "failed" ? outcome.failure.message : "",
    );
    expect(messages).toEqual(["a takes no such thing.", "b takes no such thing."]);
    expect(refsOf(chain)).toEqual(["a", "b"]);
  });

  it("ends with the second rejection although a model between them failed", async () => {
    await using chain = await ScriptedChain.open({
      a: failing(rejected("a")),
      b: failing(BUSY),
      c: failing(rejected("c")),
      d: answering,
    });
    expect((await chain.run()).summary.ending).toMatchObject({ failure: { provider: "c" } });
    expect(refsOf(chain)).toEqual(["a", "b", "c"]);
  });

  it("is sent once more to the same model if its adapter leaves something out, and then to the next one", async () => {
    await using chain = await ScriptedChain.open({
      a: failing(rejected("a", { isAdaptable: true })),
      b: answering,
    });
    expect((await chain.run()).summary.modelUsed).toBe("b/m");
    expect(refsOf(chain)).toEqual(["a", "a", "b"]);
  });
});

describe("a model that lacks a capability", () => {
  const lacking: FailureRecord = {
    kind: "capability",
    provider: "a",
    status: 404,
    message: "No endpoints found that support tool use",
    capability: "tools",
  };
  const tools = [{ name: "look", parametersSchema: {} }];

  it("is skipped for requests that need it, and asked for all others", async () => {
    await using chain = await ScriptedChain.open({
      a: { script: (ask) => (ask.tools === undefined ? ["Here.", END] : [lacking]) },
      b: answering,
    });
    expect((await chain.run({ tools })).summary.modelUsed).toBe("b/m");
    const again = await chain.run({ tools });
    const decided = again.events.find((event) => event.type === "decided");
    expect(decided?.decision.skipped).toEqual([{ ref: "a/m", reason: "capability", missing: "tools" }]);
    expect((await chain.run()).summary.modelUsed).toBe("a/m");
    expect(refsOf(chain)).toEqual(["a", "b", "b", "a"]);
    expect((await chain.ledger.health.snapshot()).get("a/m")?.pause).toBeUndefined();
  });
});

describe("a request that is larger than a rate limit", () => {
  const tooLarge = (requestedTokens: number): FailureRecord => ({
    kind: "too-large",
    provider: "a",
    status: 413,
    message: "Request too large.",
    size: { limitTokens: 8000, requestedTokens, withOutput: true },
  });

  it("is sent once more with the output limit that fits", async () => {
    await using chain = await ScriptedChain.open({
      a: { script: ({ maxOutputTokens }) => (maxOutputTokens > 3405 ? [tooLarge(20_979)] : ["Yes.", END]) },
      b: answering,
    });
    const { summary } = await chain.run();
    expect(summary.modelUsed).toBe("a/m");
    expect(chain.asks.map(({ ask }) => ask.maxOutputTokens)).toEqual([16_384, 3405]);
  });

  it("is sent to the next model, with its whole output limit, if too little is left", async () => {
    await using chain = await ScriptedChain.open({ a: failing(tooLarge(23_500)), b: answering });
    expect((await chain.run()).summary.modelUsed).toBe("b/m");
    expect(chain.asks.map(({ model, ask }) => [model, ask.maxOutputTokens])).toEqual([
      ["a", 16_384],
      ["b", 16_384],
    ]);
  });
});

describe("a breaker", () => {
  it("counts one failure for each request, however often the request was retried", async () => {
    const limited: FailureRecord = { kind: "rate-limited", provider: "a", status: 429, message: "Slow." };
    await using chain = await ScriptedChain.open({ a: failing(limited), b: answering });
    const answer = await chain.run();
    expect(attemptsOf(answer, { kind: "openai", id: "a", ref: "a/m", model: "m" })).toHaveLength(3);
    const failuresOf = async () => (await chain.ledger.health.snapshot()).get("a/m")?.breaker;
    expect(await failuresOf()).toEqual({ kind: "closed", failures: 1 });
    await chain.run();
    expect(await failuresOf()).toEqual({ kind: "closed", failures: 2 });
    await chain.run();
    expect(await failuresOf()).toMatchObject({ kind: "open", failures: 3 });
  });
});
