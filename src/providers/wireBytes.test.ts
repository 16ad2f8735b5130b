import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ASK,
  type CollectedEvents,
  collectEvents,
  PROVIDER_KINDS,
  replayTransport,
  textOf,
} from "../../test/support/providers/collectProviderEvents.ts";
import { textMessage } from "../contract/message.ts";
import { simulatorProviders } from "../simulator/models.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { nodeTransport } from "./http/transport/nodeTransport.ts";
import type { HttpTransport } from "./http/transport/transport.ts";
import { createProvider } from "./registry/createProvider.ts";

const PROMPTS = ["Grüße 🌍: 為什麼天空是藍色的?", '[call: look {"at": "🌊 it", "deep": [1, 2]}]'];

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
});
afterAll(() => simulator.stop());

describe.each(PROVIDER_KINDS)("reading the bytes of an answer of kind $kind over $wire", ({ wire, kind }) => {
  const config = () => simulatorProviders(simulator.url)[kind];
  const ask = (prompt: string) => ({
    ...ASK,
    messages: [textMessage("user", prompt)],
    wire: { format: wire, body: { messages: [{ role: "user", content: prompt }] } },
  });

  /** The bytes of the simulator's answer. */
  async function recordAnswer(prompt: string): Promise<Uint8Array> {
    const chunks: Buffer[] = [];
    const recording: HttpTransport = {
      send: (request, handler) =>
        nodeTransport.send(request, {
          onHeaders: (status, headers) => handler.onHeaders(status, headers),
          onData(chunk) {
            chunks.push(chunk);
            handler.onData(chunk);
          },
          onEnd: () => handler.onEnd(),
          onError: (error) => handler.onError(error),
        }),
    };
    await collectEvents(createProvider(config(), simulator.key, recording), { ask: ask(prompt) });
    // A buffer's own `slice` makes no copy.
    return new Uint8Array(Buffer.concat(chunks));
  }

  function eventsOf(pieces: readonly Uint8Array[]): Promise<CollectedEvents> {
    return collectEvents(createProvider(config(), "k-unused", replayTransport(pieces)), { ask: ask("Hi") });
  }

  const bytes = new Map<string, Uint8Array>();
  beforeAll(async () => {
    for (const prompt of PROMPTS) bytes.set(prompt, await recordAnswer(prompt));
  });
  const recorded = (prompt: string): Uint8Array => bytes.get(prompt) ?? new Uint8Array();
  const prompts = fc.constantFrom(...PROMPTS);
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 });

  it("gives the same answer wherever they are split, also inside a character and between \\r and \\n", async () => {
    const newline = fc.constantFrom("\n", "\r\n", "\r");
    await fc.assert(
      fc.asyncProperty(prompts, newline, cuts, async (prompt, newline, cuts) => {
        const all = recorded(prompt);
        const written = new TextEncoder().encode(new TextDecoder().decode(all).replaceAll("\n", newline));
        expect(contentOf(await eventsOf(cutAt(written, cuts)))).toEqual(contentOf(await eventsOf([all])));
      }),
      { numRuns: 60 },
    );
  });

  it("gives the beginning of the answer and a failure if the bytes are incomplete", async () => {
    await fc.assert(
      fc.asyncProperty(prompts, fc.double({ min: 0, max: 1, noNaN: true }), async (prompt, share) => {
        const all = recorded(prompt);
        const whole = contentOf(await eventsOf([all]));
        const collected = await eventsOf([all.slice(0, Math.floor(all.length * share))]);
        const content = contentOf(collected);
        if (collected.failure === undefined)
          expect(content).toMatchObject({ text: whole.text, calls: whole.calls });
        else {
          expect(collected.failure.kind).toBe("cut");
          expect(content.calls).toEqual([]);
          // Half a character at the end is read as U+FFFD.
          expect(whole.text.startsWith(content.text.replace(/\uFFFD$/, ""))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("gives an answer or a failure, however they are damaged", async () => {
    const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(
        prompts,
        fc.array(change, { minLength: 1, maxLength: 40 }),
        cuts,
        async (prompt, changes, cuts) => {
          const all = recorded(prompt);
          const damaged = all.slice();
          for (const [share, value] of changes) damaged[Math.floor(share * (all.length - 1))] = value;
          const { events, failure } = await eventsOf(cutAt(damaged, cuts));
          expect((events.at(-1)?.type === "end") === (failure === undefined)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("gives an answer or a failure if they are random", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), async (pieces) => {
        // Bytes that begin with a brace are read as JSON.
        expect((await eventsOf(pieces)).failure?.kind).toMatch(/^(cut|malformed)$/);
      }),
      { numRuns: 60 },
    );
  });
});

/** The content of an answer and its wire text, however it was split into events. */
function contentOf(collected: CollectedEvents) {
  const { events, failure } = collected;
  const calls = events.flatMap((event) =>
    event.type === "toolCall" ? [{ name: event.name, argumentsJson: event.argumentsJson }] : [],
  );
  const usage = events.find(({ type }) => type === "usage");
  return {
    text: textOf(collected),
    calls,
    usage: usage?.type === "usage" ? usage.usage : undefined,
    last: events.at(-1)?.type,
    raw: events.map((event) => ("raw" in event ? event.raw : "")).join(""),
    failure: failure?.kind,
  };
}

/** Pieces of a buffer, split at these shares of it. */
function cutAt(all: Uint8Array, shares: readonly number[]): readonly Uint8Array[] {
  const at = shares.map((share) => Math.floor(share * all.length)).toSorted((a, b) => a - b);
  return [0, ...at].map((from, index) => all.slice(from, at[index] ?? all.length));
}
