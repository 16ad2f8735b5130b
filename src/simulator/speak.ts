import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "./answers.ts";
import type { Fault } from "./faults.ts";
import { paced } from "./pace.ts";
import type { SimulatedUsage } from "./usage.ts";
import type { Finish, ToldUsage, Voice } from "./wire.ts";

const WRONG_USAGE = { prompt_tokens: -5, completion_tokens: 1e18, input_tokens: -5, output_tokens: 1e18 };
const HUGE_CHUNK_BYTES = 64 * 1024;

/** What is said, and how. */
export type Speech = {
  readonly answer: Answer;
  readonly maxTokens: number;
  readonly input: SimulatedUsage;
  readonly fault: Fault | undefined;
  readonly tokensPerSecond: number;
};

/** How a speech ended: `gone` where nothing more may be sent. */
type Ended =
  | { readonly kind: "said"; readonly pieces: number; readonly more: boolean }
  | { readonly kind: "gone" };

/**
 * Streams an answer, with its fault, over a response whose headers are sent.
 * @throws AbortError once the client has gone
 */
export async function speak(
  out: ServerResponse,
  voice: Voice,
  speech: Speech,
  signal: AbortSignal,
): Promise<void> {
  const { fault, answer } = speech;
  await send(out, voice.opening(), signal);
  if (fault?.kind === "slowFirstToken") await sleep(fault.ms, undefined, { signal });
  const ended = await sayPieces(out, voice, speech, signal);
  if (ended.kind === "gone") return;
  const toolCall = fault?.kind === "empty" || fault?.kind === "refusal" ? undefined : answer.toolCall;
  if (toolCall !== undefined) {
    await send(out, voice.toolCall(toolCall.name, toolCall.argumentsJson), signal);
  }
  if (fault?.kind !== "noFinish") {
    const finish = finishOf(fault, ended.more, toolCall !== undefined);
    await send(out, voice.closing(finish, toldUsage(speech, ended.pieces)), signal);
    if (fault?.kind === "noDone") {
      await untilClosed(signal);
      return;
    }
    await send(out, voice.ending(), signal);
  }
  out.end();
}

/** The finish reason of an answer with this fault. */
export function finishOf(fault: Fault | undefined, isCutShort: boolean, callsTool: boolean): Finish {
  if (fault?.kind === "refusal") {
    return { kind: "refusal", words: fault.message ?? "This request was declined (simulated)." };
  }
  if (callsTool) return { kind: "toolCalls" };
  return { kind: isCutShort ? "length" : "stop" };
}

/** The usage of an answer of so many pieces, or what a fault makes of it. */
export function toldUsage({ input, fault }: Speech, pieces: number): ToldUsage {
  const usage = { ...input, outputTokens: pieces };
  return fault?.kind === "wrongUsage" ? { usage, override: fault.usage ?? WRONG_USAGE } : { usage };
}

async function sayPieces(
  out: ServerResponse,
  voice: Voice,
  { answer, fault, maxTokens, tokensPerSecond }: Speech,
  signal: AbortSignal,
): Promise<Ended> {
  if (fault?.kind === "empty" || fault?.kind === "refusal") return { kind: "said", pieces: 0, more: false };
  const strikeAt = fault !== undefined && "afterTokens" in fault ? fault.afterTokens : undefined;
  let said = 0;
  let struck = strikeAt === undefined;
  for await (const piece of paced(answer.pieces, tokensPerSecond, signal)) {
    if (said >= maxTokens) return { kind: "said", pieces: said, more: true };
    if (!struck && said === strikeAt) {
      struck = true;
      if (await strike(out, voice, fault, signal)) return { kind: "gone" };
    }
    if (fault?.kind === "slowTokens") await sleep(fault.ms, undefined, { signal });
    await send(out, voice.text(piece), signal);
    said += 1;
  }
  if (!struck && (await strike(out, voice, fault, signal))) return { kind: "gone" };
  return { kind: "said", pieces: said, more: false };
}

/** Does the damage; true where the answer ends by it. */
async function strike(
  out: ServerResponse,
  voice: Voice,
  fault: Fault | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  switch (fault?.kind) {
    case "stall":
      await untilClosed(signal);
      return true;
    case "cut":
      if (fault.how === "clean") out.end();
      // Flushed first: what was said before the cut arrives, and only the end is missing.
      else out.write("", () => out.destroy());
      return true;
    case "errorEvent":
      await send(out, voice.error(fault.error), signal);
      out.end();
      return true;
    case "malformedEvent":
      await send(out, 'data: {"this is": no JSON\n\n', signal);
      return false;
    case "badUtf8": {
      const [before = "", after = ""] = voice.text("�").split("�");
      await send(
        out,
        Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xc3]), Buffer.from(after)]),
        signal,
      );
      return false;
    }
    case "hugeEvent":
      await send(out, 'data: {"padding":"', signal);
      for (let left = fault.bytes; left > 0; left -= HUGE_CHUNK_BYTES) {
        await send(out, "x".repeat(Math.min(left, HUGE_CHUNK_BYTES)), signal);
      }
      await send(out, '"}\n\n', signal);
      return false;
    default:
      return false;
  }
}

async function send(out: ServerResponse, data: string | Buffer, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!out.write(data)) await once(out, "drain", { signal });
}

async function untilClosed(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
