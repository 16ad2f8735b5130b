import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  collectEvents,
  type Replayed,
  replayTransport,
  textOf,
  withLimits,
} from "../../test/support/providers/collectProviderEvents.ts";
import { createProvider } from "./registry/createProvider.ts";

const frame = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
const COMMENT = ": keep-alive\n\n";

/** Events of each wire format: one without content, one with a text, and the end. */
const WIRES = {
  "openai-compatible": {
    empty: frame({ choices: [{ index: 0, delta: { role: "assistant", content: "" } }] }),
    text: frame({ choices: [{ index: 0, delta: { content: "Blue." } }] }),
    end: `${frame({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}data: [DONE]\n\n`,
  },
  anthropic: {
    empty: frame({ type: "ping" }),
    text: frame({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Blue." } }),
    end:
      frame({ type: "message_delta", delta: { stop_reason: "end_turn" } }) + frame({ type: "message_stop" }),
  },
} as const;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe.each(["openai-compatible", "anthropic"] as const)("a stream of kind %s", (kind) => {
  const { empty, text, end } = WIRES[kind];
  const limits = { firstTokenMs: 3000, idleMs: 2500, thinkingMs: 30_000 };

  function collect(
    reads: readonly Replayed[],
    more: Partial<typeof limits> = {},
    drained?: () => Promise<void> | undefined,
  ) {
    const config = { id: "p", name: "P", kind, baseUrl: "http://127.0.0.1:9", local: false } as const;
    const provider = createProvider(config, "k", replayTransport(reads));
    return collectEvents(provider, { ask: withLimits({ ...limits, ...more }), drained });
  }
  const every2s = (sign: string, seconds: number): readonly Replayed[] =>
    Array.from({ length: seconds / 2 }, () => [2000, sign]).flat();

  it.each([
    ["comments", COMMENT],
    ["events without content", empty],
  ])("is alive while %s arrive, before its first content and after it", async (_, sign) => {
    const collected = await collect([...every2s(sign, 28), text, ...every2s(sign, 280), text, end]);
    expect(collected.failure).toBeUndefined();
    expect(textOf(collected)).toBe("Blue.Blue.");
  });

  it("fails at the limit for thinking if nothing else arrives before its first content", async () => {
    const { failure } = await collect([...every2s(COMMENT, 60), text, end]);
    expect(failure).toMatchObject({
      kind: "timeout",
      phase: "first-token",
      message: "no content arrived for 30000 ms",
    });
    const own = await collect([...every2s(COMMENT, 60), text, end], { thinkingMs: 3000 });
    expect(own.failure).toMatchObject({ phase: "first-token", message: "no content arrived for 3000 ms" });
  });

  it("fails after five minutes without content between two texts", async () => {
    const { failure } = await collect([text, ...every2s(COMMENT, 320), text, end]);
    expect(failure).toMatchObject({
      kind: "timeout",
      phase: "idle",
      message: "no content arrived for 300000 ms",
    });
  });

  it("fails at its limits if nothing at all arrives", async () => {
    expect((await collect([3001, text, end])).failure).toMatchObject({ phase: "first-token" });
    expect((await collect([1000, COMMENT, 2501, text, end])).failure).toMatchObject({ phase: "first-token" });
    expect((await collect([text, 2501, text, end])).failure).toMatchObject({ phase: "idle" });
    // A sign of life does not shorten the limit for the first token.
    expect((await collect([COMMENT, 2900, text, end])).failure).toBeUndefined();
  });

  it("may wait for its consumer for longer than any of these limits", async () => {
    let pauses = 0;
    const drained = (): Promise<void> | undefined => {
      pauses += 1;
      if (pauses > 1) return undefined;
      return Promise.resolve().then(() => void vi.advanceTimersByTime(600_000));
    };
    const collected = await collect([text, 1000, 1000, text, end], {}, drained);
    expect(collected.failure).toBeUndefined();
    expect(textOf(collected)).toBe("Blue.Blue.");
  });

  it("is not kept alive by comments after its finish reason", async () => {
    const collected = await collect([text, `${end.split("\n\n")[0]}\n\n`, ...every2s(COMMENT, 60), text]);
    expect(collected.events.at(-1)).toEqual({ type: "end", finish: "stop" });
    expect(textOf(collected)).toBe("Blue.");
  });
});
