import { createServer, type Server, type ServerResponse } from "node:http";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { collectEvents, textOf, withLimits } from "../../test/support/providers/collectProviderEvents.ts";
import { nodeTransport } from "./http/transport/nodeTransport.ts";
import { createProvider } from "./registry/createProvider.ts";

const SIX_MINUTES_MS = 360_000;

/** An answer of two texts, in three parts: its beginning, the one text, and the other with the end. */
const ANSWERS = {
  "openai-compatible": [
    'data: {"choices":[{"index":0,"delta":{"role":"assistant"}}]}\n\n',
    'data: {"choices":[{"index":0,"delta":{"content":"One, "}}]}\n\n',
    'data: {"choices":[{"index":0,"delta":{"content":"two."},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
  ],
  anthropic: [
    'data: {"type":"message_start","message":{}}\n\n',
    'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"One, "}}\n\n',
    'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"two."}}\n\n' +
      'data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":1,"output_tokens":2}}\n\n' +
      'data: {"type":"message_stop"}\n\n',
  ],
} as const;

let server: Server;
afterEach(() => {
  vi.useRealTimers();
  server.close();
  server.closeAllConnections();
});

/** The address of a server that answers with this function. */
async function serve(answer: (response: ServerResponse) => Promise<void>): Promise<string> {
  server = createServer(
    (request, response) => void request.resume().once("end", () => void answer(response)),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

/** Advances all timers of this process but Node's internal ones (http/transport.test.ts) by six minutes. */
async function passSixMinutes(): Promise<void> {
  // What was sent before arrives first.
  for (let turns = 0; turns < 20; turns += 1) await turn();
  vi.advanceTimersByTime(SIX_MINUTES_MS);
}

describe.each(["openai-compatible", "anthropic"] as const)("a local model of kind %s", (kind) => {
  const [beginning, one, two] = ANSWERS[kind];

  it.each([
    ["before its headers", 0],
    ["before its first token", 1],
    ["between two tokens", 2],
  ])(
    "may take six minutes %s if its limits allow it: no limit of an SDK or a client applies",
    async (_, when) => {
      const baseUrl = await serve(async (response) => {
        if (when === 0) await passSixMinutes();
        response.writeHead(200, { "content-type": "text/event-stream" }).write(beginning);
        if (when === 1) await passSixMinutes();
        response.write(one);
        if (when === 2) await passSixMinutes();
        response.end(two);
      });
      const config = { id: "box", name: "Box", kind, baseUrl, local: true } as const;
      const provider = createProvider(config, undefined, nodeTransport);
      // Its SDK is loaded in real time.
      await collectEvents(provider, { signal: AbortSignal.abort() });
      vi.useFakeTimers({
        toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance", "Date"],
      });
      const collected = await collectEvents(provider, {
        ask: withLimits({ firstTokenMs: SIX_MINUTES_MS + 1000, idleMs: SIX_MINUTES_MS + 1000 }),
      });
      expect(collected.failure).toBeUndefined();
      expect(textOf(collected)).toBe("One, two.");
    },
  );

  it("may take any time in total while its pieces arrive within the idle limit", async () => {
    const baseUrl = await serve(async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(beginning + one);
      for (let pieces = 0; pieces < 5; pieces += 1) {
        await passSixMinutes();
        response.write(one);
      }
      response.end(two);
    });
    const config = { id: "box", name: "Box", kind, baseUrl, local: true } as const;
    const provider = createProvider(config, undefined, nodeTransport);
    await collectEvents(provider, { signal: AbortSignal.abort() });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const collected = await collectEvents(provider, { ask: withLimits({ idleMs: SIX_MINUTES_MS + 1000 }) });
    expect(collected.failure).toBeUndefined();
    expect(textOf(collected)).toBe(`${"One, ".repeat(6)}two.`);
  });

  it("times out at its own limit", async () => {
    const baseUrl = await serve(passSixMinutes);
    const config = { id: "box", name: "Box", kind, baseUrl, local: true } as const;
    const provider = createProvider(config, undefined, nodeTransport);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const { failure } = await collectEvents(provider, {
      ask: withLimits({ firstTokenMs: SIX_MINUTES_MS - 1000 }),
    });
    expect(failure).toMatchObject({ kind: "timeout", phase: "headers" });
  });
});
