import type { Capability } from "./model.ts";

/** Why an attempt failed. `dispatch/failurePolicy.ts` decides what follows from each kind. */
export type FailureKind =
  /** 429: the provider's rate limit; `retryAfterMs` if the provider reported a wait. */
  | "rate-limited"
  /** 408, 500, 502, 503, 504, 529, or the connection was reset before headers. */
  | "overloaded"
  /** One of the limits of `switchyard.timeouts` passed; `phase` names it. */
  | "timeout"
  /** The stream broke: it was cut, ended without a finish reason, or carried an error event. */
  | "cut"
  /** The answer ended with neither text nor tool call. */
  | "empty"
  /** The prompt, or the prompt and the output limit, do not fit the context window. `size` if the provider named it. */
  | "context-length"
  /**
   * The request alone exceeds a rate limit, such as the account's tokens per minute, so that no wait helps. `size` if the
   * provider named it.
   */
  | "too-large"
  /** The model lacks a capability that the request needs: `capability` names it. */
  | "capability"
  /** Content filter, refusal or moderation: `message` holds the provider's reason. */
  | "refused"
  /** 401: the key is missing or wrong. */
  | "auth"
  /** Any other 403. */
  | "forbidden"
  /** 404: no such model or address. */
  | "not-found"
  /**
   * Out of credit, or a limit of the account's plan is reached, for example that of a week. `retryAfterMs` if the provider
   * named when it is reset; `scope` if it applies to the model alone.
   */
  | "quota"
  /** No server listens at the address, or its host name is unknown. */
  | "unreachable"
  /** The server's certificate is not trusted, or not valid. */
  | "certificate"
  /** 400 and other client errors. */
  | "bad-request"
  /** The response was not in the provider's wire format. */
  | "malformed"
  | "cancelled";

/** What a timeout waited for: a connection, response headers, the first token, the next event, or the start of an answer. */
export type TimeoutPhase = "connect" | "headers" | "first-token" | "idle" | "total";

/** The tokens of a request that was too large, as the provider counts them. */
export type RefusedSize = {
  /** The most that the provider takes. */
  readonly limitTokens: number;
  readonly requestedTokens: number;
  /** `requestedTokens` includes the output limit of the request: with a lower one it may fit. */
  readonly withOutput: boolean;
};

/** A failure as plain data, for the history and the view. Never holds a key. */
export type FailureRecord = {
  readonly kind: FailureKind;
  readonly provider: string;
  /** The HTTP status of the response. */
  readonly status?: number | undefined;
  /** The provider's own code, e.g. `context_length_exceeded`. */
  readonly code?: string | undefined;
  /** The provider's own message, or Switchyard's if it sent none. */
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
  /** The provider's id of the request. */
  readonly requestId?: string | undefined;
  readonly phase?: TimeoutPhase | undefined;
  readonly capability?: Capability | undefined;
  readonly size?: RefusedSize | undefined;
  readonly scope?: "model" | undefined;
  /** The fields of the request that the provider named, such as `tools[0].type`. */
  readonly fields?: readonly string[] | undefined;
  /** The request can be sent once more: its adapter leaves out or translates what was refused. */
  readonly isAdaptable?: true | undefined;
  /** This machine has no network, so that no other provider on the internet can be reached either. */
  readonly isOffline?: true | undefined;
  /** No byte of the request left this machine: the attempt cannot have cost anything. */
  readonly notSent?: true | undefined;
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
