import { describe, expect, it } from "vitest";
import { card } from "../../test/support/routing/worlds.ts";
import type { ChainStep, Effort } from "../contract/decision.ts";
import { readSettings } from "../settings/read.ts";
import { type LimitedRequest, limitsFor } from "./limits.ts";

const { settings } = readSettings({
  "switchyard.timeouts": { firstTokenMs: 10_000, firstTokenReasoningMs: 90_000 },
});
const REASONING = card("p/m", { capabilities: ["reasoning"] });
const PLAIN = card("p/m");

/** The limits of `p/m` until its first token and until its first content, with another model behind it or none. */
function limitsOf(
  model = PLAIN,
  {
    body = {},
    isLast = false,
    effort,
    timeoutMs,
    leftMs = 300_000,
  }: {
    readonly body?: Readonly<Record<string, unknown>>;
    readonly isLast?: boolean;
    readonly effort?: Effort["value"];
    readonly timeoutMs?: number;
    readonly leftMs?: number;
  } = {},
): readonly [number, number] {
  const step: ChainStep = { ref: "p/m", expectedNanoUsd: 1, timeoutMs };
  const chain: readonly [ChainStep, ...ChainStep[]] = isLast
    ? [step]
    : [step, { ref: "q/m", expectedNanoUsd: 1 }];
  const request: LimitedRequest = {
    settings,
    content: { wire: { format: "openai", body } },
    decision: {
      outcome: { kind: "chosen", chain },
      effort: effort && { value: effort, by: "route" },
    },
  };
  const { firstTokenMs, thinkingMs } = limitsFor(step, model, request, leftMs);
  return [firstTokenMs, thinkingMs];
}

describe("the limit for the first token", () => {
  it("is the common one, which signs of life extend to that of reasoning", () => {
    expect(limitsOf()).toEqual([10_000, 90_000]);
    expect(limitsOf(REASONING)).toEqual([10_000, 90_000]);
  });

  it.each([
    { reasoning_effort: "high" },
    { reasoning: { effort: "low" } },
    { reasoning: { max_tokens: 2000 } },
    { thinking: { type: "enabled", budget_tokens: 2000 } },
    { enable_thinking: true },
    { chat_template_kwargs: { enable_thinking: true } },
  ])("is that of reasoning for a request with %o", (body) => {
    expect(limitsOf(PLAIN, { body })).toEqual([90_000, 90_000]);
  });

  it.each([
    { reasoning_effort: "none" },
    { reasoning_effort: null },
    { reasoning: { enabled: false } },
    { thinking: { type: "disabled" } },
    { enable_thinking: false },
  ])("is the common one for a request with %o", (body) => {
    expect(limitsOf(PLAIN, { body })).toEqual([10_000, 90_000]);
  });

  it("is that of reasoning for a model that can reason and is asked to", () => {
    expect(limitsOf(REASONING, { effort: "low" })).toEqual([90_000, 90_000]);
    expect(limitsOf(REASONING, { effort: "none" })).toEqual([10_000, 90_000]);
    expect(limitsOf(PLAIN, { effort: "high" })).toEqual([10_000, 90_000]);
  });

  it("is that of reasoning for a model that can reason if no other model is left", () => {
    expect(limitsOf(REASONING, { isLast: true })).toEqual([90_000, 90_000]);
    expect(limitsOf(PLAIN, { isLast: true })).toEqual([10_000, 90_000]);
  });

  it("is the model's own in its route, whatever arrives, and at most what is left of the total", () => {
    expect(limitsOf(REASONING, { isLast: true, timeoutMs: 4000 })).toEqual([4000, 4000]);
    expect(limitsOf(PLAIN, { leftMs: 3000 })).toEqual([3000, 3000]);
  });
});
