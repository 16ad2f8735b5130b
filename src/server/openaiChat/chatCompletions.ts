import type { IncomingMessage, ServerResponse } from "node:http";
import type { Engine } from "../../engine/engine.ts";
import type { EngineRequest } from "../../engine/request.ts";
import { badRequest, HttpError } from "../httpError.ts";
import { type JsonBody, readJsonBody } from "../requestBody.ts";
import { AnswerHead } from "./answerHead.ts";
import { billedInputOf } from "./billedInput.ts";
import { errorOf } from "./endingError.ts";
import { readMessages } from "./messages.ts";
import { type ModelDirectory, resolveModel } from "./modelNames.ts";
import { readParameters } from "./parameters.ts";
import { StreamWriter } from "./streamWriter.ts";
import { WholeWriter } from "./wholeWriter.ts";
import type { ResponseWriter } from "./wire.ts";

export type ChatCompletionsDeps = ModelDirectory & {
  readonly engine: Pick<Engine, "run" | "models">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** The parsed body of `POST /v1/chat/completions`. */
type ChatRequest = {
  /** `auto`, the name of a route, or a model ref. */
  readonly model: string;
  readonly stream: boolean;
  /** The stream ends with the usage. */
  readonly includesUsage: boolean;
  readonly request: Omit<EngineRequest, "explicitModel" | "explicitRoute">;
};

/**
 * Handles `POST /v1/chat/completions`: reads the request, runs it through the engine, and writes the answer as it arrives.
 * @param signal aborted when the client disconnects
 * @throws HttpError if nothing was sent yet
 */
export async function chatCompletions(
  request: IncomingMessage,
  response: ServerResponse,
  deps: ChatCompletionsDeps,
  signal: AbortSignal,
): Promise<void> {
  const chat = readChatRequest(await readJsonBody(request));
  const choice = await resolveModel(chat.model, deps);
  const createdSeconds = Math.floor(deps.now() / 1000);
  const head = new AnswerHead();
  using writer: ResponseWriter = chat.stream
    ? new StreamWriter(response, head, createdSeconds, chat.includesUsage, signal)
    : new WholeWriter(response, head, createdSeconds);
  // The client does not wait until the cost is settled.
  await deps.engine.run({ ...chat.request, ...choice }, writer, signal, (summary) => {
    if (signal.aborted) return;
    const error = errorOf(summary, head.decision, deps.settings());
    if (error === undefined) writer.end(summary);
    else if (!writer.fail(error)) throw new HttpError(error, head.headers(summary.cost));
  });
}

/** Reads a body, and keeps it for providers of the same format. @throws HttpError that names the invalid field */
function readChatRequest({ body, text }: JsonBody): ChatRequest {
  const { model } = body;
  if (typeof model !== "string" || model === "") {
    throw badRequest('model must be "auto", the name of a route, or a provider/model.', "model");
  }
  const { messages, untranslatable: inMessages, prompts } = readMessages(body["messages"]);
  const parameters = readParameters(body);
  const { stream, includesUsage } = parameters;
  const { ownWords, characters } = prompts.at(-1) ?? { ownWords: "", characters: 0 };
  const untranslatable = inMessages ?? parameters.untranslatable;
  return {
    model,
    stream,
    includesUsage,
    request: {
      source: "endpoint",
      messages,
      ownWords,
      characters,
      number: prompts.length,
      earlier: prompts.slice(0, -1).map((prompt, index) => ({ ...prompt, number: index + 1 })),
      // Requests of other tools contain no paths, so nothing is known to be private.
      paths: [],
      isPrivate: false,
      // An answer in one piece is sent when it is complete: until then it can be retracted.
      canRetract: !stream,
      tools: parameters.tools,
      toolChoice: parameters.toolChoice,
      parallelToolCalls: parameters.parallelToolCalls,
      effort: parameters.effort,
      maxOutputTokens: parameters.maxOutputTokens,
      temperature: parameters.temperature,
      topP: parameters.topP,
      stop: parameters.stop,
      billedInput: billedInputOf(body),
      wire: {
        format: "openai",
        body,
        text,
        inOnePiece: !stream,
        untranslatable: untranslatable === undefined ? undefined : describeUntranslatable(untranslatable),
      },
    },
  };
}

function describeUntranslatable(part: string): string {
  return `${part} has no equivalent in the format of this model's provider: leave it out, or choose a model of a provider that uses OpenAI's format`;
}
