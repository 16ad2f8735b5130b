import { isRecord } from "../../base/isRecord.ts";
import type { Effort } from "../../contract/decision.ts";
import { REASONING_EFFORTS, type Tool, type ToolChoice } from "../../contract/provider/ask.ts";
import { badRequest } from "../httpError.ts";
import type { Json } from "../requestBody.ts";

/** The parameters of a request, without `model` and `messages`. */
export type ReadParameters = {
  readonly stream: boolean;
  readonly includesUsage: boolean;
  readonly tools: readonly Tool[] | undefined;
  readonly toolChoice: ToolChoice | undefined;
  readonly parallelToolCalls: boolean;
  readonly effort: Effort | undefined;
  readonly maxOutputTokens: number | undefined;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  readonly stop: readonly string[] | undefined;
  /** The name of the first field that no other wire format has; undefined if there is none. */
  readonly untranslatable: string | undefined;
};

/** Fields that every format has, that are translated, or that do not change an answer. All others only this format has. */
const TRANSLATABLE: ReadonlySet<string> = new Set([
  ...["model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "stop", "n"],
  ...[
    "temperature",
    "top_p",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "reasoning_effort",
    "modalities",
  ],
  ...[
    "user",
    "metadata",
    "store",
    "usage",
    "safety_identifier",
    "prompt_cache_key",
    "prompt_cache_retention",
    "prompt_cache_options",
  ],
]);

/** Values of other fields that do not change an answer, because they are the default. */
const DEFAULTS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ["response_format", (value) => isRecord(value) && value["type"] === "text"],
  ["service_tier", (value) => value === "auto" || value === "default"],
  ["verbosity", (value) => value === "medium"],
  ["repetition_penalty", (value) => value === 1],
  ["best_of", (value) => value === 1],
  ...["frequency_penalty", "presence_penalty", "top_logprobs", "min_p", "top_k"].map(
    (name) => [name, (value: unknown) => value === 0] as const,
  ),
]);

/** Fields that an empty object sets too: it stands for their defaults. */
const SET_BY_EMPTY: ReadonlySet<string> = new Set(["web_search_options", "search_parameters"]);

/** Names are the client's, and appear in errors. */
const MAX_NAME_CHARACTERS = 100;

/** Reads everything but `model` and `messages`. @throws HttpError that names the field */
export function readParameters(body: Json): ReadParameters {
  const { n, modalities, audio } = body;
  if (n !== undefined && n !== null && n !== 1) {
    throw badRequest("n must be 1: a request has one answer here. Send several requests instead.", "n");
  }
  if (isRecord(audio) || (Array.isArray(modalities) && modalities.includes("audio"))) {
    throw badRequest("Answers are text only: leave out audio.", "modalities");
  }
  const options = body["stream_options"];
  const untranslatable: string[] = [];
  const tools = toolsOf(body["tools"], untranslatable);
  const toolChoice = choiceOf(body["tool_choice"], untranslatable);
  const stop = stopOf(body["stop"]);
  const maxOutputTokens = limitOf(body, "max_completion_tokens") ?? limitOf(body, "max_tokens");
  const temperature = numberOf(body, "temperature");
  const topP = numberOf(body, "top_p");
  const parallelToolCalls = flagOf(body, "parallel_tool_calls", true);
  const effort = effortOf(body["reasoning_effort"], untranslatable);
  const openaiOnly = Object.keys(body).find((name) => !TRANSLATABLE.has(name) && hasEffect(name, body[name]));
  if (openaiOnly !== undefined) untranslatable.push(openaiOnly.slice(0, MAX_NAME_CHARACTERS));
  return {
    stream: flagOf(body, "stream", false),
    includesUsage: isRecord(options) && options["include_usage"] === true,
    tools,
    toolChoice,
    parallelToolCalls,
    effort,
    maxOutputTokens,
    temperature,
    topP,
    stop,
    untranslatable: untranslatable[0],
  };
}

function hasEffect(name: string, value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return false;
  if (typeof value === "object" && Object.keys(value).length === 0) return SET_BY_EMPTY.has(name);
  return DEFAULTS.get(name)?.(value) !== true;
}

function effortOf(effort: unknown, untranslatable: string[]): Effort | undefined {
  if (effort === undefined || effort === null) return undefined;
  const known = REASONING_EFFORTS.find((each) => each === effort);
  if (known === undefined) untranslatable.push("reasoning_effort");
  return known && { value: known, by: "request" };
}

function toolsOf(tools: unknown, untranslatable: string[]): readonly Tool[] | undefined {
  if (tools === undefined || tools === null) return undefined;
  if (!Array.isArray(tools)) throw badRequest("tools must be a list.", "tools");
  return tools.flatMap((tool: unknown, index): Tool[] => {
    const place = `tools[${index}]`;
    if (!isRecord(tool)) throw badRequest(`${place} must be an object.`, place);
    const described = tool["function"];
    if (!isRecord(described)) {
      untranslatable.push(`${place} (${String(tool["type"])})`);
      return [];
    }
    const { name, description, parameters } = described;
    if (typeof name !== "string") throw badRequest(`${place}.function.name must be a string.`, place);
    return [
      {
        name,
        description: typeof description === "string" ? description : undefined,
        parametersSchema: isRecord(parameters) ? parameters : { type: "object", properties: {} },
      },
    ];
  });
}

function choiceOf(choice: unknown, untranslatable: string[]): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === "auto" || choice === "none" || choice === "required") return choice;
  const chosen = isRecord(choice) ? choice["function"] : undefined;
  if (isRecord(chosen) && typeof chosen["name"] === "string") return { name: chosen["name"] };
  untranslatable.push("tool_choice");
  return undefined;
}

function stopOf(stop: unknown): readonly string[] | undefined {
  if (stop === undefined || stop === null) return undefined;
  const list: unknown = typeof stop === "string" ? [stop] : stop;
  if (Array.isArray(list) && list.every((item) => typeof item === "string")) return list;
  throw badRequest("stop must be a string or a list of strings.", "stop");
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

function flagOf(body: Json, name: string, byDefault: boolean): boolean {
  const value = body[name] ?? byDefault;
  if (typeof value === "boolean") return value;
  throw badRequest(`${name} must be true or false.`, name);
}
