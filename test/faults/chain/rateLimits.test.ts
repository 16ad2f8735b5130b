import { afterEach, describe, expect, it } from "vitest";
import { answerOf, KINDS, type Kind, startTestChain, type TestChain } from "./testChain.ts";

let scene: TestChain;
afterEach(() => scene.close());

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

/** Response headers of an exhausted rate limit, in each vendor's format. */
const EXHAUSTED: Readonly<Record<Kind, () => Readonly<Record<string, string>>>> = {
  openai: () => ({ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m30s" }),
  "azure-openai": () => ({ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "90" }),
  "openai-compatible": () => ({ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1m30s" }),
  anthropic: () => ({
    "anthropic-ratelimit-output-tokens-remaining": "0",
    "anthropic-ratelimit-output-tokens-reset": inSeconds(90),
  }),
};

describe.each(KINDS)("a provider of kind %s whose headers report an exhausted rate limit", (kind) => {
  it("is paused until the limit resets, and the next prompt goes to the next model", async () => {
    const [a = kind, b = kind] = KINDS.filter((other) => other !== kind);
    scene = await startTestChain({ kinds: [kind, a, b] });
    const [first, second] = scene.chain;
    scene.simulator.injectFault({ fault: { kind: "headers", headers: EXHAUSTED[kind]() } });
    const startedMs = Date.now();

    const before = await answerOf(scene);
    expect(before.summary).toMatchObject({ ending: { kind: "complete" }, modelUsed: first?.ref });
    const { pause, breaker } = (await scene.healthOf(first?.ref ?? "")) ?? {};
    expect(pause).toMatchObject({ kind: "until", reason: "rate-limit" });
    const untilMs = pause?.kind === "until" ? pause.untilMs : 0;
    expect(untilMs).toBeGreaterThan(startedMs + 80_000);
    expect(untilMs).toBeLessThan(Date.now() + 91_000);
    expect(breaker?.failures).toBe(0);

    const after = await answerOf(scene);
    expect(after.summary).toMatchObject({ modelUsed: second?.ref, fallbackCount: 0 });
    expect(scene.requestsSeen()).toEqual([1, 1, 0]);
    const decided = after.events.find((event) => event.type === "decided");
    expect(decided?.decision.skipped).toMatchObject([{ ref: first?.ref, reason: "rate-limit", untilMs }]);
  });
});
