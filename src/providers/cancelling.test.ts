import { createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ASK, FOREVER, hear, limited, SPEAKERS } from "../../test/support/collectProviderEvents.ts";
import { textMessage } from "../contract/message.ts";
import type { Provider, ProviderEvent } from "../contract/provider.ts";
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

describe.each(SPEAKERS)("a provider that speaks $wire, of kind $kind, when it is stopped", ({ kind }) => {
  const make = (key = simulator.key): Provider =>
    createProvider(simulatorProviders(simulator.url)[kind], key, createTransport);

  it("is cancelled before it is sent, and sends nothing", async () => {
    const before = simulator.requestCount();
    const { failure } = await hear(make(), ASK, AbortSignal.abort());
    expect(failure).toMatchObject({ kind: "cancelled", notSent: true });
    expect(simulator.requestCount()).toBe(before);
  });

  it.each([
    ["cancelled", {}, "cancelled", undefined],
    ["timed out by its first token's limit", { firstTokenMs: 60 }, "timeout", "connect"],
    ["timed out by its connection's limit", { connectMs: 60 }, "timeout", "connect"],
  ] as const)(
    "is %s while it connects: it closes the socket, and says that nothing was sent",
    async (_, limits, told, phase) => {
      const [opened, closed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      // A TLS handshake that is never answered.
      const silent = createServer((socket) => {
        socket.resume().once("close", () => closed.resolve());
        opened.resolve();
      });
      const port = await listening(silent);
      const config = simulatorProviders(`https://127.0.0.1:${port}`)[kind];
      const aborter = new AbortController();
      const heard = hear(
        createProvider(config, "k-unused", createTransport),
        limited(limits),
        aborter.signal,
      );
      await opened.promise;
      if (told === "cancelled") aborter.abort();
      const { failure } = await heard;
      expect([failure?.kind, failure?.phase, failure?.notSent]).toEqual([told, phase, true]);
      await closed.promise;
      silent.close();
    },
  );

  it("is cancelled while it waits for headers: the server sees the socket close", async () => {
    simulator.injectFault({ model: "sim-cheap", fault: { kind: "delayHeaders", ms: 60_000 } });
    const aborter = new AbortController();
    const heard = hear(make(), { ...ASK, model: "sim-cheap" }, aborter.signal);
    while ((await simulator.nextRequest()).model !== "sim-cheap");
    aborter.abort();
    const { failure } = await heard;
    expect([failure?.kind, failure?.notSent]).toEqual(["cancelled", undefined]);
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

  it("is cancelled at a tool call: nothing that it still had to say is told", async () => {
    const messages = [textMessage("user", '[call: look {"at": 1}]')];
    const tools = [{ name: "look", parametersSchema: { type: "object" } }];
    const aborter = new AbortController();
    const types: string[] = [];
    const run = async (): Promise<void> => {
      for await (const { type } of make().ask({ ...ASK, messages, tools }, aborter.signal)) {
        types.push(type);
        if (type === "toolCall") aborter.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ record: { kind: "cancelled" } });
    expect(types.at(-1)).toBe("toolCall");
  });

  it("closes the socket when its consumer leaves the loop", async () => {
    simulator.injectFault({ model: "sim-local", fault: { kind: "stall", afterTokens: 1 } });
    for await (const { type } of make().ask({ ...ASK, model: "sim-local" }, FOREVER)) {
      if (type === "text") break;
    }
    while ((await simulator.nextClosedByClient()).model !== "sim-local");
  });
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
