import type { AnswerEvent, AnswerSummary } from "../../src/contract/answer.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { EngineRequest } from "../../src/engine/request.ts";

/** Everything that a consumer received from one answer. */
export type CollectedAnswer = {
  readonly events: readonly AnswerEvent[];
  /** The text on screen at the end: a `restarted` event clears the text before it. */
  readonly text: string;
  readonly summary: AnswerSummary;
};

export type CollectOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Called with each event. The engine waits for the promise before it continues. */
  readonly onEvent?: ((event: AnswerEvent) => void | Promise<void>) | undefined;
};

/**
 * Runs a request and collects its events.
 * @throws what `onEvent` or the engine throws, and an error if the last event is not `end`
 */
export async function collectAnswer(
  engine: Pick<Engine, "run">,
  request: EngineRequest,
  { signal = new AbortController().signal, onEvent }: CollectOptions = {},
): Promise<CollectedAnswer> {
  const events: AnswerEvent[] = [];
  let text = "";
  for await (const event of engine.run(request, signal)) {
    events.push(event);
    if (event.type === "text") text += event.text;
    if (event.type === "restarted") text = "";
    await onEvent?.(event);
  }
  const last = events.at(-1);
  if (last?.type !== "end") throw new Error("The last event is not the end.");
  return { events, text, summary: last.summary };
}

/**
 * Runs a request as a consumer that leaves at the first event that matches.
 * @returns false if no event matched, and the consumer received all of them
 */
export async function leaveAnswerAt(
  engine: Pick<Engine, "run">,
  request: EngineRequest,
  matches: (event: AnswerEvent, index: number) => boolean,
): Promise<boolean> {
  let index = 0;
  for await (const event of engine.run(request, new AbortController().signal)) {
    if (matches(event, index++)) return true;
  }
  return false;
}
