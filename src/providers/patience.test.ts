import { createServer, type Server, type ServerResponse } from "node:http";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { hear, limited, textOf } from "../../test/support/collectProviderEvents.ts";
import { createProvider } from "./createProvider.ts";
import { createTransport } from "./transport.ts";

const SIX_MINUTES = 360_000;

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

/** Its address; it answers as it is told to. */
async function listening(answer: (response: ServerResponse) => Promise<void>): Promise<string> {
  server = createServer(
    (request, response) => void request.resume().once("end", () => void answer(response)),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

/** All timers of this process but Node's own inner ones (transport.test.ts) stand at six minutes later. */
async function wait(): Promise<void> {
  // What was sent arrives first.
  for (let turns = 0; turns < 20; turns += 1) await turn();
  vi.advanceTimersByTime(SIX_MINUTES);
}

describe.each(["openai-compatible", "anthropic"] as const)(
  "a local model of kind %s, with limits that allow it",
  (kind) => {
    const [beginning, one, two] = ANSWERS[kind];

    it.each([
      ["before its headers", 0],
      ["before its first token", 1],
      ["between two tokens", 2],
    ])("may take six minutes %s: neither the SDK's nor any client's own limit cuts it", async (_, when) => {
      const baseUrl = await listening(async (response) => {
        if (when === 0) await wait();
        response.writeHead(200, { "content-type": "text/event-stream" }).write(beginning);
        if (when === 1) await wait();
        response.write(one);
        if (when === 2) await wait();
        response.end(two);
      });
      const config = { id: "box", name: "Box", kind, baseUrl, local: true } as const;
      const provider = createProvider(config, undefined, createTransport);
      // Its SDK is loaded in real time.
      await hear(provider, limited({ connectMs: 1 }), AbortSignal.abort());
      vi.useFakeTimers({
        toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance", "Date"],
      });
      const heard = await hear(
        provider,
        limited({ firstTokenMs: SIX_MINUTES + 1000, idleMs: SIX_MINUTES + 1000 }),
      );
      expect(heard.failure).toBeUndefined();
      expect(textOf(heard)).toBe("One, two.");
    });

    it("is cut at its own limit all the same", async () => {
      const baseUrl = await listening(wait);
      const config = { id: "box", name: "Box", kind, baseUrl, local: true } as const;
      const provider = createProvider(config, undefined, createTransport);
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
      const { failure } = await hear(provider, limited({ firstTokenMs: SIX_MINUTES - 1000 }));
      expect(failure).toMatchObject({ kind: "timeout", phase: "headers" });
    });
  },
);
