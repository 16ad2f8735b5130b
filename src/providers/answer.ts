/** What is read of an answer over HTTP. A `Response` is one; making one costs more than reading a short answer. */
export type Answer = {
  readonly ok: boolean;
  readonly status: number;
  /** By name in lower case. */
  readonly headers: AnswerHeaders;
  readonly body: AnswerBody | null;
};

export type AnswerHeaders = Pick<Headers, "get">;

export type AnswerBody = {
  getReader(): Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">;
};
