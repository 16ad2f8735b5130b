import { isRecord } from "../../base/isRecord.ts";
import { registeredImageType } from "../imageTypes.ts";
import type { Json } from "../json.ts";
import { ToolCallIds } from "../toolCallIds.ts";
import type { ServerRules } from "./serverRules.ts";

/** Stands for reasoning that is not known. DeepSeek rejects an empty text (hermes-agent, pull request 18263). */
const UNKNOWN_REASONING = " ";

/**
 * The messages of a request as its server accepts them; undefined if they are that already. Only fields that the server
 * would reject, or reject the lack of, are changed.
 * @param reasoningOf the reasoning that preceded a tool call with this id
 */
export function adaptMessages(
  messages: readonly unknown[],
  rules: ServerRules,
  reasoningOf: (id: string) => string | undefined,
): readonly unknown[] | undefined {
  const ids = rules.toolCallIds === undefined ? undefined : new ToolCallIds(rules.toolCallIds);
  let isChanged = false;
  const adapted = messages.map((message) => {
    if (!isRecord(message)) return message;
    const changes = {
      ...roleChange(message, rules),
      ...reasoningChange(message, rules, reasoningOf),
      ...(ids === undefined ? {} : idChange(message, ids)),
      ...imageChange(message),
    };
    if (Object.keys(changes).length === 0) return message;
    isChanged = true;
    return { ...message, ...changes };
  });
  return isChanged ? adapted : undefined;
}

/** Fields to replace. Those that are undefined are not sent. */
type Changes = Json;
const NONE: Changes = {};

function roleChange({ role }: Json, { takesDeveloperRole }: ServerRules): Changes {
  return role === "developer" && !takesDeveloperRole ? { role: "system" } : NONE;
}

function reasoningChange(
  message: Json,
  { rejectedFields, needsReasoning }: ServerRules,
  reasoningOf: (id: string) => string | undefined,
): Changes {
  const rejected = rejectedFields.filter((name) => Object.hasOwn(message, name));
  if (rejected.length > 0) return Object.fromEntries(rejected.map((name) => [name, undefined]));
  const calls = callsIn(message);
  if (!needsReasoning || calls.length === 0) return NONE;
  const { reasoning_content: given, reasoning } = message;
  if (typeof given === "string" && given !== "") return NONE;
  const known = calls.map(({ id }) => (typeof id === "string" ? reasoningOf(id) : undefined));
  const text = typeof reasoning === "string" && reasoning !== "" ? reasoning : known.find(Boolean);
  return { reasoning_content: text ?? UNKNOWN_REASONING };
}

function idChange(message: Json, ids: ToolCallIds): Changes {
  const { tool_call_id: answered } = message;
  if (message["role"] === "tool" && typeof answered === "string") {
    const id = ids.ofResult(answered);
    return id === answered ? NONE : { tool_call_id: id };
  }
  let isChanged = false;
  const calls = callsIn(message).map((call) => {
    if (typeof call["id"] !== "string") return call;
    const id = ids.ofCall(call["id"]);
    if (id === call["id"]) return call;
    isChanged = true;
    return { ...call, id };
  });
  return isChanged ? { tool_calls: calls } : NONE;
}

const IMAGE_URL = /^data:(image\/[\w.+-]+)(?=[;,])/i;

function imageChange({ content }: Json): Changes {
  if (!Array.isArray(content)) return NONE;
  let isChanged = false;
  const parts = content.map((part: unknown) => {
    const image = isRecord(part) ? part["image_url"] : undefined;
    if (!isRecord(part) || !isRecord(image) || typeof image["url"] !== "string") return part;
    const { url } = image;
    const named = IMAGE_URL.exec(url)?.[1];
    if (named === undefined || registeredImageType(named) === named) return part;
    isChanged = true;
    const renamed = `data:${registeredImageType(named)}${url.slice("data:".length + named.length)}`;
    return { ...part, image_url: { ...image, url: renamed } };
  });
  return isChanged ? { content: parts } : NONE;
}

function callsIn(message: Json): readonly Json[] {
  const calls = message["tool_calls"];
  return Array.isArray(calls) ? calls.filter(isRecord) : [];
}
