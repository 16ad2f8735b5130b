import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ASK,
  FOREVER,
  type Heard,
  hear,
  SPEAKERS,
  textOf,
} from "../../test/support/collectProviderEvents.ts";
import { textMessage } from "../contract/message.ts";
import { simulatorProviders } from "../simulator/models.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { createProvider } from "./createProvider.ts";
import { createTransport, type Transport } from "./transport.ts";

const PROMPTS = ["Grüße 🌍: 為什麼天空是藍色的?", '[call: look {"at": "🌊 it", "deep": [1, 2]}]'];

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
});
afterAll(() => simulator.stop());

describe.each(SPEAKERS)("the bytes of an answer that speaks $wire, of kind $kind", ({ wire, kind }) => {
  const config = () => simulatorProviders(simulator.url)[kind];
  const ask = (prompt: string) => ({
    ...ASK,
    messages: [textMessage("user", prompt)],
    wire: { format: wire, body: { messages: [{ role: "user", content: prompt }] } },
  });

  /** What came over the wire, as it came. */
  async function bytesOf(prompt: string): Promise<Uint8Array> {
    let bytes: Uint8Array | undefined;
    const listening: Transport = async (...request) => {
      const response = await createTransport({ connectMs: 2000 })(...request);
      bytes = new Uint8Array(await response.arrayBuffer());
      return new Response(bytes.slice(), { status: response.status, headers: response.headers });
    };
    await hear(
      createProvider(config(), simulator.key, () => listening),
      ask(prompt),
    );
    if (bytes === undefined) throw new Error("Nothing came.");
    return bytes;
  }

  /** What is heard of bytes that come in these pieces. */
  function heardOf(pieces: readonly Uint8Array[]): Promise<Heard> {
    const body = () =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (const piece of pieces) controller.enqueue(piece);
          controller.close();
        },
      });
    const headers = { "content-type": "text/event-stream" };
    const replaying: Transport = async () => new Response(body(), { headers });
    return hear(
      createProvider(config(), "k-unused", () => replaying),
      ask("Hi"),
      FOREVER,
    );
  }

  const bytes = new Map<string, Uint8Array>();
  beforeAll(async () => {
    for (const prompt of PROMPTS) bytes.set(prompt, await bytesOf(prompt));
  });
  const recorded = (prompt: string): Uint8Array => bytes.get(prompt) ?? new Uint8Array();
  const prompts = fc.constantFrom(...PROMPTS);
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 });

  it("say the same wherever they are cut, inside a character and between \\r and \\n too", async () => {
    const newline = fc.constantFrom("\n", "\r\n", "\r");
    await fc.assert(
      fc.asyncProperty(prompts, newline, cuts, async (prompt, newline, cuts) => {
        const all = recorded(prompt);
        const written = new TextEncoder().encode(new TextDecoder().decode(all).replaceAll("\n", newline));
        expect(saidBy(await heardOf(cutAt(written, cuts)))).toEqual(saidBy(await heardOf([all])));
      }),
      { numRuns: 60 },
    );
  });

  it("are a whole answer only where they are whole; before that they say a beginning of it, and fail", async () => {
    await fc.assert(
      fc.asyncProperty(prompts, fc.double({ min: 0, max: 1, noNaN: true }), async (prompt, share) => {
        const all = recorded(prompt);
        const whole = saidBy(await heardOf([all]));
        const heard = await heardOf([all.slice(0, Math.floor(all.length * share))]);
        const said = saidBy(heard);
        if (heard.failure === undefined) expect(said).toMatchObject({ text: whole.text, calls: whole.calls });
        else {
          expect(heard.failure.kind).toBe("cut");
          expect(said.calls).toEqual([]);
          // Half a character at the end is told as one that cannot be read.
          expect(whole.text.startsWith(said.text.replace(/\uFFFD$/, ""))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("end, in an answer or a failure, whatever becomes of them on their way", async () => {
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
          const { events, failure } = await heardOf(cutAt(damaged, cuts));
          expect((events.at(-1)?.type === "end") === (failure === undefined)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("may be anything at all", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), async (pieces) => {
        expect((await heardOf(pieces)).failure?.kind).toBe("cut");
      }),
      { numRuns: 60 },
    );
  });
});

/** All that was said, and what of it is relayed, however it was cut into events. */
function saidBy(heard: Heard) {
  const { events, failure } = heard;
  const calls = events.flatMap((event) =>
    event.type === "toolCall" ? [{ name: event.name, argumentsJson: event.argumentsJson }] : [],
  );
  const usage = events.find(({ type }) => type === "usage");
  return {
    text: textOf(heard),
    calls,
    usage: usage?.type === "usage" ? usage.usage : undefined,
    last: events.at(-1)?.type,
    // What tells of the end is not sent on as it came.
    raw: events.map(({ type, raw = "" }) => (type === "text" ? raw : "")).join(""),
    failure: failure?.kind,
  };
}

/** Pieces of a whole, cut at these shares of it. */
function cutAt(all: Uint8Array, shares: readonly number[]): readonly Uint8Array[] {
  const at = shares.map((share) => Math.floor(share * all.length)).toSorted((a, b) => a - b);
  return [0, ...at].map((from, index) => all.slice(from, at[index] ?? all.length));
}
