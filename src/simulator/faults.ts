/**
 * What can be made to go wrong. `afterTokens` counts pieces of text that were sent before it happens; all times are
 * milliseconds.
 */
export type Fault =
  /** Answers with a status; without a `body`, with an error of the wire's own shape. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  | { readonly kind: "delayHeaders"; readonly ms: number }
  /** The answer is whole; these headers replace its own, e.g. for a rate limit that is used up. */
  | { readonly kind: "headers"; readonly headers: Readonly<Record<string, string>> }
  /** Closes the connection before a byte of an answer. */
  | { readonly kind: "resetBeforeHeaders" }
  /** The headers come at once, the first text after a while. */
  | { readonly kind: "slowFirstToken"; readonly ms: number }
  /** A pause before each piece of text. */
  | { readonly kind: "slowTokens"; readonly ms: number }
  /** Says nothing more, and keeps the connection. */
  | { readonly kind: "stall"; readonly afterTokens: number }
  /** `reset`: the connection breaks; `clean`: the stream ends as if it were whole. */
  | { readonly kind: "cut"; readonly afterTokens: number; readonly how: "reset" | "clean" }
  /** One event that is no JSON; the stream goes on behind it. */
  | { readonly kind: "malformedEvent"; readonly afterTokens: number }
  /** One event of this many bytes, whose line never ends before them. */
  | { readonly kind: "hugeEvent"; readonly afterTokens: number; readonly bytes: number }
  /** Bytes that are no UTF-8, inside a text. */
  | { readonly kind: "badUtf8"; readonly afterTokens: number }
  /** An error event in the stream, which then ends. Defaults to the wire's "overloaded". */
  | {
      readonly kind: "errorEvent";
      readonly afterTokens: number;
      readonly error?: Readonly<Record<string, unknown>>;
    }
  /** The connection stays open behind the last event, and there is no `[DONE]` (Anthropic: no `message_stop`). */
  | { readonly kind: "noDone" }
  /** All the text, then the end of the stream, without a finish reason. */
  | { readonly kind: "noFinish" }
  | { readonly kind: "empty" }
  | { readonly kind: "refusal"; readonly message?: string }
  /** Replaces the usage that is told; by default by a negative and an absurd number. */
  | { readonly kind: "wrongUsage"; readonly usage?: Readonly<Record<string, unknown>> };

/** A fault, whom it strikes, and how often. */
export type FaultRule = {
  /** A model's name on the wire; left out: every model. */
  readonly model?: string;
  /** How many requests it strikes; 1 where left out. */
  readonly times?: number | "always";
  readonly fault: Fault;
};

const NUMBERS: Readonly<Record<Fault["kind"], readonly string[]>> = {
  status: ["status"],
  delayHeaders: ["ms"],
  headers: [],
  resetBeforeHeaders: [],
  slowFirstToken: ["ms"],
  slowTokens: ["ms"],
  stall: ["afterTokens"],
  cut: ["afterTokens"],
  malformedEvent: ["afterTokens"],
  hugeEvent: ["afterTokens", "bytes"],
  badUtf8: ["afterTokens"],
  errorEvent: ["afterTokens"],
  noDone: [],
  noFinish: [],
  empty: [],
  refusal: [],
  wrongUsage: [],
};

/** The rule in a control request's body, or what is wrong with it, in words. */
export function readRule(body: unknown): FaultRule | string {
  if (!isRecord(body)) return 'a rule looks like {"fault": {"kind": "…"}}';
  const { model, times, fault } = body;
  if (model !== undefined && typeof model !== "string") return '"model" is the name of a model';
  if (times !== undefined && times !== "always" && !isCount(times)) return '"times" is a number or "always"';
  if (!isRecord(fault) || !isFault(fault))
    return `"fault" is one of ${Object.keys(NUMBERS).join(", ")}, with its numbers`;
  return { fault, ...(model === undefined ? {} : { model }), ...(times === undefined ? {} : { times }) };
}

function isFault(fault: Readonly<Record<string, unknown>>): fault is Fault {
  const kind = fault["kind"];
  if (typeof kind !== "string" || !isKind(kind)) return false;
  if (kind === "cut" && fault["how"] !== "reset" && fault["how"] !== "clean") return false;
  return NUMBERS[kind].every((name) => isCount(fault[name]));
}

function isKind(kind: string): kind is Fault["kind"] {
  return Object.hasOwn(NUMBERS, kind);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The rules in force. The first one that fits a model strikes, and is used up. */
export class Misbehaviour {
  #rules: { readonly rule: FaultRule; left: number }[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ rule, left: rule.times === "always" ? Number.POSITIVE_INFINITY : (rule.times ?? 1) });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault that strikes this request, if any. */
  next(model: string): Fault | undefined {
    const found = this.#rules.find(
      ({ rule, left }) => left > 0 && (rule.model === undefined || rule.model === model),
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.rule.fault;
  }
}
