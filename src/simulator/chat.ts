import { setTimeout as sleep } from "node:timers/promises";
import { answerTo } from "./continuing.ts";
import { begin, type Exchange } from "./exchange.ts";
import type { Fault } from "./faults.ts";
import { simulatorCard } from "./models.ts";
import { finishOf, type Speech, speak, toldUsage } from "./speak.ts";
import { countTokens, type PromptCache } from "./usage.ts";
import { isWireError, type SimulatedAsk } from "./wire.ts";

export type ChatExchange = Exchange & {
  readonly cache: PromptCache;
  readonly tokensPerSecond: number;
};

/** Answers one chat request, with the fault whose turn it is. @throws AbortError once the client has gone */
export async function answerChat(exchange: ChatExchange): Promise<void> {
  const begun = await begin(exchange);
  if (begun === undefined) return;
  const { request, response, wire } = exchange;
  const { number, nowMs, body, fault, headers, signal } = begun;
  const ask = wire.read(body, request.headers);
  if (isWireError(ask)) return begun.fail(ask);

  const speech = speechOf(ask, fault, exchange);
  if (!ask.stream) {
    await answerWhole(ask, number, speech, headers, exchange, signal);
    return;
  }
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    ...headers,
  });
  response.flushHeaders();
  await speak(response, wire.voice(ask, number, speech.input, nowMs), speech, signal);
}

function speechOf(
  ask: SimulatedAsk,
  fault: Fault | undefined,
  { cache, tokensPerSecond }: ChatExchange,
): Speech {
  const modelLimit = simulatorCard(ask.model)?.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const inputTokens = countTokens(ask.context);
  return {
    answer: answerTo(ask.messages),
    maxTokens: Math.min(ask.maxTokens ?? modelLimit, modelLimit),
    input: {
      inputTokens,
      cachedTokens: Math.min(inputTokens, cache.read(ask.model, ask.context)),
      outputTokens: 0,
    },
    fault,
    tokensPerSecond,
  };
}

/** In one piece, all at once: a fault that needs a stream shows as an answer that breaks or never comes. */
async function answerWhole(
  ask: SimulatedAsk,
  number: number,
  speech: Speech,
  headers: Readonly<Record<string, string>>,
  { wire, response }: ChatExchange,
  signal: AbortSignal,
): Promise<void> {
  const { fault, answer, maxTokens } = speech;
  if (fault?.kind === "stall") return;
  if (fault?.kind === "slowFirstToken") await sleep(fault.ms, undefined, { signal });
  const isSilent = fault?.kind === "empty" || fault?.kind === "refusal";
  const pieces = isSilent ? [] : [...answer.pieces];
  const said = pieces.slice(0, maxTokens);
  const toolCall = isSilent ? undefined : answer.toolCall;
  const finish = finishOf(fault, pieces.length > said.length, toolCall !== undefined);
  const whole = wire.whole(
    ask,
    number,
    {
      text: said.join(""),
      finish,
      told: toldUsage(speech, said.length),
      ...(toolCall === undefined ? {} : { toolCall }),
    },
    Date.now(),
  );
  const json = JSON.stringify(whole);
  response.writeHead(200, { "content-type": "application/json", ...headers });
  if (fault?.kind === "cut") response.write(json.slice(0, json.length / 2), () => response.destroy());
  else response.end(json);
}
