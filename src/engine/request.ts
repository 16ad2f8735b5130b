import type { Attributes } from "../contract/decision.ts";
import type { Message } from "../contract/message.ts";
import type { Capability } from "../contract/model.ts";
import type { RequestContent } from "../dispatch/requestContext.ts";
import { inputBound } from "../models/tokens.ts";
import type { PreviousAnswer } from "../routing/decide/world.ts";
import type { Settings } from "../settings/schema.ts";

/** A request to the engine: what is sent, and the attributes that routes match on. */
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
  RequestContent & {
    /** What the user wrote, without attached code and history. */
    readonly ownWords: string;
    /** Length of the user's words and of the attached code. */
    readonly characters: number;
    /** UTF-8 bytes of the other fields of `wire` than messages and tools. They are billed as input too. */
    readonly moreInputBytes?: number | undefined;
    /** True if what was shown can be retracted, so that another model's answer may replace a partial one. */
    readonly canRetract?: boolean | undefined;
    /** True if code is attached that was not attached before in this conversation. */
    readonly attachedNew?: boolean | undefined;
    /** The conversation's last answer. */
    readonly previous?: PreviousAnswer | undefined;
  };

/** The attributes of a request, which routes and the budget are evaluated with. They do not contain its text. */
export function attributesOf(
  request: EngineRequest,
  settings: Settings,
  ids: { readonly requestId: string; readonly userId: string },
): Attributes {
  const images = countImages(request.messages);
  return {
    requestId: ids.requestId,
    source: request.source,
    explicitModel: request.explicitModel,
    explicitRoute: request.explicitRoute,
    command: request.command,
    language: request.language,
    conversation: request.conversation,
    maxOutputTokens: request.maxOutputTokens,
    budgetChoice: request.budgetChoice,
    attachedNew: request.attachedNew ?? false,
    paths: request.paths,
    isPrivate: request.isPrivate,
    needs: capabilitiesFor(images, request.tools !== undefined && request.tools.length > 0),
    userTier: settings.userTier,
    user: settings.user === "" ? ids.userId : settings.user,
    inputBoundTokens: inputBound(request.messages, request.tools) + (request.moreInputBytes ?? 0),
    images,
  };
}

function capabilitiesFor(images: number, hasTools: boolean): readonly Capability[] {
  const vision: readonly Capability[] = images > 0 ? ["vision"] : [];
  return hasTools ? [...vision, "tools"] : vision;
}

function countImages(messages: readonly Message[]): number {
  return messages.reduce((sum, { parts }) => sum + parts.filter(({ type }) => type === "image").length, 0);
}
