import { afterEach, describe, expect, it } from "vitest";
import { ask, CONSUMERS } from "../reported/answers.ts";
import { type CaseWorld, startWorld } from "../reported/world.ts";

const frame = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

/** The events of an answer in each wire format. */
const WIRES = {
  openai: {
    text: (text: string) => frame({ choices: [{ index: 0, delta: { content: text }, finish_reason: null }] }),
    end: `${frame({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}data: [DONE]\n\n`,
  },
  anthropic: {
    text: (text: string) =>
      frame({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
    end:
      frame({
        type: "message_delta",
        delta: { stop_reason: "end_turn" },
        usage: { input_tokens: 1, output_tokens: 2 },
      }) + frame({ type: "message_stop" }),
  },
} as const;

const DAMAGES = [
  ["a line break in its text", (event: string) => event.replace(" ever", "\n\n ever")],
  ["a missing end", (event: string) => `${event.slice(0, -6)}\n\n`],
  ["an unescaped quotation mark", (event: string) => event.replace("ever", 'ev"er')],
  ["no field name", (event: string) => event.slice("data: ".length)],
] as const;

let world: CaseWorld;
afterEach(() => world.close());

const RUNS = CONSUMERS.flatMap(([consumer, transport]) =>
  (["openai", "anthropic"] as const).map((wire) => ({ consumer, transport, wire })),
);

describe.each(RUNS)(
  "a stream of the format $wire for the consumer $consumer",
  ({ consumer, transport, wire }) => {
    const { text, end } = WIRES[wire];

    it.each(DAMAGES)(
      "with an event that has %s is never a complete answer without its text",
      async (_, damage) => {
        world = await startWorld({ transport, wire });
        world.upstream.play({
          headers: { "content-type": "text/event-stream" },
          chunks: [text("Do "), damage(text("not ever ")), text("delete it."), end],
        });
        const { summary, isComplete, text: shown } = await ask(world, consumer, { text: "Delete it?" });
        expect(summary?.attempts[0]).toMatchObject({
          ref: "up/m",
          outcome: { kind: "failed", failure: { kind: "malformed" } },
        });
        // What was streamed to a client cannot be retracted, and the next model does not continue it.
        expect({ shown, isComplete }).toEqual(
          consumer === "stream"
            ? { shown: "Do ", isComplete: false }
            : { shown: expect.stringContaining("Simulated answer"), isComplete: true },
        );
      },
    );
  },
);
