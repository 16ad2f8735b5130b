import { isRecord } from "../../base/isRecord.ts";
import { type Message, type Part, type Role, textOf } from "../../contract/message.ts";
import { ownWordsIn } from "../../routing/classify/ownWords.ts";
import { badRequest } from "../httpError.ts";
import type { Json } from "../requestBody.ts";

/** A conversation that was read from OpenAI's format. */
export type ReadMessages = {
  readonly messages: readonly Message[];
  /** The name of its first part that no other wire format has; undefined if there is none. */
  readonly untranslatable: string | undefined;
  /** What the user wrote in the messages of the role `user`, and the length of all their texts. */
  readonly prompts: readonly { readonly ownWords: string; readonly characters: number }[];
};

const ROLES: Readonly<Record<string, Role>> = {
  system: "system",
  developer: "system",
  user: "user",
  assistant: "assistant",
  tool: "tool",
};

/**
 * Reads `messages`. Unknown parts are kept as JSON, so that they are counted, and reported as untranslatable, so that the
 * request is sent in no other format.
 * @throws HttpError that names the place
 */
export function readMessages(value: unknown): ReadMessages {
  if (!Array.isArray(value) || value.length === 0) {
    throw badRequest("messages must be a list with at least one message.", "messages");
  }
  const untranslatable: string[] = [];
  const messages = value.map((item: unknown, index) => messageOf(item, `messages[${index}]`, untranslatable));
  const prompts = messages.flatMap((message, index) =>
    message.role === "user"
      ? [{ ownWords: ownWordsOf(value[index]), characters: textOf(message).length }]
      : [],
  );
  return { messages, untranslatable: untranslatable[0], prompts };
}

/**
 * What the user wrote in a message: its last text that consists of more than pasted parts. Agents put the contents of files
 * and reminders into texts of their own, before the user's and after it.
 */
function ownWordsOf(message: unknown): string {
  const content = isRecord(message) ? message["content"] : undefined;
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  const texts = content.flatMap((part: unknown) =>
    isRecord(part) && part["type"] === "text" && typeof part["text"] === "string" ? [part["text"]] : [],
  );
  return texts.findLast((text) => ownWordsIn(text) !== "") ?? texts.at(-1) ?? "";
}

function messageOf(value: unknown, place: string, untranslatable: string[]): Message {
  if (!isRecord(value)) throw badRequest(`${place} must be an object.`, place);
  const name = value["role"];
  const role = typeof name === "string" && Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
  if (role === undefined) {
    throw badRequest(`${place}.role must be one of ${Object.keys(ROLES).join(", ")}.`, `${place}.role`);
  }
  const content = contentOf(value["content"], `${place}.content`, untranslatable);
  if (role !== "user" && content.some(({ type }) => type === "image")) {
    untranslatable.push(`${place}.content (an image in a message of the role ${name})`);
  }
  if (role === "tool") {
    const id = value["tool_call_id"];
    if (typeof id !== "string") {
      throw badRequest(
        `${place}.tool_call_id must name the call that this answers.`,
        `${place}.tool_call_id`,
      );
    }
    const text = content.map((part) => (part.type === "text" ? part.text : "")).join("");
    return { role, parts: [{ type: "toolResult", id, text }] };
  }
  if (role !== "assistant") return { role, parts: content };
  return {
    role,
    parts: [...reasoningOf(value), ...content, ...refusalOf(value), ...callsOf(value, place, untranslatable)],
  };
}

function contentOf(content: unknown, place: string, untranslatable: string[]): readonly Part[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (content === undefined || content === null) return [];
  if (!Array.isArray(content)) throw badRequest(`${place} must be a string or a list of parts.`, place);
  return content.map((part: unknown, index) => partOf(part, `${place}[${index}]`, untranslatable));
}

function partOf(part: unknown, place: string, untranslatable: string[]): Part {
  if (!isRecord(part)) throw badRequest(`${place} must be an object.`, place);
  const { type, text, refusal } = part;
  if (type === "text" && typeof text === "string") return { type: "text", text };
  if (type === "refusal" && typeof refusal === "string") return { type: "text", text: refusal };
  if (type === "image_url") return imageOf(part["image_url"], place, untranslatable);
  if (typeof type !== "string") throw badRequest(`${place}.type must be a string.`, `${place}.type`);
  return asJson(part, `${place} (${type})`, untranslatable);
}

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)(?:;[^;,]*)*;base64,/i;

function imageOf(image: unknown, place: string, untranslatable: string[]): Part {
  const url = isRecord(image) ? image["url"] : image;
  if (typeof url !== "string")
    throw badRequest(`${place}.image_url.url must be a string.`, `${place}.image_url`);
  const head = DATA_URL.exec(url);
  if (head?.[1] !== undefined) return { type: "image", mediaType: head[1], data: url.slice(head[0].length) };
  untranslatable.push(`${place} (an image given by its URL)`);
  return { type: "image", mediaType: "image/*", data: "" };
}

/** Reasoning that a client sends back: counted, and usable only by the model that wrote it. */
function reasoningOf(message: Json): readonly Part[] {
  const text = message["reasoning_content"] ?? message["reasoning"];
  return typeof text === "string" && text !== "" ? [{ type: "reasoning", text, provider: "" }] : [];
}

/** An earlier answer in which the model refused: other formats have no field for it. */
function refusalOf({ refusal }: Json): readonly Part[] {
  return typeof refusal === "string" && refusal !== "" ? [{ type: "text", text: refusal }] : [];
}

function callsOf(message: Json, place: string, untranslatable: string[]): readonly Part[] {
  const legacy = message["function_call"];
  const calls = message["tool_calls"] ?? [];
  if (!Array.isArray(calls)) throw badRequest(`${place}.tool_calls must be a list.`, `${place}.tool_calls`);
  return [
    ...(isRecord(legacy) ? [asJson(legacy, `${place}.function_call`, untranslatable)] : []),
    ...calls.map((call: unknown, index): Part => {
      const at = `${place}.tool_calls[${index}]`;
      if (!isRecord(call)) throw badRequest(`${at} must be an object.`, at);
      const called = call["function"];
      const { id } = call;
      if (!isRecord(called) || typeof id !== "string") return asJson(call, at, untranslatable);
      const { name, arguments: argumentsJson } = called;
      if (typeof name !== "string" || typeof argumentsJson !== "string") {
        throw badRequest(`${at}.function must have a name and its arguments, both strings.`, at);
      }
      return { type: "toolCall", id, name, argumentsJson };
    }),
  ];
}

function asJson(value: Json, name: string, untranslatable: string[]): Part {
  untranslatable.push(name);
  return { type: "text", text: JSON.stringify(value) };
}
