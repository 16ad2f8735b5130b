import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Heard, hear, SPEAKERS } from "../../test/support/collectProviderEvents.ts";
import type { Ask } from "../contract/ask.ts";
import type { Provider } from "../contract/provider.ts";
import type { Fault } from "../simulator/faults.ts";
import { simulatorProviders } from "../simulator/models.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { createProvider } from "./createProvider.ts";
import { createTransport } from "./transport.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
});
afterEach(() => simulator.clear());
afterAll(() => simulator.stop());

describe.each(SPEAKERS)("a provider that speaks $wire, of kind $kind, when it is refused", ({ kind }) => {
  const make = (key = simulator.key): Provider =>
    createProvider(simulatorProviders(simulator.url)[kind], key, createTransport);
  const struck = (fault: Fault, ask?: Ask): Promise<Heard> => {
    simulator.injectFault({ fault });
    return hear(make(), ask);
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
  ] as const)("calls a status of %i %s, with the provider's words", async (status, expected) => {
    const { events, failure } = await struck({ kind: "status", status });
    expect(events).toEqual([]);
    expect(failure).toMatchObject({ kind: expected, status, message: `Simulated error ${status}.` });
    expect(failure?.requestId).toMatch(/^req_sim/);
  });

  it("reads how long to wait", async () => {
    const { failure } = await struck({ kind: "status", status: 429, headers: { "retry-after": "7" } });
    expect(failure?.retryAfterMs).toBe(7000);
  });

  it("never follows a redirect, and says where it leads", async () => {
    const before = simulator.requestCount();
    const headers = { location: `${simulator.url}/elsewhere?secret` };
    const { failure } = await struck({ kind: "status", status: 307, headers });
    expect(failure).toMatchObject({ kind: "malformed", status: 307 });
    expect(failure?.message).toContain(simulator.url);
    expect(simulator.requestCount()).toBe(before + 1);
  });

  it("keeps a page for a browser out of its words", async () => {
    const { failure } = await struck({ kind: "status", status: 502, body: "<html>Bad Gateway</html>" });
    expect(failure).toMatchObject({ kind: "overloaded", message: "status 502, and no words" });
  });

  it("refuses a wrong key as `auth`, and shows it nowhere", async () => {
    const { failure } = await hear(make("sk-wrong-0123456789abcdef"));
    expect(failure?.kind).toBe("auth");
    expect(JSON.stringify(failure)).not.toContain("0123456789abcdef");
  });

  it("masks a key that the provider quotes", async () => {
    const body = {
      error: { message: `Incorrect API key provided: ${simulator.key}. Check sk-proj-****abcd.` },
    };
    const { failure } = await struck({ kind: "status", status: 401, body });
    expect(failure?.message).toBe("Incorrect API key provided: [key]. Check [key].");
  });

  it("calls a reset before the headers overloaded", async () => {
    expect((await struck({ kind: "resetBeforeHeaders" })).failure).toMatchObject({ kind: "overloaded" });
  });

  it("calls an address where nobody listens unreachable", async () => {
    const config = { ...simulatorProviders("http://127.0.0.1:9")[kind] };
    const { failure } = await hear(createProvider(config, "k-unused", createTransport));
    expect(failure).toMatchObject({ kind: "unreachable", code: "ECONNREFUSED" });
  });
});
