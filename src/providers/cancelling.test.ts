import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { textMessage } from "../contract/message.ts";
import type { Provider, ProviderEvent } from "../contract/provider.ts";
import { simulatorProviders } from "../simulator/providers.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { createProvider } from "./createProvider.ts";
import { ASK, FOREVER, hear, SPEAKERS } from "./testing/hearing.ts";
import { createTransport } from "./transport.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
});
afterEach(() => simulator.clear());
afterAll(() => simulator.stop());

describe.each(SPEAKERS)("a provider that speaks $wire, of kind $kind, when it is stopped", ({ kind }) => {
  const make = (key = simulator.key): Provider =>
    createProvider(simulatorProviders(simulator.url)[kind], key, createTransport);

  it("is cancelled before it is sent, and sends nothing", async () => {
    const before = simulator.requestCount();
    expect((await hear(make(), ASK, AbortSignal.abort())).failure).toMatchObject({ kind: "cancelled" });
    expect(simulator.requestCount()).toBe(before);
  });

  it("is cancelled while it waits for headers: the server sees the socket close", async () => {
    simulator.misbehave({ model: "sim-cheap", fault: { kind: "delayHeaders", ms: 60_000 } });
    const aborter = new AbortController();
    const heard = hear(make(), { ...ASK, model: "sim-cheap" }, aborter.signal);
    while ((await simulator.nextRequest()).model !== "sim-cheap");
    aborter.abort();
    expect((await heard).failure).toMatchObject({ kind: "cancelled" });
    while ((await simulator.nextClosedByClient()).model !== "sim-cheap");
  });

  it("is cancelled in the midst of a stream: nothing more is told, and the socket is closed", async () => {
    const messages = [textMessage("user", "[tokens: 100000]")];
    const aborter = new AbortController();
    const events: ProviderEvent[] = [];
    const run = async (): Promise<void> => {
      for await (const event of make().ask(
        { ...ASK, model: "sim-premium", messages, maxOutputTokens: 100_000 },
        aborter.signal,
      )) {
        events.push(event);
        if (events.length === 10) aborter.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ record: { kind: "cancelled" } });
    expect(events).toHaveLength(10);
    while ((await simulator.nextClosedByClient()).model !== "sim-premium");
  });

  it("closes the socket when its consumer leaves the loop", async () => {
    simulator.misbehave({ model: "sim-local", fault: { kind: "stall", afterTokens: 1 } });
    for await (const { type } of make().ask({ ...ASK, model: "sim-local" }, FOREVER)) {
      if (type === "text") break;
    }
    while ((await simulator.nextClosedByClient()).model !== "sim-local");
  });
});
