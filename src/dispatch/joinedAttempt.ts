import type { AnswerEvent } from "../contract/answer.ts";
import type { ModelRef } from "../contract/model.ts";
import type { AttemptEnd } from "./attempt.ts";
import { type Continuing, jointFor } from "./continuation.ts";

/**
 * An attempt whose text goes on with a torn answer: only what is new is passed on, from the joint on, which `continued`
 * announces. Where nothing joins the two, it is stopped at once and none of it is passed on.
 * @param run starts the attempt; aborting its signal stops it
 */
export async function* joinedAttempt(
  continuing: Continuing,
  by: ModelRef,
  run: (signal: AbortSignal) => AsyncGenerator<AnswerEvent, AttemptEnd>,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent, AttemptEnd> {
  const joint = jointFor(continuing);
  const enough = new AbortController();
  const events = run(AbortSignal.any([signal, enough.signal]));
  const texts: string[] = [];
  let shown: AttemptEnd["shown"] = "nothing";
  let isAnnounced = false;

  function* pass(text: string): Generator<AnswerEvent> {
    if (!isAnnounced) {
      isAnnounced = true;
      yield { type: "resumed", from: continuing.torn.from, to: by, method: continuing.means };
    }
    if (text === "") return;
    texts.push(text);
    if (shown === "nothing") shown = "text";
    yield { type: "text", text };
  }

  let isOver = false;
  let unsettled: AttemptEnd | undefined;
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) {
        isOver = true;
        unsettled = next.value;
        const { attempt, finish } = next.value;
        const rest = finish === undefined ? "" : joint.end();
        if (finish !== undefined && rest !== undefined) yield* pass(rest);
        const isApart = rest === undefined || enough.signal.aborted;
        const outcome = isApart ? ({ kind: "not-resumed" } as const) : attempt.outcome;
        unsettled = undefined;
        return {
          ...next.value,
          attempt: { ...attempt, outcome, resumeMethod: continuing.means },
          shown,
          texts,
        };
      }
      const event = next.value;
      if (enough.signal.aborted) continue;
      if (event.type !== "text" && event.type !== "toolCall") {
        yield event;
        continue;
      }
      const fresh = event.type === "text" ? joint.push(event.text) : joint.end();
      if (fresh === undefined) {
        enough.abort();
        continue;
      }
      if (fresh !== "" || event.type === "toolCall") yield* pass(fresh);
      if (event.type === "toolCall") {
        shown = "tool call";
        yield event;
      }
    }
  } finally {
    // The consumer may have left: the attempt ends all the same, and settles.
    enough.abort();
    while (!isOver) {
      const next = await events.next();
      isOver = next.done === true;
      if (next.done === true) unsettled = next.value;
    }
    await unsettled?.settle?.();
  }
}
