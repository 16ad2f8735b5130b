import { isRecord } from "../base/isRecord.ts";

/**
 * A failure of a response. `afterTokens` is the number of pieces of text that are sent before it. Times are in
 * milliseconds.
 */
export type Fault =
  /** Responds with a status, and with the provider's own error body unless `body` is given. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      readonly body?: unknown;
    }
  | { readonly kind: "delayHeaders"; readonly ms: number }
  /** A complete answer with some headers replaced, for example an exhausted rate limit. */
  | { readonly kind: "headers"; readonly headers: Readonly<Record<string, string>> }
  /** Closes the connection before the first byte of the response. */
  | { readonly kind: "resetBeforeHeaders" }
  /** Sends the headers at once, and the first text after a delay. */
  | { readonly kind: "slowFirstToken"; readonly ms: number }
  /** A delay before each piece of text. */
  | { readonly kind: "slowTokens"; readonly ms: number }
  /** Sends nothing more and keeps the connection open. */
  | { readonly kind: "stall"; readonly afterTokens: number }
  /** `reset`: the connection is closed with an error. `clean`: the response ends normally, but too early. */
  | { readonly kind: "cut"; readonly afterTokens: number; readonly how: "reset" | "clean" }
  /** One event that is not valid JSON, after which the stream continues. */
  | { readonly kind: "malformedEvent"; readonly afterTokens: number }
  /** One event of this many bytes on a single line. */
  | { readonly kind: "hugeEvent"; readonly afterTokens: number; readonly bytes: number }
  /** Bytes within a text that are not valid UTF-8. */
  | { readonly kind: "badUtf8"; readonly afterTokens: number }
  /** An error event, after which the stream ends. By default, the provider's "overloaded" error. */
  | {
      readonly kind: "errorEvent";
      readonly afterTokens: number;
      readonly error?: Readonly<Record<string, unknown>> | undefined;
    }
  /** Omits `[DONE]` (Anthropic: `message_stop`) and keeps the connection open. */
  | { readonly kind: "noDone" }
  /** Ends the stream after the text, without a finish reason. */
  | { readonly kind: "noFinish" }
  /** An answer without text. */
  | { readonly kind: "empty" }
  | { readonly kind: "refusal"; readonly message?: string }
  /** Reports another usage; by default with a negative and an absurdly large number. */
  | { readonly kind: "wrongUsage"; readonly usage?: Readonly<Record<string, unknown>> };

/** A fault, and the requests that it affects. */
export type FaultRule = {
  /** The model's name in requests. Undefined: every model. */
  readonly model?: string | undefined;
  /** How many requests are affected; 1 by default. */
  readonly times?: number | "always" | undefined;
  readonly fault: Fault;
};

/** The numbers that each kind of fault requires. */
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

/** Reads the rule in the body of a control request. Returns a message if it is invalid. */
export function readFaultRule(body: unknown): FaultRule | string {
  if (!isRecord(body)) return 'Expected an object such as {"fault": {"kind": "empty"}}.';
  const { model, times, fault } = body;
  if (model !== undefined && typeof model !== "string") return '"model" must be the name of a model.';
  if (times !== undefined && times !== "always" && !isCount(times))
    return '"times" must be a number or "always".';
  if (!isRecord(fault) || !isFault(fault))
    return `"fault" must have one of the kinds ${Object.keys(NUMBERS).join(", ")}, and its numbers.`;
  return { fault, model, times };
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

/** The active fault rules, in the order in which they were added. */
export class FaultRules {
  #rules: { readonly rule: FaultRule; left: number }[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ rule, left: rule.times === "always" ? Number.POSITIVE_INFINITY : (rule.times ?? 1) });
  }

  clear(): void {
    this.#rules = [];
  }

  /** Takes the fault of the first rule that applies to a request for this model. */
  take(model: string): Fault | undefined {
    const found = this.#rules.find(
      ({ rule, left }) => left > 0 && (rule.model === undefined || rule.model === model),
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.rule.fault;
  }
}
