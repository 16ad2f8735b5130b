import type { AnswerEvent } from "../contract/answer.ts";
import type { Torn } from "./continuation.ts";
import type { Asking } from "./oneTry.ts";
import { askStep, type StepEnd } from "./step.ts";

/** Has a model answer in place of a torn answer, which is taken back once there is something in its place, and not before. */
export async function* answerAnew(asking: Asking, torn: Torn): AsyncGenerator<AnswerEvent, StepEnd> {
  let isReplaced = false;
  const events = askStep(asking);
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
      const event = next.value;
      if (!isReplaced && (event.type === "text" || event.type === "toolCall")) {
        isReplaced = true;
        asking.progress.rescues.push({ from: torn.from, to: asking.step.ref, method: "restart" });
        yield { type: "restarted" };
      }
      // One that reasoned and then failed has nothing to take back.
      if (event.type !== "restarted" || isReplaced) yield event;
    }
  } finally {
    await events.return({ kind: "next" });
  }
}
