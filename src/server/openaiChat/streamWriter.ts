import type { ServerResponse } from "node:http";
import type { AnswerEvent, AnswerSummary } from "../../contract/answer.ts";
import type { ModelRef } from "../../contract/model.ts";
import { errorJson, type WireError } from "../httpError.ts";
import type { AnswerHead } from "./answerHead.ts";
import { RelayedEvents } from "./relayedEvents.ts";
import { NO_FIELDS, type ResponseWriter, wireFinishReason, wireToolCall, wireUsage } from "./wire.ts";

/**
 * How long a client waits without a byte, in milliseconds. Clients and proxies hang up after a minute, some after 30 s.
 */
const KEEP_ALIVE_MS = 10_000;

/** A comment of server-sent events, which clients ignore. */
const KEEP_ALIVE = ": waiting for the model\n\n";

/**
 * Writes an answer as a stream of `chat.completion.chunk`. Relays the first model's own events, with the model's ref in
 * place of its name, and writes everything else as new chunks. While nothing arrives, it writes headers and comments. Another
 * model can still answer then, but an error can only be reported as an event.
 */
export class StreamWriter implements ResponseWriter {
  readonly #response: ServerResponse;
  readonly #signal: AbortSignal;
  readonly #head: AnswerHead;
  readonly #createdSeconds: number;
  readonly #includesUsage: boolean;
  readonly #relayed = new RelayedEvents();
  readonly #keepAlive: ReturnType<typeof setInterval>;
  #toolCalls = 0;
  #fields = NO_FIELDS;
  /** The model that began the answer. */
  #first: ModelRef | undefined;
  #id: string | undefined;
  /** The output of the current network read, which is not written yet. */
  #pending = "";

  /** @param signal aborted when the client disconnects */
  constructor(
    response: ServerResponse,
    head: AnswerHead,
    createdSeconds: number,
    includesUsage: boolean,
    signal: AbortSignal,
  ) {
    this.#response = response;
    this.#signal = signal;
    this.#head = head;
    this.#createdSeconds = createdSeconds;
    this.#includesUsage = includesUsage;
    this.#keepAlive = setInterval(() => this.#writeComment(), KEEP_ALIVE_MS);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#keepAlive);
  }

  push(event: AnswerEvent): void {
    switch (event.type) {
      case "text":
        this.#add(this.#relay(event.raw) ?? this.#chunk({ content: event.text }));
        break;
      case "reasoning":
        this.#add(this.#relay(event.raw) ?? this.#chunk({ reasoning_content: event.text }));
        break;
      case "toolCall":
        this.#add(this.#chunk({ tool_calls: [{ index: this.#toolCalls++, ...wireToolCall(event) }] }));
        break;
      case "wireFields":
        this.#fields = event;
        break;
      // Sent text cannot be retracted, so a streamed answer restarts only before anything was shown.
      case "restarted":
        break;
      case "decided":
      case "attempt":
      case "answeredBy":
      case "failedOver":
      case "resumed":
        this.#head.update(event);
    }
  }

  /** Writes the output of one network read, in one piece. */
  drained(): Promise<void> | undefined {
    const response = this.#response;
    if (this.#pending === "" || response.destroyed) return undefined;
    this.#begin();
    this.#keepAlive.refresh();
    const hasRoom = response.write(this.#pending);
    this.#pending = "";
    return hasRoom ? undefined : drainOrAbort(response, this.#signal);
  }

  end(summary: AnswerSummary): void {
    const { usage } = summary;
    const last = this.#chunk(this.#fields.message, wireFinishReason(summary, this.#toolCalls), this.#fields);
    const usageChunk =
      this.#includesUsage && usage !== undefined
        ? frame({ ...this.#envelope(), choices: [], usage: wireUsage(usage) })
        : "";
    this.#finish(`${last}${usageChunk}data: [DONE]\n\n`);
  }

  fail(error: WireError): boolean {
    if (this.#first === undefined && !this.#response.headersSent) return false;
    this.#finish(`data: ${errorJson(error)}\n\n`);
    return true;
  }

  #finish(last: string): void {
    clearInterval(this.#keepAlive);
    this.#begin();
    this.#response.end(this.#pending + last);
  }

  /** The provider's own event; undefined if it cannot be relayed. */
  #relay(raw: string | undefined): string | undefined {
    const { ref } = this.#head;
    if (raw === undefined || (this.#first !== undefined && this.#first !== ref)) return undefined;
    const relayed = this.#relayed.rewrite(raw, ref);
    if (relayed !== undefined) this.#id ??= this.#relayed.id;
    return relayed;
  }

  #chunk(delta: object, finishReason: string | null = null, { answer, choice } = NO_FIELDS): string {
    const role = this.#first === undefined ? { role: "assistant" } : {};
    const own = { index: 0, delta: { ...role, ...delta }, finish_reason: finishReason };
    const choices = [{ logprobs: null, ...choice, ...own }];
    return frame({ ...answer, ...this.#envelope(), choices });
  }

  #envelope(): object {
    this.#id ??= `chatcmpl-${this.#head.decision.id}`;
    return {
      id: this.#id,
      object: "chat.completion.chunk",
      created: this.#createdSeconds,
      model: this.#head.ref,
    };
  }

  #writeComment(): void {
    if (this.#response.destroyed || this.#response.writableNeedDrain) return;
    this.#begin(this.#head.earlyHeaders());
    this.#response.write(KEEP_ALIVE);
  }

  #begin(headers = this.#head.headers()): void {
    if (this.#response.headersSent) return;
    this.#response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      ...headers,
    });
  }

  #add(text: string): void {
    this.#first ??= this.#head.ref;
    this.#pending += text;
  }
}

function frame(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** Resolves when the client has read the buffered output, or has disconnected. */
function drainOrAbort(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    response.on("drain", done);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
