import type { Tool, ToolChoice } from "../contract/ask.ts";
import { badRequest } from "./refusal.ts";
import { isRecord, type Json } from "./requestBody.ts";

/** What a request asks for beside its messages, as far as the engine knows it. */
export type ReadParameters = {
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  /** UTF-8 bytes of all else that a model reads. */
  readonly moreInputBytes: number;
  /** The first thing in it that no other format has, in words. */
  readonly untranslatable?: string;
};

/** What changes the answer, and has no counterpart in another format. A value of null or 0, or an empty one, asks for nothing. */
const ONLY_OPENAI = [
  "response_format",
  "logprobs",
  "logit_bias",
  "frequency_penalty",
  "presence_penalty",
  "functions",
  "function_call",
  "web_search_options",
] as const;

/** What the engine reads itself; models read none of it as input. */
const READ = ["messages", "model", "stream", "stream_options", "stop", "metadata", "user"];

/** Reads everything but `model` and `messages`. @throws Refusal that names the field */
export function readParameters(body: Json): ReadParameters {
  const { n, modalities, audio } = body;
  if (n !== undefined && n !== null && n !== 1) {
    throw badRequest("n must be 1: one request is one answer here. Send several requests instead.", "n");
  }
  if (isRecord(audio) || (Array.isArray(modalities) && modalities.includes("audio"))) {
    throw badRequest("Answers are text here: leave out audio.", "modalities");
  }
  const options = body["stream_options"];
  const notes: string[] = [];
  const tools = toolsOf(body["tools"], notes);
  const toolChoice = choiceOf(body["tool_choice"], notes);
  const stop = stopOf(body["stop"]);
  const maxOutputTokens = limitOf(body, "max_completion_tokens") ?? limitOf(body, "max_tokens");
  const temperature = numberOf(body, "temperature");
  const topP = numberOf(body, "top_p");
  const only = ONLY_OPENAI.find((name) => asksForSomething(name, body[name]));
  if (only !== undefined) notes.push(only);
  const [untranslatable] = notes;
  return {
    stream: flagOf(body, "stream"),
    includeUsage: isRecord(options) && options["include_usage"] === true,
    moreInputBytes: moreInputBytes(body, notes.length > 0),
    ...(tools === undefined ? {} : { tools }),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(stop === undefined ? {} : { stop }),
    ...(untranslatable === undefined ? {} : { untranslatable }),
  };
}

function asksForSomething(name: (typeof ONLY_OPENAI)[number], value: unknown): boolean {
  if (!value) return false;
  if (name === "response_format") return !(isRecord(value) && value["type"] === "text");
  return typeof value !== "object" || Object.keys(value).length > 0;
}

/** Texts and objects that go along: a schema, a prediction. Tools are counted here once more where some are not known. */
function moreInputBytes(body: Json, alsoTools: boolean): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(body)) {
    if (READ.includes(name) || (name === "tools" && !alsoTools)) continue;
    if (typeof value === "string") bytes += Buffer.byteLength(value);
    else if (typeof value === "object" && value !== null) bytes += Buffer.byteLength(JSON.stringify(value));
  }
  return bytes;
}

function toolsOf(tools: unknown, notes: string[]): readonly Tool[] | undefined {
  if (tools === undefined || tools === null) return undefined;
  if (!Array.isArray(tools)) throw badRequest("tools must be a list.", "tools");
  return tools.flatMap((tool: unknown, index): Tool[] => {
    const place = `tools[${index}]`;
    if (!isRecord(tool)) throw badRequest(`${place} must be an object.`, place);
    const described = tool["function"];
    if (!isRecord(described)) {
      notes.push(`${place} (${String(tool["type"])})`);
      return [];
    }
    const { name, description, parameters } = described;
    if (typeof name !== "string") throw badRequest(`${place}.function.name must be a text.`, place);
    return [
      {
        name,
        parametersSchema: isRecord(parameters) ? parameters : { type: "object", properties: {} },
        ...(typeof description === "string" ? { description } : {}),
      },
    ];
  });
}

function choiceOf(choice: unknown, notes: string[]): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === "auto" || choice === "none" || choice === "required") return choice;
  const chosen = isRecord(choice) ? choice["function"] : undefined;
  if (isRecord(chosen) && typeof chosen["name"] === "string") return { name: chosen["name"] };
  notes.push("tool_choice");
  return undefined;
}

function stopOf(stop: unknown): readonly string[] | undefined {
  if (stop === undefined || stop === null) return undefined;
  const list: unknown = typeof stop === "string" ? [stop] : stop;
  if (Array.isArray(list) && list.every((each) => typeof each === "string")) return list;
  throw badRequest("stop must be a text or a list of texts.", "stop");
}

function limitOf(body: Json, name: "max_tokens" | "max_completion_tokens"): number | undefined {
  const limit = numberOf(body, name);
  if (limit === undefined || (Number.isSafeInteger(limit) && limit > 0)) return limit;
  throw badRequest(`${name} must be a whole number of at least 1.`, name);
}

function numberOf(body: Json, name: string): number | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || typeof value === "number") return value;
  throw badRequest(`${name} must be a number.`, name);
}

function flagOf(body: Json, name: string): boolean {
  const value = body[name] ?? false;
  if (typeof value === "boolean") return value;
  throw badRequest(`${name} must be true or false.`, name);
}
