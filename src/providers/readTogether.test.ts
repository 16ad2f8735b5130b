import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ASK, hear, textOf } from "../../test/support/collectProviderEvents.ts";
import { createProvider } from "./createProvider.ts";

const frame = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const LAST = `${frame({}, "stop")}data: [DONE]\n\n`;

/** What a provider says that sends these chunks to a client of its own format. */
function heardOf(chunks: readonly string[]) {
  const body = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
        controller.close();
      },
    });
  const config = { id: "p", name: "P", kind: "openai", local: false } as const;
  const provider = createProvider(config, "k", () => async () => new Response(body()));
  return hear(provider, { ...ASK, wire: { format: "openai", body: {} } });
}

/** All that frames of the wire say. */
function wireSays(frames: string): { readonly text: string; readonly reasoning: string } {
  const deltas = frames
    .split("\n\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line.slice("data: ".length)).choices[0].delta);
  return {
    text: deltas.map(({ content = "" }) => content).join(""),
    reasoning: deltas.map(({ reasoning_content = "" }) => reasoning_content).join(""),
  };
}

const said = ({ events }: Awaited<ReturnType<typeof heardOf>>) =>
  events.filter((event) => event.type === "text" || event.type === "reasoning");

describe("events that come in one chunk", () => {
  const [role, a, b] = [frame({ role: "assistant" }), frame({ content: "a" }), frame({ content: "b" })];

  it("are told as one text, with all that the wire sent", async () => {
    expect(said(await heardOf([role + a + b, LAST]))).toEqual([
      { type: "text", text: "ab", raw: role + a + b },
    ]);
    expect(said(await heardOf([role + a, b, LAST]))).toEqual([
      { type: "text", text: "a", raw: role + a },
      { type: "text", text: "b", raw: b },
    ]);
  });

  it("stay apart where one is a thought and the next a text", async () => {
    const thought = frame({ reasoning_content: "hm" });
    expect(said(await heardOf([thought + a + b + LAST]))).toEqual([
      { type: "reasoning", text: "hm", raw: thought },
      { type: "text", text: "ab", raw: a + b },
    ]);
  });

  it("are without the wire's own text where a single one says two things", async () => {
    const both = frame({ reasoning_content: "hm", content: "a" });
    expect(said(await heardOf([both, b, LAST]))).toEqual([
      { type: "reasoning", text: "hm" },
      { type: "text", text: "a" },
      { type: "text", text: "b", raw: b },
    ]);
  });

  it("are each relayed with the wire's text that says just what they say, however they are batched", async () => {
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
        const heard = await heardOf([
          ...deltas.map((batch) => batch.map((each) => frame(each)).join("")),
          LAST,
        ]);
        const sent = deltas.flat().map((each) => frame(each));
        const told = said(heard);
        for (const type of ["text", "reasoning"] as const) {
          expect(told.map((event) => (event.type === type ? event.text : "")).join("")).toBe(
            wireSays(sent.join(""))[type],
          );
        }
        for (const { type, text, raw } of told) {
          if (raw !== undefined) expect(wireSays(raw)).toEqual({ text: "", reasoning: "", [type]: text });
        }
      }),
    );
  });

  it("are told before the error that follows them", async () => {
    const error = `data: ${JSON.stringify({ error: { message: "overloaded" } })}\n\n`;
    const heard = await heardOf([a + b + error]);
    expect(textOf(heard)).toBe("ab");
    expect(heard.failure?.kind).toBe("cut");
  });
});
