import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type CollectedEvents,
  collectEvents,
  PROVIDER_KINDS,
} from "../../test/support/providers/collectProviderEvents.ts";
import type { Ask } from "../contract/provider/ask.ts";
import type { Provider } from "../contract/provider/provider.ts";
import type { Fault } from "../simulator/faults.ts";
import { simulatorProviders } from "../simulator/models.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { nodeTransport } from "./http/transport/nodeTransport.ts";
import { createProvider } from "./registry/createProvider.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
});
afterEach(() => simulator.clear());
afterAll(() => simulator.stop());

describe.each(PROVIDER_KINDS)(
  "a provider of kind $kind over $wire, when its request is rejected",
  ({ kind }) => {
    const make = (key = simulator.key): Provider =>
      createProvider(simulatorProviders(simulator.url)[kind], key, nodeTransport);
    const askWithFault = (fault: Fault, ask?: Ask): Promise<CollectedEvents> => {
      simulator.injectFault({ fault });
      return collectEvents(make(), { ask });
    };

    it.each([
      [400, "bad-request"],
      [401, "auth"],
      [403, "forbidden"],
      [404, "not-found"],
      [408, "overloaded"],
      [413, "context-length"],
      [429, "rate-limited"],
      [500, "overloaded"],
      [503, "overloaded"],
      [529, "overloaded"],
    ] as const)("reports status %i as %s, with the provider's message", async (status, expected) => {
      const { events, failure } = await askWithFault({ kind: "status", status });
      expect(events).toEqual([]);
      expect(failure).toMatchObject({ kind: expected, status, message: `Simulated error ${status}.` });
      expect(failure?.requestId).toMatch(/^req_sim/);
    });

    it("reports how long to wait", async () => {
      const { failure } = await askWithFault({
        kind: "status",
        status: 429,
        headers: { "retry-after": "7" },
      });
      expect(failure?.retryAfterMs).toBe(7000);
    });

    it("never follows a redirect, and reports its target", async () => {
      const before = simulator.requestCount();
      const headers = { location: `${simulator.url}/elsewhere?secret` };
      const { failure } = await askWithFault({ kind: "status", status: 307, headers });
      expect(failure).toMatchObject({ kind: "malformed", status: 307 });
      expect(failure?.message).toContain(simulator.url);
      expect(simulator.requestCount()).toBe(before + 1);
    });

    it("keeps an HTML page out of its message", async () => {
      const { failure } = await askWithFault({
        kind: "status",
        status: 502,
        body: "<html>Bad Gateway</html>",
      });
      expect(failure).toMatchObject({ kind: "overloaded", message: "502 Bad Gateway, no details" });
    });

    it("reports a wrong key as `auth`, and never includes it", async () => {
      const { failure } = await collectEvents(make("sk-wrong-0123456789abcdef"));
      expect(failure?.kind).toBe("auth");
      expect(JSON.stringify(failure)).not.toContain("0123456789abcdef");
    });

    it("masks a key that the provider quotes", async () => {
      const body = {
        error: { message: `Incorrect API key provided: ${simulator.key}. Check sk-proj-****abcd.` },
      };
      const { failure } = await askWithFault({ kind: "status", status: 401, body });
      expect(failure?.message).toBe("Incorrect API key provided: [key]. Check [key].");
    });

    it("reports a reset before the headers as overloaded", async () => {
      expect((await askWithFault({ kind: "resetBeforeHeaders" })).failure).toMatchObject({
        kind: "overloaded",
      });
    });

    it("reports an address without a server as unreachable", async () => {
      const config = { ...simulatorProviders("http://127.0.0.1:9")[kind] };
      const { failure } = await collectEvents(createProvider(config, "k-unused", nodeTransport));
      expect(failure).toMatchObject({ kind: "unreachable", code: "ECONNREFUSED" });
    });
  },
);
