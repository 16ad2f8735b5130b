/** An error in OpenAI's wire format: https://platform.openai.com/docs/guides/error-codes */
export type WireError = {
  readonly status: number;
  readonly type: "invalid_request_error" | "authentication_error" | "insufficient_quota" | "server_error";
  readonly code: string;
  /** What happened, and what to do. Never contains a key or the token. */
  readonly message: string;
  /** The field of the request that is wrong. */
  readonly param?: string | undefined;
  /** When to retry, in seconds. */
  readonly retryAfterSeconds?: number | undefined;
};

/** Ends a request with an error response. Thrown only before any part of an answer was sent. */
export class HttpError extends Error {
  readonly error: WireError;
  /** Headers of the error response. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(error: WireError, headers: Readonly<Record<string, string>> = {}) {
    super(error.message);
    this.name = "HttpError";
    this.error = error;
    this.headers = headers;
  }
}

/** A 400 about one field of the body. */
export function badRequest(message: string, param?: string, code = "invalid_value"): HttpError {
  return new HttpError({ status: 400, type: "invalid_request_error", code, message, param });
}

/** The body of an error response, and the data of an error event. */
export function errorJson({ message, type, code, param }: WireError): string {
  return JSON.stringify({ error: { message, type, param: param ?? null, code } });
}
