import { textOf } from "../contract/message.ts";
import type { EngineRequest } from "../engine/request.ts";
import { readMessages } from "./chatMessages.ts";
import { readParameters } from "./chatParameters.ts";
import { badRequest } from "./refusal.ts";
import type { Json } from "./requestBody.ts";

/** A body of `POST /v1/chat/completions`, read. */
export type ChatRequest = {
  /** As the client says it: `auto`, a route's name or a model's ref. */
  readonly model: string;
  readonly stream: boolean;
  /** The usage is told at the end of a stream. */
  readonly includeUsage: boolean;
  readonly request: Omit<EngineRequest, "explicitModel" | "explicitRoute">;
};

/** Reads a body. It goes along as it came, for providers of the same format. @throws Refusal that names the place */
export function readChatRequest({ body, text }: { readonly body: Json; readonly text: string }): ChatRequest {
  const { model } = body;
  if (typeof model !== "string" || model === "") {
    throw badRequest('model must be "auto", the name of a route, or a provider/model.', "model");
  }
  const { messages, untranslatable: inMessages } = readMessages(body["messages"]);
  const { stream, includeUsage, untranslatable: inParameters, ...asked } = readParameters(body);
  const last = messages.findLast(({ role }) => role === "user");
  const ownWords = last === undefined ? "" : textOf(last);
  const untranslatable = inMessages ?? inParameters;
  return {
    model,
    stream,
    includeUsage,
    request: {
      ...asked,
      source: "endpoint",
      messages,
      ownWords,
      characters: ownWords.length,
      // Requests of tools carry no paths: nothing is known to be private.
      paths: [],
      isPrivate: false,
      // Of an answer in one piece nothing is shown before it is whole.
      canTakeBack: !stream,
      wire: {
        format: "openai",
        body,
        text,
        inOnePiece: !stream,
        ...(untranslatable === undefined ? {} : { untranslatable: onlyOpenai(untranslatable) }),
      },
    },
  };
}

function onlyOpenai(what: string): string {
  return `${what} cannot be told in the format of this model's provider: leave it out, or name a model of a provider that speaks OpenAI's format`;
}
