import { afterEach, describe, expect, it } from "vitest";
import { answerOf, type ChainScene, chainScene, KINDS, type Kind } from "./chainScene.ts";

let scene: ChainScene;
afterEach(() => scene.close());

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

/** What the headers of an answer say when nothing is left, in each vendor's names. */
const USED_UP: Readonly<Record<Kind, () => Readonly<Record<string, string>>>> = {
  openai: () => ({ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m30s" }),
  "azure-openai": () => ({ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "90" }),
  "openai-compatible": () => ({ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1m30s" }),
  anthropic: () => ({
    "anthropic-ratelimit-output-tokens-remaining": "0",
    "anthropic-ratelimit-output-tokens-reset": inSeconds(90),
  }),
};

describe.each(KINDS)("a provider of kind %s whose headers say that its limit is used up", (kind) => {
  it("has answered, is paused until then, and the next prompt goes to the next model at once", async () => {
    const [a = kind, b = kind] = KINDS.filter((other) => other !== kind);
    scene = await chainScene({ kinds: [kind, a, b] });
    const [first, second] = scene.chain;
    scene.simulator.injectFault({ fault: { kind: "headers", headers: USED_UP[kind]() } });
    const startedMs = Date.now();

    const before = await answerOf(scene);
    expect(before.summary).toMatchObject({ ending: { kind: "complete" }, modelUsed: first?.ref });
    const { pause: block, breaker } = (await scene.healthOf(first?.ref ?? "")) ?? {};
    expect(block).toMatchObject({ kind: "until", reason: "rate-limit" });
    const untilMs = block?.kind === "until" ? block.untilMs : 0;
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
