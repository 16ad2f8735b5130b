import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  ASK,
  collectEvents,
  PROVIDER_KINDS,
  withLimits,
} from "../../test/support/providers/collectProviderEvents.ts";
import { listen } from "../../test/support/providers/httpResponse.ts";
import { textMessage } from "../contract/message.ts";
import type { Provider } from "../contract/provider/provider.ts";
import { simulatorProviders } from "../simulator/models.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { nodeTransport } from "./http/transport/nodeTransport.ts";
import { createUndiciTransport } from "./http/transport/undiciTransport.ts";
import { createProvider } from "./registry/createProvider.ts";

let simulator: Simulator;
const undici = createUndiciTransport();
beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
});
afterEach(() => simulator.clear());
afterAll(async () => {
  await undici.close();
  await simulator.stop();
});

const CASES = PROVIDER_KINDS.flatMap((kind) => [
  { ...kind, name: "Node's HTTP", transport: nodeTransport },
  { ...kind, name: "undici", transport: undici },
]);

describe.each(CASES)("a cancelled call of kind $kind over $wire and $name", ({ kind, transport }) => {
  const make = (key = simulator.key): Provider =>
    createProvider(simulatorProviders(simulator.url)[kind], key, transport);

  it("sends nothing if it is cancelled before it starts", async () => {
    const before = simulator.requestCount();
    const { failure } = await collectEvents(make(), { signal: AbortSignal.abort() });
    expect(failure).toMatchObject({ kind: "cancelled", notSent: true });
    expect(simulator.requestCount()).toBe(before);
  });

  it.each([
    ["cancelled", {}, "cancelled", undefined],
    ["timed out by its first token's limit", { firstTokenMs: 60 }, "timeout", "connect"],
    ["timed out by its connection's limit", { connectMs: 60 }, "timeout", "connect"],
  ] as const)(
    "closes the socket if it is %s while connecting, and reports that nothing was sent",
    async (_, limits, expected, phase) => {
      // A TLS handshake that is never answered.
      const silent = createServer((socket) => void socket.resume());
      const url = await listen(silent);
      const accepted = once(silent, "connection");
      const config = simulatorProviders(url.replace("http:", "https:"))[kind];
      const aborter = new AbortController();
      const collected = collectEvents(createProvider(config, "k-unused", transport), {
        ask: withLimits(limits),
        signal: aborter.signal,
      });
      const [socket]: Socket[] = await accepted;
      if (expected === "cancelled") aborter.abort();
      const { failure } = await collected;
      expect([failure?.kind, failure?.phase, failure?.notSent]).toEqual([expected, phase, true]);
      // Undici finishes connecting on its own, up to its own limit.
      if (transport === nodeTransport && socket?.destroyed === false) await once(socket, "close");
      socket?.destroy();
      silent.close();
    },
  );

  it("closes the socket while it waits for headers", async () => {
    simulator.injectFault({ model: "sim-cheap", fault: { kind: "delayHeaders", ms: 60_000 } });
    const aborter = new AbortController();
    const collected = collectEvents(make(), { ask: { ...ASK, model: "sim-cheap" }, signal: aborter.signal });
    while ((await simulator.nextRequest()).model !== "sim-cheap");
    aborter.abort();
    const { failure } = await collected;
    expect([failure?.kind, failure?.notSent]).toEqual(["cancelled", undefined]);
    while ((await simulator.nextClosedByClient()).model !== "sim-cheap");
  });

  it("pushes nothing more in the middle of a stream, and closes the socket", async () => {
    const messages = [textMessage("user", "[tokens: 100000]")];
    const aborter = new AbortController();
    const { events, failure } = await collectEvents(make(), {
      ask: { ...ASK, model: "sim-premium", messages, maxOutputTokens: 100_000 },
      signal: aborter.signal,
      onEvent: (_, count) => {
        if (count === 10) aborter.abort();
      },
    });
    expect(failure).toMatchObject({ kind: "cancelled" });
    expect(events).toHaveLength(10);
    while ((await simulator.nextClosedByClient()).model !== "sim-premium");
  });

  it("pushes nothing more after a tool call at which it is cancelled", async () => {
    const messages = [textMessage("user", '[call: look {"at": 1}]')];
    const tools = [{ name: "look", parametersSchema: { type: "object" } }];
    const aborter = new AbortController();
    const { events, failure } = await collectEvents(make(), {
      ask: { ...ASK, messages, tools },
      signal: aborter.signal,
      onEvent: ({ type }) => {
        if (type === "toolCall") aborter.abort();
      },
    });
    expect(failure).toMatchObject({ kind: "cancelled" });
    expect(events.at(-1)?.type).toBe("toolCall");
  });

  it("closes the socket of a stalled stream", async () => {
    simulator.injectFault({ model: "sim-local", fault: { kind: "stall", afterTokens: 1 } });
    const aborter = new AbortController();
    const { failure } = await collectEvents(make(), {
      ask: { ...ASK, model: "sim-local" },
      signal: aborter.signal,
      onEvent: ({ type }) => {
        if (type === "text") aborter.abort();
      },
    });
    expect(failure).toMatchObject({ kind: "cancelled" });
    while ((await simulator.nextClosedByClient()).model !== "sim-local");
  });

  it("does not wait for a consumer that has no room", async () => {
    const aborter = new AbortController();
    const { failure } = await collectEvents(make(), {
      ask: { ...ASK, messages: [textMessage("user", "[tokens: 50000]")], maxOutputTokens: 50_000 },
      signal: aborter.signal,
      drained: () => {
        queueMicrotask(() => aborter.abort());
        return new Promise(() => undefined);
      },
    });
    expect(failure).toMatchObject({ kind: "cancelled" });
  });
});
