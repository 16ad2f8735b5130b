import { describe, expect, it } from "vitest";
import { decision, summary } from "../../../../test/support/answers.ts";
import { conversation, type FakeHost, open, turn } from "../../../../test/support/views/fakeHost.ts";
import type { Decision, Skipped } from "../../../contract/view/types.ts";

/** The opened details of an answer. */
async function explained(change: Partial<Decision>): Promise<FakeHost> {
  const answer = { text: "a", decision: decision(change), summary: answered };
  const host = await open(
    { type: "providers", names: { openai: "OpenAI" } },
    conversation([turn("t1", "q", answer)]),
  );
  await host.click(host.find("button.sy-quiet"));
  return host;
}

const answered = summary({
  attempts: [
    {
      ref: "openai/gpt-6-luna",
      startedMs: 0,
      tookMs: 900,
      cost: { kind: "exact", nanoUsd: 2_100_000 },
      outcome: { kind: "answered" },
    },
  ],
});

function rows(host: FakeHost): (string | null)[] {
  return [...host.root.querySelectorAll(".sy-candidates > li")].map((each) => each.textContent);
}

function off(count: number): Skipped[] {
  return Array.from({ length: count }, (_, index) => ({ ref: `p/m${index}`, reason: "switched-off" }));
}

describe("the candidates", () => {
  it("are the first eight and a button for the rest, which expands in place and keeps the focus", async () => {
    const host = await explained({ skipped: off(31) });
    expect(rows(host)).toHaveLength(1 + 8);
    const more = host.button("and 23 more");
    more.focus();
    expect(more.getAttribute("aria-expanded")).toBe("false");
    await host.click(more);
    expect(rows(host)).toHaveLength(1 + 31);
    expect(host.find(`#${CSS.escape(more.getAttribute("aria-controls") ?? "")}`).textContent).toContain(
      "p/m30",
    );
    expect(document.activeElement).toBe(more);
    await host.click(more);
    expect(rows(host)).toHaveLength(9);
  });

  it("are all shown where the button would take as much space", async () => {
    const host = await explained({ skipped: off(9) });
    expect(rows(host)).toHaveLength(10);
    expect(host.root.querySelector(".sy-why-rest")).toBeNull();
  });

  it("list a model once that is asked beyond the budget", async () => {
    const overBudget = {
      reason: "over-budget",
      worstCaseNanoUsd: 9_000_000,
      leftNanoUsd: 4_000_000,
      limit: { kind: "day" },
    } as const;
    const host = await explained({
      outcome: { kind: "chosen", chain: [{ ref: "openai/gpt-6-luna" }] },
      skipped: [
        { ref: "openai/gpt-6-luna", ...overBudget },
        { ref: "p/dear", ...overBudget },
      ],
    });
    expect(rows(host)).toHaveLength(2);
    expect(rows(host).at(-1)).toContain("p/dear");
  });

  it("never hide a model that was asked", async () => {
    const before = Array.from({ length: 12 }, (_, index) => ({ ref: `p/b${index}` }));
    const host = await explained({
      outcome: { kind: "chosen", chain: [{ ref: "p/first" }, ...before, { ref: "openai/gpt-6-luna" }] },
    });
    expect(rows(host).at(-1)).toContain("openai/gpt-6-luna");
    expect(host.button("and 5 more")).toBeDefined();
  });

  it.each([
    ["quota", "Out of credit or quota, next try in 2\u00a0min. Add credit at OpenAI, or wait until then."],
    ["rate-limit", "Rate limit reached, next try in 2\u00a0min. It becomes available again by itself."],
    ["auth", "Its key was rejected. It becomes available again when you replace the key. Replace the key…"],
    ["forbidden", "Its key may not use this model. Allow it at OpenAI, or use another key. Replace the key…"],
    [
      "not-found",
      "Its provider does not have it. Check the model’s name and the provider’s address in the settings. Open settings…",
    ],
  ] as const)("show what to do: %s", async (reason, expected) => {
    const ref = "openai/x";
    const passed: Skipped =
      reason === "quota" || reason === "rate-limit" ? { ref, reason, untilMs: 110_000 } : { ref, reason };
    const host = await explained({ skipped: [passed] });
    expect(rows(host).at(-1)).toBe(`openai/x${expected}`);
  });

  it("offer to replace a key", async () => {
    const host = await explained({ skipped: [{ ref: "openai/x", reason: "auth" }] });
    await host.click(host.button("Replace the key…"));
    expect(host.postedOf("replaceKey")).toEqual([{ type: "replaceKey", provider: "openai" }]);
  });

  it("offer to resume a paused model", async () => {
    const paused: Skipped = {
      ref: "openai/x",
      reason: "breaker-open",
      failures: 3,
      nextTryAtMs: 110_000,
      by: "model",
    };
    const host = await explained({ skipped: [paused] });
    await host.click(host.button("Resume"));
    expect(host.postedOf("resetBreaker")).toEqual([{ type: "resetBreaker", ref: "openai/x" }]);
  });
});

describe("the details", () => {
  it("show the route of a follow-up as the same as before", async () => {
    const host = await explained({ followUp: true });
    expect(host.find("button.sy-quiet .sy-part--route").textContent).toBe("Same as before");
    expect(host.find(".sy-why > p").textContent).toBe("A short follow-up: the previous model answers again.");
  });

  it.each([
    ["stayed", "9,000"],
    ["switched", "0"],
  ] as const)("show the tokens expected from the cache: %s", async (kind, expected) => {
    const compared = { kind, last: "openai/gpt-6-luna", other: "p/b", cachedTokens: 9000 } as const;
    const host = await explained({ affinity: compared });
    expect(host.find(".sy-figures tr:nth-child(2) > td").textContent).toBe(expected);
  });

  it("show no expected tokens from the cache if staying and switching were not compared", async () => {
    const host = await explained({});
    expect(host.find(".sy-figures tbody tr:nth-child(2) > td").textContent).toBe("–");
  });
});
