import type { Attributes } from "../contract/decision.ts";
import type { Capability } from "../contract/model.ts";
import type { RequestContent } from "../dispatch/requestContext.ts";
import { inputBound } from "../models/tokens.ts";
import type { EarlierPrompt } from "../routing/classify/classify.ts";
import type { PreviousAnswer } from "../routing/decide/world.ts";
import type { Settings } from "../settings/schema.ts";

type BilledInput = Pick<Attributes, "inputBoundTokens" | "images" | "imageAddresses" | "unboundedCost">;

/** A request to the engine: what is sent, and the attributes that routes match on. */
export type EngineRequest = Pick<
  Attributes,
  | "source"
  | "isEdit"
  | "explicitModel"
  | "explicitRoute"
  | "command"
  | "language"
  | "paths"
  | "conversation"
  | "isPrivate"
  | "maxOutputTokens"
  | "budgetChoice"
  | "escalation"
  | "effort"
> &
  RequestContent & {
    /** What the user wrote, without attached code and history. */
    readonly ownWords: string;
    /** Length of the user's words and of the attached code. */
    readonly characters: number;
    /** What the body in `wire` is billed for. Undefined: what the messages and tools are billed for. */
    readonly billedInput?: BilledInput | undefined;
    /** True if what was shown can be retracted, so that another model's answer may replace a partial one. */
    readonly canRetract?: boolean | undefined;
    /** True if code is attached that was not attached before in this conversation. */
    readonly attachedNew?: boolean | undefined;
    /** The number of the prompt in its conversation, from 1. */
    readonly number?: number | undefined;
    /** The earlier prompts of the conversation whose complexity is held, the oldest first. */
    readonly earlier?: readonly EarlierPrompt[] | undefined;
    /** The conversation's last answer. */
    readonly previous?: PreviousAnswer | undefined;
  };

/** The attributes of a request, which routes and the budget are evaluated with. They do not contain its text. */
export function attributesOf(
  request: EngineRequest,
  settings: Settings,
  ids: { readonly requestId: string; readonly userId: string },
): Attributes {
  const billedInput = request.billedInput ?? billedInputOf(request);
  return {
    requestId: ids.requestId,
    source: request.source,
    isEdit: request.isEdit,
    explicitModel: request.explicitModel,
    explicitRoute: request.explicitRoute,
    command: request.command,
    characters: request.characters,
    language: request.language,
    conversation: request.conversation,
    maxOutputTokens: request.maxOutputTokens,
    budgetChoice: request.budgetChoice,
    escalation: request.escalation,
    effort: request.effort,
    attachedNew: request.attachedNew ?? false,
    paths: request.paths,
    isPrivate: request.isPrivate,
    needs: capabilitiesFor(billedInput, request.tools !== undefined && request.tools.length > 0),
    userTier: settings.userTier,
    user: settings.user === "" ? ids.userId : settings.user,
    ...billedInput,
  };
}

function capabilitiesFor(
  { images, imageAddresses = 0 }: BilledInput,
  hasTools: boolean,
): readonly Capability[] {
  const vision: readonly Capability[] = images + imageAddresses > 0 ? ["vision"] : [];
  return hasTools ? [...vision, "tools"] : vision;
}

function billedInputOf({ messages, tools }: Pick<EngineRequest, "messages" | "tools">): BilledInput {
  const media = messages.flatMap(({ parts }) => parts.filter((part) => part.type === "image"));
  const other = media.find(({ mediaType }) => !mediaType.startsWith("image/"));
  return {
    inputBoundTokens: inputBound(messages, tools),
    images: media.length,
    unboundedCost: other === undefined ? undefined : { kind: "part", name: other.mediaType },
  };
}
