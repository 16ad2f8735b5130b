import { StringDecoder } from "node:string_decoder";
import { isRecord } from "../../base/isRecord.ts";
import type { Failure } from "../../contract/failure.ts";
import {
  type FailureContext,
  failureOf,
  failureOfErrorBody,
  failureOfNetworkError,
  failureOfResponse,
} from "../errors/failures.ts";
import { parseJson } from "../json.ts";
import type { HttpExchange, HttpRequest, HttpTransport, ResponseHeaders } from "./transport/transport.ts";

/**
 * OpenRouter's list of models, the longest response known, is about 1 MB; 32 embeddings of 4,096 dimensions are 3 MB.
 */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_MS = 15_000;

/** The limit on connecting, in milliseconds. */
const CONNECT_MS = 5000;

/** A request for JSON. */
export type JsonCall = {
  readonly transport: HttpTransport;
  readonly request: Omit<HttpRequest, "connectMs">;
  readonly context: FailureContext;
  readonly signal: AbortSignal;
  /** What is requested, for failure messages. */
  readonly what: string;
};

/** Collects the text of a body until it has a number of bytes. */
export class BoundedText {
  readonly #decoder = new StringDecoder("utf8");
  readonly #maxBytes: number;
  #bytes = 0;
  #text = "";

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get text(): string {
    return this.#text;
  }

  /** The number of bytes is reached; no more should be added. */
  get isFull(): boolean {
    return this.#bytes >= this.#maxBytes;
  }

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    this.#text += this.#decoder.write(chunk);
  }
}

/** Requests JSON of at most 16 MB within 15 s. @throws Failure and nothing else */
export function requestJson({ transport, request, context, signal, what }: JsonCall): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) throw failureOf(context, "cancelled", "stopped");
    const body = new BoundedText(MAX_BYTES);
    let exchange: HttpExchange | undefined;
    let response: { readonly status: number; readonly headers: ResponseHeaders } | undefined;

    const stop = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      exchange?.abort();
    };
    const fail = (failure: Failure): void => {
      stop();
      reject(failure);
    };
    const finish = (): void => {
      const { status, headers } = response ?? { status: 0, headers: {} };
      const json = parseJson(body.text);
      if (status >= 300) fail(failureOfResponse(context, status, headers, body.text));
      else if (json === undefined) fail(unreadable(context, what, body.text));
      else {
        stop();
        resolve(json);
      }
    };
    const onAbort = (): void => fail(failureOf(context, "cancelled", "stopped"));
    const timer = setTimeout(() => {
      fail(failureOf(context, "timeout", `no ${what} within ${MAX_MS} ms`, { phase: "total" }));
    }, MAX_MS);
    signal.addEventListener("abort", onAbort, { once: true });

    exchange = transport.send(
      { ...request, connectMs: CONNECT_MS },
      {
        onHeaders(status, headers) {
          response = { status, headers };
        },
        onData(chunk) {
          body.add(chunk);
          if (body.isFull) finish();
        },
        onEnd: finish,
        onError(error) {
          // A body may be complete although its connection broke.
          if (response === undefined) fail(failureOfNetworkError(context, error, false));
          else finish();
        },
      },
    );
  });
}

/**
 * The ids in a server's list of models, in its order and as they are. The list is OpenAI's `data`, `models` as Ollama and
 * Google name it, or the whole response, as Together's is. Entries without an id that is a text, or
 * with the key in it, are left out.
 * @throws Failure
 */
export async function requestModelIds(call: Omit<JsonCall, "what">): Promise<readonly string[]> {
  const what = "list of models";
  const { context } = call;
  const answer = await requestJson({ ...call, what });
  const { data, models, error } = isRecord(answer) ? answer : { data: answer };
  const idsIn = (entries: readonly unknown[], names: readonly string[]): readonly string[] =>
    entries.flatMap((entry) => idIn(entry, names)).filter((id) => !context.redaction.isIn(id));
  if (Array.isArray(data)) return idsIn(data, ["id"]);
  if (Array.isArray(models)) return idsIn(models, ["id", "model", "name"]);
  throw isRecord(error)
    ? failureOfErrorBody(context, error)
    : unreadable(context, what, JSON.stringify(answer));
}

/** The first text under one of the names, as a list of at most one. */
function idIn(entry: unknown, names: readonly string[]): readonly string[] {
  const values = isRecord(entry) ? names.map((name) => entry[name]) : [entry];
  const id = values.find((value) => typeof value === "string" && value !== "");
  return typeof id === "string" ? [id] : [];
}

function unreadable(context: FailureContext, what: string, text: string): Failure {
  const came = text.trim() === "" ? "the response is empty" : `the server sent ${text}`;
  return failureOf(context, "malformed", `the ${what} cannot be read: ${came}`);
}
