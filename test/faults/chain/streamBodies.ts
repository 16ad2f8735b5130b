import type { Fault } from "../../../src/simulator/faults.ts";
import type { Kind } from "./testChain.ts";

/** The events of an answer in the format of one kind of provider. */
export type StreamEvents = {
  text(text: string, finish?: boolean): string;
  readonly finish: string;
  readonly usage: string;
  /** Announces the end of the stream. */
  readonly done: string;
  /** A complete answer as one object. */
  whole(text: string): string;
};

const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
const choice = (delta: unknown, finish: string | null): unknown => ({
  id: "c",
  choices: [{ index: 0, delta, finish_reason: finish }],
});

const OPENAI: StreamEvents = {
  text: (content, finish = false) => event(choice({ content }, finish ? "stop" : null)),
  finish: event(choice({}, "stop")),
  usage: event({ choices: [], usage: { prompt_tokens: 12, completion_tokens: 6 } }),
  done: "data: [DONE]\n\n",
  whole: (content) =>
    JSON.stringify({
      choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
      usage: { prompt_tokens: 12, completion_tokens: 6 },
    }),
};

const stopReason = event({ type: "message_delta", delta: { stop_reason: "end_turn" } });
const ANTHROPIC: StreamEvents = {
  text: (text, finish = false) =>
    event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }) +
    (finish ? stopReason : ""),
  finish: stopReason,
  usage: event({ type: "message_delta", delta: {}, usage: { input_tokens: 12, output_tokens: 6 } }),
  done: event({ type: "message_stop" }),
  whole: (text) =>
    JSON.stringify({
      type: "message",
      content: [{ type: "text", text }],
      stop_reason: "end_turn",
      usage: { input_tokens: 12, output_tokens: 6 },
    }),
};

export function eventsOf(kind: Kind): StreamEvents {
  return kind === "anthropic" ? ANTHROPIC : OPENAI;
}

/** A response with exactly this body. */
export function body(text: string, type = "text/event-stream"): Fault {
  return { kind: "status", status: 200, body: text, headers: { "content-type": type } };
}
