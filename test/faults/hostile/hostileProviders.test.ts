import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { FailureRecord } from "../../../src/contract/failure.ts";
import type { EngineRequest } from "../../../src/engine/request.ts";
import { failureOf } from "../chain/expectations.ts";
import {
  answerOf,
  COMPLETE_TEXT,
  PROMPT,
  request,
  startTestChain,
  type TestChain,
} from "../chain/testChain.ts";
import { flood, type HostileServer, hostileServer, hostileSocketServer } from "./hostileServer.ts";
import { peakMemoryOf } from "./peakMemory.ts";

const MILLION = 1_000_000;
/** About half of the size of these streams, and a small part of what they would occupy in memory. */
const MAX_BYTES = 64 * 1024 * 1024;

/** A text event in each wire format. */
const TEXT_EVENT = {
  "openai-compatible": (text: string, more = {}) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text } }], ...more })}\n\n`,
  anthropic: (text: string, more = {}) =>
    `event: content_block_delta\ndata: ${JSON.stringify({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text }, ...more })}\n\n`,
} as const;

/** A client's request in each wire format, which is relayed unchanged. */
const WIRE = {
  "openai-compatible": { format: "openai", body: { messages: [{ role: "user", content: PROMPT }] } },
  anthropic: { format: "anthropic", body: { messages: [{ role: "user", content: PROMPT }] } },
} as const;

/** An event in each wire format that begins tool call number `n`. */
const TOOL_CALL_EVENT = {
  "openai-compatible": (n: number) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [{ index: n, id: `c${n}`, function: { name: "look", arguments: "" } }] } }] })}\n\n`,
  anthropic: (n: number) =>
    `event: content_block_start\ndata: ${JSON.stringify({ type: "content_block_start", index: n, content_block: { type: "tool_use", id: `c${n}`, name: "look", input: {} } })}\n\n`,
} as const;

const open: (TestChain | HostileServer)[] = [];
afterEach(async () => {
  for (const resource of open.splice(0)) await resource.close();
});

function stream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { "content-type": "text/event-stream" });
}

describe.each(["openai-compatible", "anthropic"] as const)(
  "a chain with a hostile provider of kind %s",
  (kind) => {
    /** Expects this server, asked first, to fail clearly and within bounded memory, and the next model to answer. */
    async function expectFailover(
      server: HostileServer,
      expected: Partial<FailureRecord>,
      more: Partial<EngineRequest> = {},
      maxBytes = MAX_BYTES,
    ): Promise<void> {
      open.push(server);
      const others =
        kind === "anthropic" ? (["openai", "azure-openai"] as const) : (["anthropic", "openai"] as const);
      const scene = await startTestChain({
        kinds: [kind, ...others],
        elsewhere: { at: 0, origin: server.origin },
      });
      open.push(scene);
      const asked = request({ canRetract: true, ...more });
      const { result, bytes } = await peakMemoryOf(() => answerOf(scene, asked));
      const { text, summary } = result;
      const failure = failureOf(summary.attempts[0]);
      expect(failure).toMatchObject(expected);
      expect(failure?.message.length).toBeLessThanOrEqual(500);
      expect(text).toBe(COMPLETE_TEXT);
      expect(summary).toMatchObject({ ending: { kind: "complete" }, modelUsed: scene.chain[1]?.ref });
      expect(bytes).toBeLessThan(maxBytes);
    }

    it("fails over from an event without an end", async () => {
      const server = await hostileServer(async (response) => {
        stream(response).write("data: ");
        await flood(response, "x".repeat(100), MILLION);
      });
      await expectFailover(server, {
        kind: "malformed",
        message: expect.stringContaining("16777216 characters"),
      });
    });

    it.each([
      ["read", {}, MAX_BYTES],
      // Relayed events are kept unparsed until the consumer takes them.
      ["relayed in the same wire format", { wire: WIRE[kind] }, 2 * MAX_BYTES],
    ])("fails over from a million events without content, which are %s", async (_, more, maxBytes) => {
      const server = await hostileServer(async (response) => {
        stream(response).write(TEXT_EVENT[kind]("Well. "));
        await flood(response, TEXT_EVENT[kind]("", { obfuscation: "x".repeat(40) }), MILLION);
        response.end();
      });
      await expectFailover(server, { kind: "malformed" }, more, maxBytes);
    });

    it("fails over from a million text events, far beyond the output limit", async () => {
      const server = await hostileServer(async (response) => {
        await flood(stream(response), TEXT_EVENT[kind]("words "), MILLION);
        response.end();
      });
      await expectFailover(server, { kind: "malformed", message: expect.stringContaining("limit") });
    });

    it("fails over from a million tool calls", async () => {
      const server = await hostileServer(async (response) => {
        await flood(stream(response), TOOL_CALL_EVENT[kind], MILLION);
        response.end();
      });
      await expectFailover(server, { kind: "malformed" });
    });

    it("fails over from events that are not JSON", async () => {
      const server = await hostileServer(async (response) => {
        await flood(stream(response), "data: {not json}\n\n", 100_000);
        response.end();
      });
      await expectFailover(server, { kind: "cut" });
    });

    it("fails over from random bytes", async () => {
      const noise = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 7919 + (at >> 3)) % 256));
      const server = await hostileServer((response) => void stream(response).end(noise));
      await expectFailover(server, { kind: "cut" });
    });

    it("fails over from an error message of 100 MB", async () => {
      const server = await hostileServer(async (response) => {
        response.writeHead(402, { "content-type": "application/json" }).write('{"error":{"message":"');
        await flood(response, "No. ".repeat(25), MILLION);
      });
      await expectFailover(server, { kind: "quota", status: 402 });
    });

    it("fails over from a megabyte of headers", async () => {
      const server = await hostileSocketServer((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\n${`x-more: ${"y".repeat(1000)}\r\n`.repeat(1000)}\r\n`);
      });
      await expectFailover(server, { kind: "malformed" });
    });

    it("fails over from a protocol that is not HTTP", async () => {
      const server = await hostileSocketServer((socket) => void socket.end("220 mail.example.com ESMTP\r\n"));
      await expectFailover(server, { kind: "malformed" });
    });

    it("fails over from a redirect to another host, which never receives the key", async () => {
      const otherHost = await hostileServer((response) => void response.end("{}"));
      open.push(otherHost);
      const statuses = [301, 302, 303, 307, 308];
      for (const status of statuses) {
        const server = await hostileServer(
          (response) =>
            void response.writeHead(status, { location: `${otherHost.origin}/v1/chat/completions` }).end(),
        );
        await expectFailover(server, {
          kind: "malformed",
          status,
          message: expect.stringContaining(otherHost.origin),
        });
        expect(server.requests).toHaveLength(1);
      }
      expect(otherHost.requests).toEqual([]);
    });
  },
);
