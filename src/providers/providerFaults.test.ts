import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  ASK,
  FOREVER,
  type Heard,
  hear,
  limited,
  SPEAKERS,
  textOf,
} from "../../test/support/collectProviderEvents.ts";
import type { Ask } from "../contract/ask.ts";
import { textMessage } from "../contract/message.ts";
import type { Provider, ProviderEvent } from "../contract/provider.ts";
import type { Fault } from "../simulator/faults.ts";
import { simulatorProviders } from "../simulator/models.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { createProvider } from "./createProvider.ts";
import { createTransport } from "./transport.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
});
afterEach(() => {
  vi.useRealTimers();
  simulator.clear();
});
afterAll(() => simulator.stop());

describe.each(SPEAKERS)(
  "a provider that speaks $wire, of kind $kind, when its stream misbehaves",
  ({ kind }) => {
    const make = (key = simulator.key): Provider =>
      createProvider(simulatorProviders(simulator.url)[kind], key, createTransport);
    const struck = (fault: Fault, ask?: Ask): Promise<Heard> => {
      simulator.injectFault({ fault });
      return hear(make(), ask);
    };

    it("calls it a timeout in the phase `headers` when not a byte comes", async () => {
      const { failure } = await struck({ kind: "delayHeaders", ms: 60_000 }, limited({ firstTokenMs: 300 }));
      expect(failure).toMatchObject({ kind: "timeout", phase: "headers" });
    });

    it("calls it a timeout in the phase `first-token` when only the headers come", async () => {
      const heard = await struck({ kind: "slowFirstToken", ms: 60_000 }, limited({ firstTokenMs: 300 }));
      expect(heard.failure).toMatchObject({ kind: "timeout", phase: "first-token" });
      expect(heard.events.map(({ type }) => type)).toEqual(["headers"]);
    });

    it("calls it a timeout in the phase `idle` when the stream stalls, and closes the socket", async () => {
      const heard = await struck({ kind: "stall", afterTokens: 3 }, limited({ idleMs: 60 }));
      expect(heard.failure).toMatchObject({ kind: "timeout", phase: "idle" });
      expect(heard.events.filter(({ type }) => type === "text")).toHaveLength(3);
    });

    it("never cuts a slow stream whose pieces come within the idle limit", async () => {
      const heard = await struck(
        { kind: "slowTokens", ms: 15 },
        { ...limited({ firstTokenMs: 120, idleMs: 120 }), maxOutputTokens: 20 },
      );
      expect(heard.events.at(-1)).toEqual({ type: "end", reason: "length" });
    });

    it("does not count the time that its consumer takes", async () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
      // Too long for what sockets hold: most of it comes after the wait.
      const messages = [textMessage("user", "[tokens: 50000]")];
      let last: ProviderEvent | undefined;
      for await (const event of make().ask({ ...ASK, messages, maxOutputTokens: 50_000 }, FOREVER)) {
        if (last?.type === "headers") vi.advanceTimersByTime(600_000);
        last = event;
      }
      expect(last).toEqual({ type: "end", reason: "stop" });
    });

    it.each(["reset", "clean"] as const)("sees a %s cut as a cut, after the text before it", async (how) => {
      const heard = await struck({ kind: "cut", afterTokens: 4, how });
      expect(heard.failure).toMatchObject({ kind: "cut" });
      expect(heard.events.map(({ type }) => type)).toEqual(["headers", "text", "text", "text", "text"]);
    });

    it("sees a stream that ends without a finish reason as a cut", async () => {
      const heard = await struck({ kind: "noFinish" });
      expect(heard.failure).toMatchObject({ kind: "cut" });
      expect(textOf(heard)).toContain("sky blue");
    });

    it("skips a malformed event and reads on", async () => {
      const whole = textOf(await hear(make()));
      const heard = await struck({ kind: "malformedEvent", afterTokens: 3 });
      expect(heard.failure).toBeUndefined();
      expect(textOf(heard)).toBe(whole);
    });

    it("survives bytes that are no UTF-8", async () => {
      const heard = await struck({ kind: "badUtf8", afterTokens: 3 });
      expect(heard.events.at(-1)).toEqual({ type: "end", reason: "stop" });
      expect(textOf(heard)).toContain("\uFFFD");
    });

    it("reads past an event of 10 MB, and gives up on one that has no end", async () => {
      const large = await struck({ kind: "hugeEvent", afterTokens: 2, bytes: 10_000_000 });
      expect(large.events.at(-1)).toEqual({ type: "end", reason: "stop" });
      const endless = await struck({ kind: "hugeEvent", afterTokens: 2, bytes: 40_000_000 });
      expect(endless.failure).toMatchObject({ kind: "malformed" });
    });

    it("sees an error event as a cut, with the provider's words", async () => {
      const heard = await struck({ kind: "errorEvent", afterTokens: 2 });
      expect(heard.failure).toMatchObject({ kind: "cut", message: expect.stringMatching(/overloaded/i) });
      const error = { type: "strange", message: "Something else" };
      expect((await struck({ kind: "errorEvent", afterTokens: 2, error })).failure).toMatchObject({
        kind: "cut",
        message: "Something else",
      });
    });

    it("waits for nothing once the finish reason and the usage are here", async () => {
      const startedMs = performance.now();
      const heard = await struck({ kind: "noDone" });
      expect(heard.events.at(-1)).toEqual({ type: "end", reason: "stop" });
      expect(heard.events.at(-2)?.type).toBe("usage");
      expect(performance.now() - startedMs).toBeLessThan(900);
    });

    it("calls an answer without text or tool call empty", async () => {
      const heard = await struck({ kind: "empty" });
      expect(heard.failure).toMatchObject({ kind: "empty" });
      expect(heard.events.map(({ type }) => type)).toEqual(["headers", "usage"]);
    });

    it("tells a refusal with the provider's reason", async () => {
      const { failure } = await struck({ kind: "refusal", message: "Not this." });
      expect(failure).toMatchObject({ kind: "refused", message: "Not this." });
    });

    it("tells no usage where its numbers cannot be", async () => {
      const heard = await struck({ kind: "wrongUsage" });
      expect(heard.failure).toBeUndefined();
      expect(heard.events.map(({ type }) => type)).not.toContain("usage");
    });
  },
);
