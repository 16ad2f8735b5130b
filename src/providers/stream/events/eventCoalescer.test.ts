import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ASK,
  type CollectedEvents,
  collectEvents,
  replayTransport,
  textOf,
} from "../../../../test/support/providers/collectProviderEvents.ts";
import { createProvider } from "../../registry/createProvider.ts";

const frame = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const LAST = `${frame({}, "stop")}data: [DONE]\n\n`;

/** What a provider pushes that receives these network reads for a client of its own format. */
function eventsOf(
  reads: readonly string[],
  wire: { readonly inOnePiece?: boolean } = {},
  key = "k",
): Promise<CollectedEvents> {
  const config = { id: "p", name: "P", kind: "openai", local: false } as const;
  const provider = createProvider(config, key, replayTransport(reads));
  return collectEvents(provider, { ask: { ...ASK, wire: { format: "openai", body: {}, ...wire } } });
}

/** The content of wire events. */
function contentOf(frames: string): { readonly text: string; readonly reasoning: string } {
  const deltas = frames
    .split("\n\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line.slice("data: ".length)).choices[0].delta);
  return {
    text: deltas.map(({ content = "" }) => content).join(""),
    reasoning: deltas.map(({ reasoning_content = "" }) => reasoning_content).join(""),
  };
}

const pushed = ({ events }: CollectedEvents) =>
  events.filter((event) => event.type === "text" || event.type === "reasoning");

describe("coalescing the events of one network read", () => {
  const [role, a, b] = [frame({ role: "assistant" }), frame({ content: "a" }), frame({ content: "b" })];

  it("pushes one text with all of their wire text", async () => {
    expect(pushed(await eventsOf([role + a + b, LAST]))).toEqual([
      { type: "text", text: "ab", raw: role + a + b },
    ]);
    expect(pushed(await eventsOf([role + a, b, LAST]))).toEqual([
      { type: "text", text: "a", raw: role + a },
      { type: "text", text: "b", raw: b },
    ]);
  });

  it("pushes no wire text for a client that wants the answer in one piece", async () => {
    expect(pushed(await eventsOf([role + a + b, LAST], { inOnePiece: true }))).toEqual([
      { type: "text", text: "ab" },
    ]);
  });

  it("keeps reasoning and text separate", async () => {
    const thought = frame({ reasoning_content: "hm" });
    expect(pushed(await eventsOf([thought + a + b + LAST]))).toEqual([
      { type: "reasoning", text: "hm", raw: thought },
      { type: "text", text: "ab", raw: a + b },
    ]);
  });

  it("pushes no wire text of an event with two pieces", async () => {
    const both = frame({ reasoning_content: "hm", content: "a" });
    expect(pushed(await eventsOf([both, b, LAST]))).toEqual([
      { type: "reasoning", text: "hm" },
      { type: "text", text: "a" },
      { type: "text", text: "b", raw: b },
    ]);
  });

  it("pushes no wire text that contains the end of the answer or a tool call", async () => {
    const call = frame({ tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: "{}" } }] });
    const last = frame({ content: "b" }, "stop");
    expect(pushed(await eventsOf([role + a + call + last, "data: [DONE]\n\n"]))).toEqual([
      { type: "text", text: "a", raw: role + a },
      { type: "text", text: "b" },
    ]);
  });

  it("pushes no wire text with the key in it, unless the answer itself contains it", async () => {
    const key = "sk-0123456789abcdef";
    const tagged = (id: string, content: string) =>
      `data: ${JSON.stringify({ id, choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;
    const clean = [tagged("chat-1", "a"), tagged("chat-1", key)];
    const named = `event: ${key}\n${tagged("chat-1", "c")}`;
    const padded = tagged("chat-1", "c").replace("]}", `],"padding":"${key}"}`);
    const leaking = [
      named,
      padded,
      tagged(key, "c"),
      tagged(`x ${key.toUpperCase()}`, "d"),
      tagged("chat-1", "e"),
    ];
    const events = pushed(await eventsOf([...clean, ...leaking, LAST], {}, key));
    expect(events.map(({ text }) => text)).toEqual(["a", key, "c", "c", "c", "d", "e"]);
    expect(events.map(({ raw }) => raw)).toEqual([
      ...clean,
      ...Array.from({ length: 4 }, () => undefined),
      leaking.at(-1),
    ]);
  });

  it("pushes wire text that contains exactly the content, however the events are batched", async () => {
    const piece = fc.constantFrom("a", "b ", "c");
    const delta = fc.oneof(
      fc.record({ content: piece }),
      fc.record({ reasoning_content: piece }),
      fc.record({ reasoning_content: piece, content: piece }),
      fc.constant({ role: "assistant" }),
    );
    const batches = fc.array(fc.array(delta, { minLength: 1, maxLength: 5 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(batches, async (deltas) => {
        const collected = await eventsOf([
          ...deltas.map((batch) => batch.map((each) => frame(each)).join("")),
          LAST,
        ]);
        const sent = deltas.flat().map((each) => frame(each));
        const events = pushed(collected);
        for (const type of ["text", "reasoning"] as const) {
          expect(events.map((event) => (event.type === type ? event.text : "")).join("")).toBe(
            contentOf(sent.join(""))[type],
          );
        }
        for (const { type, text, raw } of events) {
          if (raw !== undefined) expect(contentOf(raw)).toEqual({ text: "", reasoning: "", [type]: text });
        }
      }),
    );
  });

  it("pushes the events before the error that follows them", async () => {
    const error = `data: ${JSON.stringify({ error: { message: "overloaded" } })}\n\n`;
    const collected = await eventsOf([a + b + error]);
    expect(textOf(collected)).toBe("ab");
    expect(collected.failure?.kind).toBe("cut");
  });
});
