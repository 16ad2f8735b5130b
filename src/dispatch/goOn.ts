import type { AnswerEvent } from "../contract/answer.ts";
import { type Continuing, meansOf } from "./continuation.ts";
import type { Asking } from "./oneTry.ts";
import { askStep, type StepEnd } from "./step.ts";

/** Has a model go on with a torn answer, by the first of its means that joins the two. */
export async function* goOn(asking: Asking, torn: Continuing["torn"]): AsyncGenerator<AnswerEvent, StepEnd> {
  const { step, request } = asking;
  for (const means of meansOf(request.cardOf(step.ref))) {
    const end = yield* askStep({ ...asking, continuing: { torn, means } });
    if (end.kind !== "not-resumed") return end;
  }
  return { kind: "not-resumed" };
}
