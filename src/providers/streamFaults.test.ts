import { setImmediate as turn } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  ASK,
  type CollectedEvents,
  collectEvents,
  PROVIDER_KINDS,
  textOf,
  withLimits,
} from "../../test/support/providers/collectProviderEvents.ts";
import { textMessage } from "../contract/message.ts";
import type { Ask } from "../contract/provider/ask.ts";
import type { Provider } from "../contract/provider/provider.ts";
import { piecesOf } from "../simulator/answers/answers.ts";
import type { Fault } from "../simulator/faults.ts";
import { simulatorProviders } from "../simulator/models.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { nodeTransport } from "./http/transport/nodeTransport.ts";
import { createProvider } from "./registry/createProvider.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
});
afterEach(() => {
  vi.useRealTimers();
  simulator.clear();
});
afterAll(() => simulator.stop());

function providerOf(kind: (typeof PROVIDER_KINDS)[number]["kind"]): Provider {
  return createProvider(simulatorProviders(simulator.url)[kind], simulator.key, nodeTransport);
}

function stopTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
}

describe.each(PROVIDER_KINDS)("a provider of kind $kind over $wire with a faulty stream", ({ kind }) => {
  const make = (): Provider => providerOf(kind);
  const askWithFault = (fault: Fault, ask?: Ask): Promise<CollectedEvents> => {
    simulator.injectFault({ fault });
    return collectEvents(make(), { ask });
  };

  /** The first tokens of the answer without a fault. */
  const firstTokens = async (count: number): Promise<string> =>
    [...piecesOf(textOf(await collectEvents(make())))].slice(0, count).join("");

  it("reports a timeout in the phase `headers` if nothing arrives", async () => {
    stopTime();
    const before = simulator.requestCount();
    const collected = askWithFault({ kind: "delayHeaders", ms: 60_000 }, withLimits({ firstTokenMs: 300 }));
    while (simulator.requestCount() === before) await turn();
    vi.advanceTimersByTime(300);
    expect((await collected).failure).toMatchObject({ kind: "timeout", phase: "headers" });
  });

  it("reports a timeout in the phase `first-token` if only the headers arrive", async () => {
    stopTime();
    simulator.injectFault({ fault: { kind: "slowFirstToken", ms: 60_000 } });
    const collected = await collectEvents(make(), {
      ask: withLimits({ firstTokenMs: 300 }),
      onEvent: () => setImmediate(() => vi.advanceTimersByTime(300)),
    });
    expect(collected.failure).toMatchObject({ kind: "timeout", phase: "first-token" });
    expect(collected.events.map(({ type }) => type)).toEqual(["started"]);
  });

  it("reports a timeout in the phase `idle` if the stream stalls", async () => {
    const beforeStall = await firstTokens(3);
    stopTime();
    simulator.injectFault({ fault: { kind: "stall", afterTokens: 3 } });
    let text = "";
    const collected = await collectEvents(make(), {
      ask: withLimits({ idleMs: 60 }),
      onEvent: (event) => {
        if (event.type === "text") text += event.text;
        if (text === beforeStall) setImmediate(() => vi.advanceTimersByTime(60));
      },
    });
    expect(collected.failure).toMatchObject({ kind: "timeout", phase: "idle" });
    expect(textOf(collected)).toBe(beforeStall);
  });

  it("does not count the time that the consumer takes", async () => {
    stopTime();
    // Too long for what sockets hold: most of it comes after the wait.
    const messages = [textMessage("user", "[tokens: 50000]")];
    let pauses = 0;
    let lastPause: Promise<void> | undefined;
    const collected = await collectEvents(make(), {
      ask: { ...ASK, messages, maxOutputTokens: 50_000 },
      drained: () => {
        pauses += 1;
        lastPause = new Promise((resolve) => {
          setImmediate(() => {
            vi.advanceTimersByTime(600_000);
            resolve();
          });
        });
        return lastPause;
      },
    });
    await lastPause;
    expect(pauses).toBeGreaterThan(1);
    expect(collected.events.at(-1)).toEqual({ type: "end", finish: "stop" });
  });

  it.each(["reset", "clean"] as const)(
    "reports a cut by a %s end of the connection, after the text before it",
    async (how) => {
      const collected = await askWithFault({ kind: "cut", afterTokens: 4, how });
      expect(collected.failure).toMatchObject({ kind: "cut" });
      expect(collected.events[0]?.type).toBe("started");
      expect(textOf(collected)).toBe(await firstTokens(4));
    },
  );

  it("reports a stream that ends without a finish reason as a cut", async () => {
    const collected = await askWithFault({ kind: "noFinish" });
    expect(collected.failure).toMatchObject({ kind: "cut" });
    expect(textOf(collected)).toContain("sky blue");
  });

  it("skips a malformed event and continues", async () => {
    const whole = textOf(await collectEvents(make()));
    const collected = await askWithFault({ kind: "malformedEvent", afterTokens: 3 });
    expect(collected.failure).toBeUndefined();
    expect(textOf(collected)).toBe(whole);
  });

  it("replaces bytes that are not UTF-8", async () => {
    const collected = await askWithFault({ kind: "badUtf8", afterTokens: 3 });
    expect(collected.events.at(-1)).toEqual({ type: "end", finish: "stop" });
    expect(textOf(collected)).toContain("\uFFFD");
  });

  it("reads an event of 10 MB, and rejects one of 40 MB", async () => {
    const large = await askWithFault({ kind: "hugeEvent", afterTokens: 2, bytes: 10_000_000 });
    expect(large.events.at(-1)).toEqual({ type: "end", finish: "stop" });
    const endless = await askWithFault({ kind: "hugeEvent", afterTokens: 2, bytes: 40_000_000 });
    expect(endless.failure).toMatchObject({ kind: "malformed" });
  });

  it("reports an error event as a cut, with the provider's message", async () => {
    const collected = await askWithFault({ kind: "errorEvent", afterTokens: 2 });
    expect(collected.failure).toMatchObject({ kind: "cut", message: expect.stringMatching(/overloaded/i) });
    const error = { type: "strange", message: "Something else" };
    expect((await askWithFault({ kind: "errorEvent", afterTokens: 2, error })).failure).toMatchObject({
      kind: "cut",
      message: "Something else",
    });
  });

  it("reports an answer without text or tool call as empty", async () => {
    const collected = await askWithFault({ kind: "empty" });
    expect(collected.failure).toMatchObject({ kind: "empty" });
    expect(collected.events.map(({ type }) => type)).toEqual(["started", "usage"]);
  });

  it("reports a refusal with the provider's reason", async () => {
    const { failure } = await askWithFault({ kind: "refusal", message: "Not this." });
    expect(failure).toMatchObject({ kind: "refused", message: "Not this." });
  });

  it("reports no usage if its numbers are impossible", async () => {
    const collected = await askWithFault({ kind: "wrongUsage" });
    expect(collected.failure).toBeUndefined();
    expect(collected.events.map(({ type }) => type)).not.toContain("usage");
  });
});

it("ends an answer of any kind after the finish reason and the usage, although its end is not announced", async () => {
  simulator.injectFault({ times: PROVIDER_KINDS.length, fault: { kind: "noDone" } });
  // The provider waits a second for more, so these wait at the same time.
  const answers = await Promise.all(PROVIDER_KINDS.map(({ kind }) => collectEvents(providerOf(kind))));
  for (const { events } of answers) {
    expect(events.at(-1)).toEqual({ type: "end", finish: "stop" });
    expect(events.at(-2)?.type).toBe("usage");
  }
});
