import type { IncomingMessage, ServerResponse } from "node:http";
import type { Engine } from "../engine/engine.ts";
import { AnswerFacts } from "./answerFacts.ts";
import { readChatRequest } from "./chatRequest.ts";
import { errorOf } from "./endingError.ts";
import { askedFor, type Names } from "./modelName.ts";
import { Refusal } from "./refusal.ts";
import { readJsonBody } from "./requestBody.ts";
import { StreamedAnswer } from "./streamedAnswer.ts";
import { WholeAnswer } from "./wholeAnswer.ts";

export type ChatDeps = Names & {
  readonly engine: Pick<Engine, "run" | "models">;
  readonly now: () => number;
};

/**
 * `POST /v1/chat/completions`: reads the request, lets the engine answer it, and passes the answer on as it comes.
 * @param signal aborted once the client has gone
 * @throws Refusal where nothing was sent yet
 */
export async function chatCompletions(
  request: IncomingMessage,
  response: ServerResponse,
  deps: ChatDeps,
  signal: AbortSignal,
): Promise<void> {
  const asked = readChatRequest(await readJsonBody(request));
  const { kind: _, ...choice } = await askedFor(asked.model, deps);
  const createdSeconds = Math.floor(deps.now() / 1000);
  const facts = new AnswerFacts();
  const voice = asked.stream
    ? new StreamedAnswer(response, facts, createdSeconds, asked.includeUsage)
    : new WholeAnswer(response, facts);
  for await (const event of deps.engine.run({ ...asked.request, ...choice }, signal)) {
    facts.hear(event);
    if (event.type !== "end") {
      const room = voice.say(event);
      if (room !== undefined) await room;
      continue;
    }
    if (signal.aborted) return;
    const error = errorOf(event.summary, facts.decision);
    if (error === undefined) voice.finish(event.summary, createdSeconds);
    else if (!voice.tear(error)) throw new Refusal(error, facts.headers(event.summary.cost));
  }
}
