/** An error as OpenAI's wire tells it: https://platform.openai.com/docs/guides/error-codes */
export type WireError = {
  readonly status: number;
  readonly type: "invalid_request_error" | "authentication_error" | "insufficient_quota" | "server_error";
  readonly code: string;
  /** What happened, and what to do. Never holds a key or the token. */
  readonly message: string;
  /** The field of the request that is wrong. */
  readonly param?: string;
  /** Seconds after which asking again makes sense. */
  readonly retryAfterSeconds?: number;
};

/** The request is not carried out, and this is what its client is told. */
export class Refusal extends Error {
  readonly error: WireError;
  /** Sent along with it. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(error: WireError, headers: Readonly<Record<string, string>> = {}) {
    super(error.message);
    this.name = "Refusal";
    this.error = error;
    this.headers = headers;
  }
}

/** A 400 about one field of the body. */
export function badRequest(message: string, param?: string, code = "invalid_value"): Refusal {
  return new Refusal({
    status: 400,
    type: "invalid_request_error",
    code,
    message,
    ...(param === undefined ? {} : { param }),
  });
}

/** The body of an error's response, and the data of an error event. */
export function errorJson({ message, type, code, param }: WireError): string {
  return JSON.stringify({ error: { message, type, param: param ?? null, code } });
}
