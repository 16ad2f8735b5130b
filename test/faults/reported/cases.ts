import { readFileSync } from "node:fs";
import * as v from "valibot";

const headers = v.record(v.string(), v.string());

/** What a provider sends: one chunk in each write. */
const REPLY = {
  wire: v.optional(v.picklist(["openai", "anthropic"])),
  status: v.optional(v.number()),
  headers: v.optional(headers),
  chunks: v.optional(v.array(v.string())),
  /** Before each chunk. */
  delaysMs: v.optional(v.array(v.number())),
  encoding: v.optional(v.literal("base64")),
  /** Bytes in each write, whatever the chunks are. */
  streamInPiecesOf: v.optional(v.number()),
} as const;

const reply = v.strictObject(REPLY);

/** Replies that depend on the request, or on its number. */
const upstream = v.strictObject({
  ...REPLY,
  /** The request is refused with the reply above if its body matches, or does not; else `otherwise` is sent. */
  rejectWhenBodyMatches: v.optional(v.string()),
  rejectUnlessBodyMatches: v.optional(v.string()),
  otherwise: v.optional(reply),
  /** Changes to the reply, for the first request, the second, and so on. The last one stays. */
  sequence: v.optional(v.array(reply)),
});

const body = v.nullable(v.record(v.string(), v.unknown()));
const request = v.strictObject({
  method: v.optional(v.string()),
  path: v.optional(v.string()),
  headers: v.optional(headers),
  body: v.optional(body),
  upstream: v.optional(v.nullable(upstream)),
});

const expectation = v.record(v.string(), v.unknown());
const settings = v.record(v.string(), v.unknown());

const COMMON = {
  world: v.string(),
  expect: expectation,
  settings: v.optional(settings),
  models: v.optional(settings),
  price: v.optional(settings),
} as const;

const fromUpstream = v.strictObject({
  ...COMMON,
  ...upstream.entries,
  kind: v.picklist(["upstream-stream", "upstream-response", "price"]),
  path: v.optional(v.string()),
  /** Tools of the prompt, by name. */
  request: v.optional(v.strictObject({ tools: v.array(v.string()) })),
  /** How often the prompt is sent. */
  repeat: v.optional(v.number()),
  prompts: v.optional(v.array(v.strictObject({ text: v.string(), image: v.optional(v.string()) }))),
  /** Variants: what they lack is as in the case itself. */
  also: v.optional(v.array(v.strictObject({ ...upstream.entries, expect: v.optional(expectation) }))),
});

const fromClient = v.strictObject({
  ...COMMON,
  ...request.entries,
  kind: v.literal("client-request"),
  /** The client disconnects after such a time without a byte. */
  clientIdleMs: v.optional(v.number()),
  /** A request that follows. */
  second: v.optional(request),
  also: v.optional(v.array(request)),
});

/** Cases that this suite does not run: a named test covers each. */
const elsewhere = v.looseObject({ kind: v.picklist(["settings", "prompt", "ui"]) });

const caseSchema = v.strictObject({
  id: v.string(),
  summary: v.string(),
  /** What should happen. It prevails over `input.expect`. */
  right: v.string(),
  input: v.variant("kind", [fromUpstream, fromClient, elsewhere]),
});

export type Upstream = v.InferOutput<typeof upstream>;
export type ClientRequest = v.InferOutput<typeof request>;
export type Expectation = v.InferOutput<typeof expectation>;
export type UpstreamInput = v.InferOutput<typeof fromUpstream>;
export type ClientInput = v.InferOutput<typeof fromClient>;
export type ReportedCase = v.InferOutput<typeof caseSchema>;

/** The cases of `cases.jsonl`. @throws if one of them has a field that this suite does not know */
export function readCases(): readonly ReportedCase[] {
  const lines = readFileSync(new URL("cases.jsonl", import.meta.url), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => v.parse(caseSchema, JSON.parse(line)));
}

/** The replies of a case or of one of its variants. */
export function upstreamOf(input: UpstreamInput, variant: Partial<Upstream> = {}): Upstream {
  const names = Object.keys(upstream.entries);
  const own = Object.fromEntries(Object.entries(input).filter(([name]) => names.includes(name)));
  const { expect: _, ...changes } = { expect: undefined, ...variant };
  return v.parse(upstream, { ...own, ...changes });
}

/** A pattern of a case. It may begin with `(?i)`, as in other languages. */
export function patternOf(text: string): RegExp {
  return text.startsWith("(?i)") ? new RegExp(text.slice(4), "i") : new RegExp(text);
}
