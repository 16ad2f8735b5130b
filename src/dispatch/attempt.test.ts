import { describe, expect, it } from "vitest";
import { END, type ScriptLine, scriptedProvider } from "../../test/support/providers/scriptedProvider.ts";
import { openBudget, requestContext } from "../../test/support/requestContext.ts";
import { card } from "../../test/support/routing/worlds.ts";
import type { FailureRecord } from "../contract/failure.ts";
import type { ModelCard } from "../contract/model.ts";
import type { Cost, Usage } from "../contract/money.ts";
import { attempt } from "./attempt.ts";

const CUT: FailureRecord = { kind: "cut", provider: "p", message: "broke" };

/** Runs one attempt of a scripted model, and returns what was settled for it. */
async function attempted(script: readonly ScriptLine[], model?: ModelCard) {
  const settled: Cost[] = [];
  const provider = scriptedProvider("p", { script: () => script });
  const { context, events } = requestContext(provider, {
    budget: openBudget(settled),
    ...(model === undefined ? {} : { model }),
  });
  const end = await attempt({ ref: "p/m" }, { kind: "fresh" }, context, 60_000);
  if (end === undefined) throw new Error("The attempt got no permit or no reservation.");
  return { ...end, events, settled };
}

function usage(inputTokens: number, outputTokens: number, reasoningTokens = 0): Usage {
  return { inputTokens, outputTokens, reasoningTokens, cacheReadTokens: 0, cacheWriteTokens: 0 };
}

describe("the cost of an attempt", () => {
  it("includes the pieces of a tool call that never became complete", async () => {
    const end = await attempted([{ type: "toolCallProgress", characters: 30_000 }, CUT]);
    expect(end).toMatchObject({ hasShown: false, hasPushed: false });
    expect(end.attempt.usage?.outputTokens).toBeGreaterThan(10_000);
  });

  it("counts a tool call once, whether it arrives whole or in pieces", async () => {
    const call = { type: "toolCall", id: "1", name: "look", argumentsJson: "x".repeat(3000) } as const;
    const inPieces = await attempted([{ type: "toolCallProgress", characters: 3000 }, call, CUT]);
    const whole = await attempted([call, CUT]);
    expect(inPieces.attempt.usage?.outputTokens).toBe(whole.attempt.usage?.outputTokens);
  });

  it("is the provider's own count even if the attempt failed", async () => {
    const tooLong: FailureRecord = { kind: "context-length", provider: "p", message: "too long" };
    const end = await attempted([{ type: "usage", usage: usage(200, 8, 8) }, tooLong]);
    expect(end.attempt.cost).toMatchObject({ kind: "exact", nanoUsd: 240_000 });
  });

  it("includes writing all input to the cache if that costs more and the provider sent no usage", async () => {
    const expensive = card("p/m", { cacheWriteUsdPerMTok: 1.25 });
    const end = await attempted(["Hm", CUT], expensive);
    expect(end.attempt.usage).toMatchObject({ cacheWriteTokens: 115, inputTokens: 115 });
  });

  it("is exact by the provider's count, and an estimate that errs high without one", async () => {
    const complete = await attempted(["Yes.", { type: "usage", usage: usage(90, 10) }, END]);
    expect(complete.attempt.cost).toEqual({ kind: "exact", nanoUsd: 90 * 1000 + 10 * 5000 });
    const broken = await attempted(["Yes.", CUT]);
    expect(broken.attempt.cost.kind).toBe("estimated");
    expect(broken.attempt.usage?.inputTokens).toBe(115);
    expect(broken.settled.at(-1)).toEqual(broken.attempt.cost);
  });

  it("is all that was reserved if a model with hidden reasoning did not finish", async () => {
    const hidden = card("p/m", { capabilities: ["reasoning"], samplingParams: false });
    const broken = await attempted(["Yes.", CUT], hidden);
    const reserved = 16_384 * 5000;
    expect(broken.attempt.cost).toEqual({ kind: "estimated", nanoUsd: reserved });
    const visible = await attempted([{ type: "reasoning", text: "Hm." }, CUT], hidden);
    expect(visible.attempt.cost.kind === "estimated" && visible.attempt.cost.nanoUsd).toBeLessThan(reserved);
  });

  it("is zero if the provider rejected the request with a status", async () => {
    const busy: FailureRecord = { kind: "overloaded", provider: "p", message: "busy", status: 529 };
    expect((await attempted([busy])).attempt.cost).toEqual({ kind: "exact", nanoUsd: 0 });
  });
});

describe("the output of an attempt", () => {
  it("shows nothing while it is only reasoning, so that another model may answer", async () => {
    const end = await attempted([{ type: "reasoning", text: "Hm." }, CUT]);
    expect(end).toMatchObject({ hasShown: false, hasPushed: true });
    expect(end.attempt.outcome).toMatchObject({ kind: "failed", failure: { kind: "cut" } });
  });

  it("is never a complete answer without a finish reason", async () => {
    const end = await attempted(["Half of it"]);
    expect(end).toMatchObject({ hasShown: true, attempt: { outcome: { failure: { kind: "cut" } } } });
    expect(end.end?.finish).toBeUndefined();
  });
});
