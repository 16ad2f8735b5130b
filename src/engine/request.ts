import type { Ask } from "../contract/ask.ts";
import type { Attributes } from "../contract/decision.ts";
import type { Message } from "../contract/message.ts";
import type { Capability } from "../contract/model.ts";
import type { DispatchRequest } from "../dispatch/request.ts";
import { inputBound } from "../models/tokens.ts";
import type { PreviousAnswer } from "../routing/decide/world.ts";
import type { Settings } from "../settings/schema.ts";

/** A prompt on its way: what is sent, and the attributes that routes match on. */
export type EngineRequest = Pick<
  Attributes,
  | "source"
  | "explicitModel"
  | "explicitRoute"
  | "command"
  | "language"
  | "paths"
  | "conversation"
  | "isPrivate"
  | "maxOutputTokens"
  | "budgetChoice"
> &
  Pick<Ask, "messages" | "tools" | "toolChoice" | "temperature" | "topP" | "stop" | "wire"> & {
    /** What the user wrote: neither attached code nor history. */
    readonly ownWords: string;
    /** Of the user's words and the code that goes along. */
    readonly characters: number;
    /** UTF-8 bytes of what goes along with `wire` beside messages and tools: it is paid as input too. */
    readonly moreInputBytes?: number;
    /** What was shown can be taken back: a torn answer starts anew with the next model. */
    readonly canTakeBack?: boolean;
    /** Code goes along that did not before in this conversation. */
    readonly attachedNew?: boolean;
    /** The conversation's last answer. */
    readonly previous?: PreviousAnswer;
  };

/** The request without its text: what routes may match on, and what the budget goes by. */
export function attributesOf(
  request: EngineRequest,
  settings: Settings,
  ids: { readonly requestId: string; readonly userId: string },
): Attributes {
  const {
    source,
    explicitModel,
    explicitRoute,
    command,
    language,
    conversation,
    maxOutputTokens,
    budgetChoice,
  } = request;
  return {
    requestId: ids.requestId,
    attachedNew: request.attachedNew ?? false,
    paths: request.paths,
    isPrivate: request.isPrivate,
    needs: needsOf(request),
    userTier: settings.userTier,
    user: settings.user === "" ? ids.userId : settings.user,
    inputBoundTokens: inputBound(request.messages, request.tools) + (request.moreInputBytes ?? 0),
    images: imagesIn(request.messages),
    ...(source === undefined ? {} : { source }),
    ...(explicitModel === undefined ? {} : { explicitModel }),
    ...(explicitRoute === undefined ? {} : { explicitRoute }),
    ...(command === undefined ? {} : { command }),
    ...(language === undefined ? {} : { language }),
    ...(conversation === undefined ? {} : { conversation }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(budgetChoice === undefined ? {} : { budgetChoice }),
  };
}

/** What is sent, without what it is decided by. */
export function contentOf({
  messages,
  tools,
  toolChoice,
  temperature,
  topP,
  stop,
  wire,
}: EngineRequest): DispatchRequest["content"] {
  return {
    messages,
    ...(tools === undefined ? {} : { tools }),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(stop === undefined ? {} : { stop }),
    ...(wire === undefined ? {} : { wire }),
  };
}

function needsOf({ messages, tools = [] }: EngineRequest): readonly Capability[] {
  const vision: readonly Capability[] = imagesIn(messages) > 0 ? ["vision"] : [];
  return tools.length > 0 ? [...vision, "tools"] : vision;
}

function imagesIn(messages: readonly Message[]): number {
  return messages.reduce((sum, { parts }) => sum + parts.filter(({ type }) => type === "image").length, 0);
}
