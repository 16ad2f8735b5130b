import * as v from "valibot";
import { isRecord } from "../base/isRecord.ts";
import { issueTexts } from "../settings/problems.ts";
import { count, userTier } from "../settings/values.ts";

const promptLine = v.strictObject({
  prompt: v.string(),
  context: v.exactOptional(v.string()),
  command: v.exactOptional(v.string()),
  language: v.exactOptional(v.string()),
  paths: v.exactOptional(v.array(v.string())),
  user: v.exactOptional(v.string()),
  tier: v.exactOptional(userTier),
  conversation: v.exactOptional(v.string()),
  expectedOutputTokens: v.exactOptional(count()),
});

/** One prompt of the input, with what is known of it. */
export type PromptLine = Readonly<v.InferOutput<typeof promptLine>>;

const FIELDS: ReadonlySet<string> = new Set(Object.keys(promptLine.entries));

export type ReadLine =
  | { readonly kind: "prompt"; readonly prompt: PromptLine; readonly unknown: readonly string[] }
  | { readonly kind: "malformed"; readonly error: string };

/** Reads a line of the input. Fields that nobody knows are named, and do no harm: data often has more columns. */
export function readPromptLine(text: string): ReadLine {
  const read = parsed(text);
  if (typeof read === "string") return { kind: "malformed", error: read };
  const { value } = read;
  if (!isRecord(value)) return { kind: "malformed", error: "No JSON object in braces." };
  // A field that is null is left out, as tables that were turned into JSON have it.
  const given = Object.fromEntries(
    Object.entries(value).filter(([name, field]) => FIELDS.has(name) && field !== null),
  );
  const result = v.safeParse(promptLine, given);
  if (result.success) {
    return {
      kind: "prompt",
      prompt: result.output,
      unknown: Object.keys(value).filter((name) => !FIELDS.has(name)),
    };
  }
  const [error = "The line is invalid."] = issueTexts(result.issues, given);
  return { kind: "malformed", error };
}

/** The value, or what is wrong with the text. */
function parsed(text: string): { readonly value: unknown } | string {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return `Not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}
