import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, answerTo, type ScriptedAnswers } from "./answers/answers.ts";
import { type Exchange, type Received, receive } from "./exchange.ts";
import type { Fault } from "./faults.ts";
import { simulatorCard } from "./models.ts";
import {
  type ChatRequest,
  countTokens,
  type EventFormatter,
  type Finish,
  type PromptCache,
  type ReportedUsage,
  type TokenUsage,
} from "./wire/wireFormat.ts";

/** An exchange about a chat completion. */
export type ChatExchange = Exchange & {
  readonly cache: PromptCache;
  readonly scripted: ScriptedAnswers;
  readonly hold: Hold | undefined;
  /** The pace of the answer; 0: no delay. */
  readonly tokensPerSecond: number;
};

/** Streams send no text before they are released: those of a model, or all. */
export type Hold = {
  readonly model: string | undefined;
  readonly released: Promise<void>;
  readonly release: () => void;
};

/** An answer that is to be sent, with its fault. */
type Plan = {
  readonly answer: Answer;
  readonly maxTokens: number;
  readonly inputUsage: TokenUsage;
  readonly fault: Fault | undefined;
  /** Resolves when the text may be sent. */
  readonly released: Promise<void> | undefined;
  readonly tokensPerSecond: number;
};

/** Answers a chat request. @throws AbortError if the client closes the connection */
export async function answerChat(exchange: ChatExchange): Promise<void> {
  const received = await receive(exchange);
  if (received === undefined) return;
  const { request, response, format } = exchange;
  const chat = format.readRequest(received.body, request.headers);
  if ("status" in chat) return received.fail(chat);
  const plan = planOf(chat, received.fault, exchange);
  if (!chat.stream) return sendCompletion(chat, plan, received, exchange);
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    ...received.headers,
  });
  response.flushHeaders();
  const events = format.events(chat, received.number, plan.inputUsage, received.nowMs);
  await new StreamedAnswer(response, events, plan, received.signal).send();
}

function planOf(
  { model, messages, context, maxTokens }: ChatRequest,
  fault: Fault | undefined,
  { cache, scripted, hold, tokensPerSecond }: ChatExchange,
): Plan {
  const modelLimit = simulatorCard(model)?.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const inputTokens = countTokens(context);
  const cachedTokens = Math.min(inputTokens, cache.lookUp(model, context));
  return {
    answer: scripted.take(model) ?? answerTo(messages, model),
    maxTokens: Math.min(maxTokens ?? modelLimit, modelLimit),
    inputUsage: { inputTokens, cachedTokens, outputTokens: 0 },
    fault,
    released: hold?.model === undefined || hold.model === model ? hold?.released : undefined,
    tokensPerSecond,
  };
}

/** Sends an answer that is not streamed. Faults of a stream break or delay the body. */
async function sendCompletion(
  chat: ChatRequest,
  plan: Plan,
  { number, headers, signal }: Received,
  { format, response }: ChatExchange,
): Promise<void> {
  const { fault, answer, maxTokens } = plan;
  if (fault?.kind === "stall") return;
  if (fault?.kind === "slowFirstToken") await sleep(fault.ms, undefined, { signal });
  const isEmpty = hasNoContent(fault);
  const pieces = isEmpty ? [] : [...answer.pieces];
  const sent = pieces.slice(0, maxTokens);
  const toolCall = isEmpty ? undefined : answer.toolCall;
  const completion = {
    text: sent.join(""),
    toolCall,
    finish: finishOf(fault, pieces.length > sent.length, toolCall !== undefined),
    usage: usageOf(plan, sent.length),
  };
  const json = JSON.stringify(format.completion(chat, number, completion, Date.now()));
  response.writeHead(200, { "content-type": "application/json", ...headers });
  if (fault?.kind === "cut") response.write(json.slice(0, json.length / 2), () => response.destroy());
  else response.end(json);
}

const HUGE_EVENT_CHUNK_BYTES = 64 * 1024;

/** Sends an answer as a stream of events, with its fault, on a response whose headers have been sent. */
class StreamedAnswer {
  readonly #response: ServerResponse;
  readonly #events: EventFormatter;
  readonly #plan: Plan;
  readonly #signal: AbortSignal;
  #sent = 0;

  constructor(response: ServerResponse, events: EventFormatter, plan: Plan, signal: AbortSignal) {
    this.#response = response;
    this.#events = events;
    this.#plan = plan;
    this.#signal = signal;
  }

