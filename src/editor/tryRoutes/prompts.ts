import * as v from "valibot";
import type { Chat } from "../../assistant/chat.ts";
import { requestFor } from "../../assistant/request.ts";
import { isRecord } from "../../base/isRecord.ts";
import { parseBoundedJson } from "../../base/json.ts";
import { matchesAny } from "../../base/paths/glob.ts";
import type { Conversation } from "../../contract/conversation.ts";
import type { Decision } from "../../contract/decision.ts";
import type { EngineRequest } from "../../engine/request.ts";
import type { EarlierPrompt } from "../../routing/classify/classify.ts";

/** A prompt to decide, to see where it would be sent. */
export type Trial = {
  readonly request: EngineRequest;
  /** How it was decided when it was sent; undefined if it never was. */
  readonly was?: Decision | undefined;
  /** It is a line of a file: the decision about the line before it in its conversation counts as sent. */
  readonly followsLines?: true | undefined;
};

/** Returns the last prompts of all saved conversations, the newest first, each with the turns before it. */
export async function savedPrompts(
  chat: Pick<Chat, "list" | "open">,
  most: number,
): Promise<readonly Trial[]> {
  const prompts: { readonly atMs: number; readonly trial: Trial }[] = [];
  for (const { id, updatedAtMs } of await chat.list("")) {
    // The newest conversation comes first, so the remaining ones have no newer prompt than those found.
    const oldest = prompts[most - 1];
    if (oldest !== undefined && updatedAtMs < oldest.atMs) break;
    const conversation = await chat.open(id);
    if (conversation === undefined) continue;
    prompts.push(...promptsOf(conversation));
    prompts.sort((one, other) => other.atMs - one.atMs);
    prompts.length = Math.min(prompts.length, most);
  }
  return prompts.map(({ trial }) => trial);
}

function promptsOf({ id, isPrivate, turns }: Conversation) {
  return turns.map(({ atMs, prompt, answer, leftOut }, index) => {
    const was = answer.decision;
    const wasPrivate = was?.attributes.isPrivate ?? isPrivate;
    const before = { id, isPrivate: wasPrivate, turns: turns.slice(0, index), leftOut };
    return { atMs, trial: { request: requestFor(before, prompt), was } };
  });
}

export type PromptFile = {
  readonly trials: readonly Trial[];
  /** The numbers of lines that hold no prompt, from 1. */
  readonly malformed: readonly number[];
};

/**
 * Parses a file of prompts: one JSON object per line if its name ends in `.jsonl` or `.ndjson`, else one prompt per line.
 * @param privatePaths globs of files whose prompts go to local models only
 */
export function parsePromptFile(name: string, text: string, privatePaths: readonly string[]): PromptFile {
  const isJson = /\.(?:jsonl|ndjson)$/i.test(name);
  const trials: Trial[] = [];
  const conversations = new Map<string, EarlierPrompt[]>();
  const malformed: number[] = [];
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const prompt = isJson ? parseLine(line) : { prompt: line.trim() };
    if (prompt === undefined) malformed.push(index + 1);
    else trials.push(trialOf(prompt, index + 1, privatePaths, conversations));
  }
  return { trials, malformed };
}

/** A line of a JSONL file, as `switchyard decide` reads it, without the user's tier and id of the editor's settings. */
const promptLine = v.object({
  prompt: v.string(),
  context: v.exactOptional(v.string()),
  command: v.exactOptional(v.string()),
  language: v.exactOptional(v.string()),
  paths: v.exactOptional(v.array(v.string())),
  conversation: v.exactOptional(v.string()),
});

type PromptLine = v.InferOutput<typeof promptLine>;

function parseLine(line: string): PromptLine | undefined {
  let value: unknown;
  try {
    value = parseBoundedJson(line);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  // Tables that were exported as JSON have null for empty fields.
  const given = Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
  const parsed = v.safeParse(promptLine, given);
  return parsed.success ? parsed.output : undefined;
}

/** @param conversations the prompts of the lines before, by conversation; this one is added */
function trialOf(
  line: PromptLine,
  lineNumber: number,
  privatePaths: readonly string[],
  conversations: Map<string, EarlierPrompt[]>,
): Trial {
  const { prompt, context = "", command, language, paths = [], conversation = `line ${lineNumber}` } = line;
  const earlier = conversations.get(conversation) ?? [];
  const isPrivate = paths.some((path) => matchesAny(privatePaths, path));
  const code = {
    kind: "file",
    path: paths[0] ?? "",
    language: language ?? "",
    startLine: 1,
    endLine: 1,
    text: context,
    tokens: 0,
    isPrivate,
  } as const;
  const request = requestFor(
    { id: conversation, isPrivate, turns: [] },
    {
      text: prompt,
      context: context === "" ? [] : [code],
      ...(command === undefined ? {} : { command: command.replace(/^\//, "") }),
    },
  );
  const { ownWords, characters } = request;
  const number = earlier.length + 1;
  conversations.set(conversation, [...earlier, { ownWords, characters, number }]);
  return {
    request: { ...request, paths, language: language ?? request.language, number, earlier },
    followsLines: true,
  };
}
