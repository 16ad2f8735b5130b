import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { readJsonc } from "../settings/jsonc.ts";
import { issueTexts } from "../settings/problems.ts";
import { object, record, usd } from "../settings/values.ts";
import { reasonOf, UsageError } from "./terminal.ts";

const YEAR_SECONDS = 366 * 86_400;

const subject = v.pipe(
  v.string(),
  v.regex(/^[^\s/]+(?:\/\S+)?$/, "a model as provider/model, or a provider"),
);
const seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(YEAR_SECONDS));
const isoDate = v.pipe(
  v.string(),
  v.regex(
    /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/,
    'an ISO date, such as "2026-11-21T15:00:00Z"',
  ),
  v.check((text) => !Number.isNaN(Date.parse(text)), "a day and a time that exist"),
);

const worldFile = object({
  remainingUsd: v.exactOptional(usd),
  openBreakers: v.exactOptional(v.array(subject)),
  missingKeys: v.exactOptional(v.array(v.pipe(v.string(), v.regex(/^[^\s/]+$/, "a provider's id")))),
  rateLimits: v.exactOptional(record(subject, seconds)),
  latency: v.exactOptional(
    record(
      subject,
      object({
        firstTokenMs: v.pipe(v.number(), v.minValue(0)),
        tokensPerSecond: v.pipe(v.number(), v.gtValue(0)),
      }),
    ),
  ),
  now: v.exactOptional(isoDate),
});

/** What to assume instead of a good day. */
export type WorldFile = v.InferOutput<typeof worldFile>;

/** @throws UsageError where the file cannot be read, or says what cannot be meant: all of it, on one line */
export async function readWorldFile(file: string): Promise<WorldFile> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new UsageError(`The world file ${file} cannot be read: ${reasonOf(error)}.`);
  });
  return worldIn(text, file);
}

/** @throws UsageError as `readWorldFile` does */
export function worldIn(text: string, file: string): WorldFile {
  const { raw, errors } = readJsonc(text);
  const [broken] = errors;
  if (broken !== undefined)
    throw new UsageError(`${file}:${broken.line}:${broken.column}: ${broken.message}`);
  const result = v.safeParse(worldFile, raw);
  if (result.success) return result.output;
  throw new UsageError(`${file}: ${issueTexts(result.issues, raw).join(" ")}`);
}