  /** @throws AbortError if the client closes the connection */
  async send(): Promise<void> {
    const { fault, answer, released } = this.#plan;
    await this.#write(this.#events.start());
    if (released !== undefined) await Promise.race([released, this.#untilClosed()]);
    if (fault?.kind === "slowFirstToken") await this.#sleep(fault.ms);
    const ending = await this.#sendText();
    if (ending === "broken") return;
    const toolCall = hasNoContent(fault) ? undefined : answer.toolCall;
    if (toolCall !== undefined) await this.#write(this.#events.toolCall(toolCall));
    if (fault?.kind !== "noFinish") {
      const finish = finishOf(fault, ending === "truncated", toolCall !== undefined);
      await this.#write(this.#events.finish(finish, usageOf(this.#plan, this.#sent)));
      if (fault?.kind === "noDone") return this.#untilClosed();
      await this.#write(this.#events.end());
    }
    this.#response.end();
  }

  /** Sends the text up to the limit, and applies the fault in the middle of it. */
  async #sendText(): Promise<"complete" | "truncated" | "broken"> {
    const { answer, fault, maxTokens, tokensPerSecond } = this.#plan;
    if (hasNoContent(fault)) return "complete";
    const faultAt = fault !== undefined && "afterTokens" in fault ? fault.afterTokens : undefined;
    let isApplied = faultAt === undefined;
    const startedMs = performance.now();
    for (const piece of answer.pieces) {
      if (tokensPerSecond > 0) await this.#untilDue(startedMs + (this.#sent * 1000) / tokensPerSecond);
      if (this.#sent >= maxTokens) return "truncated";
      if (!isApplied && this.#sent === faultAt) {
        isApplied = true;
        if ((await this.#applyFault()) === "broken") return "broken";
      }
      if (fault?.kind === "slowTokens") await this.#sleep(fault.ms);
      await this.#write(this.#events.text(piece));
      this.#sent += 1;
    }
    return isApplied ? "complete" : this.#applyFault();
  }

  /** Applies a fault in the middle of the text. `broken`: nothing more may be sent. */
  async #applyFault(): Promise<"complete" | "broken"> {
    const { fault } = this.#plan;
    switch (fault?.kind) {
      case "stall":
        await this.#untilClosed();
        return "broken";
      case "cut":
        if (fault.how === "clean") this.#response.end();
        // Flushed first, so that the client receives everything before the cut.
        else this.#response.write("", () => this.#response.destroy());
        return "broken";
      case "errorEvent":
        await this.#write(this.#events.error(fault.error));
        this.#response.end();
        return "broken";
      case "malformedEvent":
        await this.#write('data: {"this is": no JSON\n\n');
        return "complete";
      case "badUtf8": {
        const [before = "", after = ""] = this.#events.text("�").split("�");
        await this.#write(
          Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xc3]), Buffer.from(after)]),
        );
        return "complete";
      }
      case "hugeEvent":
        await this.#write('data: {"padding":"');
        for (let left = fault.bytes; left > 0; left -= HUGE_EVENT_CHUNK_BYTES)
          await this.#write("x".repeat(Math.min(left, HUGE_EVENT_CHUNK_BYTES)));
        await this.#write('"}\n\n');
        return "complete";
      default:
        return "complete";
    }
  }

  async #write(data: string | Buffer): Promise<void> {
    this.#signal.throwIfAborted();
    if (!this.#response.write(data)) await once(this.#response, "drain", { signal: this.#signal });
  }

  async #sleep(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#signal });
  }

  /** Waits until a time of `performance.now()`, in steps that keep timers few at high rates. */
  async #untilDue(dueMs: number): Promise<void> {
    while (performance.now() < dueMs) await this.#sleep(10);
  }

  async #untilClosed(): Promise<void> {
    if (!this.#signal.aborted) await once(this.#signal, "abort");
  }
}

function hasNoContent(fault: Fault | undefined): boolean {
  return fault?.kind === "empty" || fault?.kind === "refusal";
}

function finishOf(fault: Fault | undefined, isTruncated: boolean, callsTool: boolean): Finish {
  if (fault?.kind === "refusal")
    return { kind: "refusal", message: fault.message ?? "This request was declined (simulated)." };
  if (callsTool) return { kind: "toolCalls" };
  return { kind: isTruncated ? "length" : "stop" };
}

const WRONG_USAGE = { prompt_tokens: -5, completion_tokens: 1e18, input_tokens: -5, output_tokens: 1e18 };

function usageOf({ inputUsage, fault }: Plan, outputTokens: number): ReportedUsage {
  const override = fault?.kind === "wrongUsage" ? (fault.usage ?? WRONG_USAGE) : undefined;
  return { usage: { ...inputUsage, outputTokens }, override };
}
