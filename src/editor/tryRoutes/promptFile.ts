import * as v from "valibot";
import { requestFor } from "../../assistant/request.ts";
import { isRecord } from "../../base/isRecord.ts";
import { matchesAny } from "../../routing/glob.ts";
import type { Trial } from "./trial.ts";

/** A line of a JSONL file, as `switchyard decide` reads it; what a setting says of the user is the setting's here. */
const promptLine = v.object({
  prompt: v.string(),
  context: v.exactOptional(v.string()),
  command: v.exactOptional(v.string()),
  language: v.exactOptional(v.string()),
  paths: v.exactOptional(v.array(v.string())),
  conversation: v.exactOptional(v.string()),
});

type PromptLine = v.InferOutput<typeof promptLine>;

export type PromptFile = {
  readonly trials: readonly Trial[];
  /** Numbers of lines that are no prompt, from 1 on. */
  readonly malformed: readonly number[];
};

/** The prompts of a file: one a line, or one JSON object a line where its name ends in `.jsonl` or `.ndjson`. */
export function promptsIn(name: string, text: string, privatePaths: readonly string[]): PromptFile {
  const isJson = /\.(?:jsonl|ndjson)$/i.test(name);
  const trials: Trial[] = [];
  const malformed: number[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "") continue;
    const prompt = isJson ? readLine(line) : { prompt: line.trim() };
    if (prompt === undefined) malformed.push(index + 1);
    else trials.push(trialOf(prompt, index + 1, privatePaths));
  }
  return { trials, malformed };
}

function readLine(line: string): PromptLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  // A field that is null is left out, as tables that were turned into JSON have it.
  const given = Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
  const read = v.safeParse(promptLine, given);
  return read.success ? read.output : undefined;
}

function trialOf(line: PromptLine, number: number, privatePaths: readonly string[]): Trial {
  const { prompt, context = "", command, language, paths = [], conversation = `line ${number}` } = line;
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
  return { request: { ...request, paths, ...(language === undefined ? {} : { language }) } };
}
