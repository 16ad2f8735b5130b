/** Why an attempt failed. The table of dispatch/policy.ts says what follows from each. */
export type FailureKind =
  /** 429: the provider's rate limit; `retryAfterMs` where it said so. */
  | "rate-limited"
  /** 408, 500, 502, 503, 504, 529, or the connection was reset before headers. */
  | "overloaded"
  /** A limit of ours passed; `phase` says which. */
  | "timeout"
  /** The stream broke: cut, ended without a finish reason, or carried an error event. */
  | "cut"
  /** The answer ended with neither text nor tool call. */
  | "empty"
  | "context-length"
  /** Content filter, refusal or moderation: the provider's reason is in `words`. */
  | "refused"
  /** 401: the key is missing or wrong. */
  | "auth"
  /** 403 otherwise. */
  | "forbidden"
  /** 404: no such model or address. */
  | "not-found"
  /** Out of credit. */
  | "quota"
  /** Nobody listens at the address, or its name is not known. */
  | "unreachable"
  /** 400 and other client errors. */
  | "bad-request"
  /** What came was not the provider's wire format. */
  | "malformed"
  | "cancelled";

/** `connect`: no connection; `headers`: not a byte of an answer; `first-token`; `idle`; `total`: see `switchyard.timeouts`. */
export type TimeoutPhase = "connect" | "headers" | "first-token" | "idle" | "total";

/** A failure as plain data, fit for the history and the view. Never holds a key. */
export type FailureRecord = {
  readonly kind: FailureKind;
  readonly provider: string;
  readonly status?: number;
  /** The provider's own code, e.g. `context_length_exceeded`. */
  readonly code?: string;
  /** The provider's own words, or ours where it said nothing. */
  readonly message: string;
  readonly retryAfterMs?: number;
  readonly requestId?: string;
  readonly phase?: TimeoutPhase;
  /** Not a byte of the request left this machine: the attempt cannot have cost anything. */
  readonly notSent?: true;
};

/** The only thing that `Provider.ask` throws. */
export class Failure extends Error {
  readonly record: FailureRecord;

  constructor(record: FailureRecord, options?: ErrorOptions) {
    super(`${record.provider}: ${record.kind}: ${record.message}`, options);
    this.name = "Failure";
    this.record = record;
  }
}
