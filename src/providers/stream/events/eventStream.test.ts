import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventStreamParser, type StreamEvent } from "./eventStream.ts";

/** The events of these chunks; undefined if one is too large. */
function eventsOf(chunks: Iterable<Buffer>, maxCharacters?: number): readonly StreamEvent[] | undefined {
  const events: StreamEvent[] = [];
  const handler = {
    onEvent: ({ event, data }: StreamEvent) => events.push({ event, data }),
    onComment: () => undefined,
    onUnknownLine: (line: string) => events.push({ event: "unknown line", data: line }),
  };
  const parser = new EventStreamParser(handler, maxCharacters);
  for (const chunk of chunks) {
    parser.feed(chunk);
    if (parser.isTooLarge) return undefined;
  }
  parser.end();
  return events;
}

const bytes = (text: string): Buffer => Buffer.from(text);

describe("EventStreamParser", () => {
  it("reads the same events whatever the chunk boundaries, also inside a character", () => {
    const datum = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => JSON.stringify(text));
    fc.assert(
      fc.property(
        fc.array(datum, { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 30 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        (data, sizes, newline) => {
          const all = bytes(
            data.map((datum) => `event: x${newline}data: ${datum}${newline}${newline}`).join(""),
          );
          const chunks: Buffer[] = [];
          for (let at = 0, turn = 0; at < all.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            chunks.push(all.subarray(at, at + size));
            at += size;
          }
          expect(eventsOf(chunks)).toEqual(data.map((datum) => ({ event: "x", data: datum })));
        },
      ),
    );
  });

  it("replaces bytes that are not UTF-8 and continues", () => {
    const events = eventsOf([bytes("data: a"), Buffer.from([0xff, 0xc3]), bytes("b\n\ndata: c\n\n")]);
    expect(events?.map(({ data }) => data)).toEqual(["a\uFFFD\uFFFDb", "c"]);
  });

  it("skips comments and reads a last event without its blank line", () => {
    expect(eventsOf([bytes(": OPENROUTER PROCESSING\n\ndata: 1\n\ndata: [DONE]")])).toEqual([
      { data: "1" },
      { data: "[DONE]" },
    ]);
  });

  it("passes on each unknown line, also one that arrives in several chunks", () => {
    const chunks = ['data: 1\n\n{"cho', 'ices": []', "}\nda", "ta: 2\n\n"].map(bytes);
    expect(eventsOf(chunks)?.map(({ data }) => data)).toEqual(["1", '{"choices": []}', "2"]);
  });

  it("stops at an event over the maximum, long before all of it has arrived", () => {
    let given = 0;
    function* endless(): Generator<Buffer> {
      yield bytes("data: ");
      for (; given < 1000; given += 1) yield Buffer.alloc(65_536, "x");
    }
    expect(eventsOf(endless(), 1024 * 1024)).toBeUndefined();
    expect(given).toBeLessThan(25);
  });
});
