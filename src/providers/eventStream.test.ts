import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventTooLargeError, readEvents, type StreamEvent } from "./eventStream.ts";

function streamOf(chunks: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const next = iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
  });
}

async function eventsOf(chunks: Iterable<Uint8Array>, maxChars?: number): Promise<readonly StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const batch of readEvents(streamOf(chunks), maxChars)) events.push(...batch);
  return events;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the reader of event streams", () => {
  it("gives the same events whatever the chunk boundaries, in the middle of a character too", async () => {
    const datum = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => JSON.stringify(text));
    await fc.assert(
      fc.asyncProperty(
        fc.array(datum, { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 30 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        async (data, sizes, newline) => {
          const all = bytes(
            data.map((datum) => `event: x${newline}data: ${datum}${newline}${newline}`).join(""),
          );
          const chunks: Uint8Array[] = [];
          for (let at = 0, turn = 0; at < all.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            chunks.push(all.slice(at, at + size));
            at += size;
          }
          expect(await eventsOf(chunks)).toEqual(data.map((datum) => ({ event: "x", data: datum })));
        },
      ),
    );
  });

  it("reads on behind bytes that are no UTF-8", async () => {
    const events = await eventsOf([
      bytes("data: a"),
      new Uint8Array([0xff, 0xc3]),
      bytes("b\n\ndata: c\n\n"),
    ]);
    expect(events.map(({ data }) => data)).toEqual(["a\uFFFD\uFFFDb", "c"]);
  });

  it("skips comments, and takes a last event without its blank line", async () => {
    expect(await eventsOf([bytes(": OPENROUTER PROCESSING\n\ndata: 1\n\ndata: [DONE]")])).toEqual([
      { data: "1" },
      { data: "[DONE]" },
    ]);
  });

  it("stops at an event over the bound, long before it has all of it", async () => {
    let given = 0;
    function* endless(): Generator<Uint8Array> {
      yield bytes("data: ");
      for (; given < 1000; given += 1) yield new Uint8Array(65_536).fill(120);
    }
    await expect(eventsOf(endless(), 1024 * 1024)).rejects.toBeInstanceOf(EventTooLargeError);
    expect(given).toBeLessThan(25);
  });
});
