import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { FailureRecord } from "../../src/contract/failure.ts";
import type { EngineRequest } from "../../src/engine/request.ts";
import { answerOf, type ChainScene, chainScene, PROMPT, request, WHOLE } from "./chainScene.ts";
import { failureOf } from "./expectations.ts";
import { flood, type HostileServer, hostileServer, hostileSocketServer } from "./hostileServer.ts";
import { liveMemoryOf } from "./liveMemory.ts";

const MILLION = 1_000_000;
/** About half of what these streams hold, and a small part of what they would take up if all of it were kept. */
const MOST_BYTES = 64 * 1024 * 1024;

/** One event of each wire that says a text. */
const SAYING = {
  "openai-compatible": (text: string, more = {}) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text } }], ...more })}\n\n`,
  anthropic: (text: string, more = {}) =>
    `event: content_block_delta\ndata: ${JSON.stringify({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text }, ...more })}\n\n`,
} as const;

/** What a client of each wire sends, relayed as it came. */
const WIRE = {
  "openai-compatible": { format: "openai", body: { messages: [{ role: "user", content: PROMPT }] } },
  anthropic: { format: "anthropic", body: { messages: [{ role: "user", content: PROMPT }] } },
} as const;

/** A piece of each wire that begins another tool call; {n} is its number. */
const CALLING = {
  "openai-compatible": (n: number) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [{ index: n, id: `c${n}`, function: { name: "look", arguments: "" } }] } }] })}\n\n`,
  anthropic: (n: number) =>
    `event: content_block_start\ndata: ${JSON.stringify({ type: "content_block_start", index: n, content_block: { type: "tool_use", id: `c${n}`, name: "look", input: {} } })}\n\n`,
} as const;

const open: (ChainScene | HostileServer)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function stream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { "content-type": "text/event-stream" });
}

describe.each(["openai-compatible", "anthropic"] as const)("a provider of kind %s", (kind) => {
  /** It is asked first, and fails clearly, within bounded memory; the next model answers. */
  async function expectPassedOn(
    server: HostileServer,
    told: Partial<FailureRecord>,
    more: Partial<EngineRequest> = {},
    mostBytes = MOST_BYTES,
  ): Promise<void> {
    open.push(server);
    const others =
      kind === "anthropic" ? (["openai", "azure-openai"] as const) : (["anthropic", "openai"] as const);
    const scene = await chainScene({ kinds: [kind, ...others], elsewhere: { at: 0, origin: server.origin } });
    open.push(scene);
    const asked = request({ canTakeBack: true, ...more });
    const { result, bytes } = await liveMemoryOf(() => answerOf(scene, asked));
    const { text, summary } = result;
    const failure = failureOf(summary.attempts[0]);
    expect(failure).toMatchObject(told);
    expect(failure?.message.length).toBeLessThanOrEqual(500);
    expect(text).toBe(WHOLE);
    expect(summary).toMatchObject({ ending: { kind: "complete" }, modelUsed: scene.chain[1]?.ref });
    expect(bytes).toBeLessThan(mostBytes);
  }

  it("that sends an event without an end", async () => {
    const server = await hostileServer(async (response) => {
      stream(response).write("data: ");
      await flood(response, "x".repeat(100), MILLION);
    });
    await expectPassedOn(server, {
      kind: "malformed",
      message: expect.stringContaining("16777216 characters"),
    });
  });

  it.each([
    ["read", {}, MOST_BYTES],
    // What waits to be sent on is kept as it came.
    ["relayed in the same wire format", { wire: WIRE[kind] }, 2 * MOST_BYTES],
  ])("that sends a million events without content, which are %s", async (_, more, mostBytes) => {
    const server = await hostileServer(async (response) => {
      stream(response).write(SAYING[kind]("Well. "));
      await flood(response, SAYING[kind]("", { obfuscation: "x".repeat(40) }), MILLION);
      response.end();
    });
    await expectPassedOn(server, { kind: "malformed" }, more, mostBytes);
  });

  it("that sends a million events of text, far beyond the limit that it was given", async () => {
    const server = await hostileServer(async (response) => {
      await flood(stream(response), SAYING[kind]("words "), MILLION);
      response.end();
    });
    await expectPassedOn(server, { kind: "malformed", message: expect.stringContaining("limit") });
  });

  it("that begins a million tool calls", async () => {
    const server = await hostileServer(async (response) => {
      await flood(stream(response), CALLING[kind], MILLION);
      response.end();
    });
    await expectPassedOn(server, { kind: "malformed" });
  });

  it("that sends nothing that is JSON", async () => {
    const server = await hostileServer(async (response) => {
      await flood(stream(response), "data: {not json}\n\n", 100_000);
      response.end();
    });
    await expectPassedOn(server, { kind: "cut" });
  });

  it("that sends bytes which are nothing at all", async () => {
    const noise = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 7919 + (at >> 3)) % 256));
    const server = await hostileServer((response) => void stream(response).end(noise));
    await expectPassedOn(server, { kind: "cut" });
  });

  it("that says why it failed in 100 MB", async () => {
    const server = await hostileServer(async (response) => {
      response.writeHead(402, { "content-type": "application/json" }).write('{"error":{"message":"');
      await flood(response, "No. ".repeat(25), MILLION);
    });
    await expectPassedOn(server, { kind: "quota", status: 402 });
  });

  it("that sends a megabyte of headers", async () => {
    const server = await hostileSocketServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${`x-more: ${"y".repeat(1000)}\r\n`.repeat(1000)}\r\n`);
    });
    await expectPassedOn(server, { kind: "malformed" });
  });

  it("that does not speak HTTP", async () => {
    const server = await hostileSocketServer((socket) => void socket.end("220 mail.example.com ESMTP\r\n"));
    await expectPassedOn(server, { kind: "malformed" });
  });

  it("that redirects to another host, which never sees the key", async () => {
    const thief = await hostileServer((response) => void response.end("{}"));
    open.push(thief);
    const statuses = [301, 302, 303, 307, 308];
    for (const status of statuses) {
      const server = await hostileServer(
        (response) =>
          void response.writeHead(status, { location: `${thief.origin}/v1/chat/completions` }).end(),
      );
      await expectPassedOn(server, {
        kind: "malformed",
        status,
        message: expect.stringContaining(thief.origin),
      });
      expect(server.requests).toHaveLength(1);
    }
    expect(thief.requests).toEqual([]);
  });
});
