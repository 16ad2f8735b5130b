import { isRecord } from "../../base/isRecord.ts";
import type { FailureRecord } from "../../contract/failure.ts";
import type { Ask } from "../../contract/provider/ask.ts";
import type { Json } from "../json.ts";
import {
  acceptedOutputTokens,
  EFFORT,
  hasNoEffect,
  namesPart,
  type Refused,
  refusesEffort,
} from "../refusals.ts";

/** The two names of the output limit. */
export const LIMIT_FIELDS = ["max_tokens", "max_completion_tokens"] as const;

/** Fields of an assistant's message that come from its answer. A request is understood without them. */
export const ANSWER_FIELDS = [
  "reasoning_content",
  "reasoning",
  "reasoning_details",
  "refusal",
  "annotations",
] as const;

/** The parts that `serverRules` has rules for. */
export const DEVELOPER = "developer";
export const TOOL_CALL_ID = "tool_call_id";
export const NO_REASONING = "no reasoning_content";

/**
 * What an error refuses of a request, as far as it can be left out or translated without changing what was asked.
 * @param body the request's body as it was sent
 * @param refused what was refused before
 */
export function refusedParts(failure: FailureRecord, body: Json, ask: Ask, refused: Refused): Refused {
  const limit = LIMIT_FIELDS.find((name) => Object.hasOwn(body, name));
  const maxOutputTokens =
    limit === undefined ? undefined : acceptedOutputTokens(failure, Number(body[limit]));
  const messages = Array.isArray(body["messages"]) ? body["messages"].filter(isRecord) : [];
  const parts = Object.keys(body).filter(
    (name) => (name === "stream_options" || hasNoEffect(name, body[name])) && namesPart(failure, name),
  );
  // The other name is tried once, unless it is the value that is refused.
  const isNameTried =
    LIMIT_FIELDS.some((name) => refused.parts.has(name)) || refused.maxOutputTokens !== undefined;
  if (limit !== undefined && maxOutputTokens === undefined && !isNameTried && namesPart(failure, limit)) {
    parts.push(limit);
  }
  if (ask.isEffortOptional === true && Object.hasOwn(body, "reasoning_effort") && refusesEffort(failure)) {
    parts.push(EFFORT);
  }
  parts.push(...messageParts(failure, messages, refused));
  return { parts: new Set(parts), maxOutputTokens };
}

/** "unknown variant `developer`", "messages[1].tool_calls[0].id: string too long", "property 'refusal' is unsupported". */
function messageParts(
  failure: FailureRecord,
  messages: readonly Json[],
  refused: Refused,
): readonly string[] {
  const { message } = failure;
  const parts: string[] = [];
  const hasDeveloper = messages.some(({ role }) => role === "developer");
  if (hasDeveloper && /\bdeveloper\b|\broles?\b/.test(message)) parts.push(DEVELOPER);
  const hasCalls = messages.some((each) => Object.hasOwn(each, "tool_calls"));
  const isAboutId = /tool[ _]calls?\b.{0,20}\bid\b|tool_call_id/i.test(
    `${message} ${failure.fields?.join(" ")}`,
  );
  if (hasCalls && isAboutId && /length|pattern|must be a-z|characters|too long/i.test(message)) {
    parts.push(TOOL_CALL_ID);
  }
  const sent = ANSWER_FIELDS.filter((name) => messages.some((each) => Object.hasOwn(each, name)));
  const named = sent.filter((name) => namesPart(failure, name));
  // DeepSeek and Moonshot: "reasoning_content must be passed back", "is missing in assistant tool call message".
  const isMissing =
    hasCalls && !sent.includes("reasoning_content") && namesPart(failure, "reasoning_content");
  if (isMissing) parts.push(NO_REASONING);
  else if (!refused.parts.has(NO_REASONING)) parts.push(...named);
  return parts;
}
