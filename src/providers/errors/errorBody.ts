import { isRecord } from "../../base/isRecord.ts";
import { type Json, parseJson } from "../json.ts";

/** The content of an error, in any of the providers' formats. */
export type ErrorDetails = {
  /** Codes and types, the most specific first. */
  readonly codes: readonly string[];
  readonly message: string;
  /** The error's own status, which may differ from that of its response. */
  readonly status: number | undefined;
  /** The fields of the request that the error names, such as `tools[0].type`. */
  readonly fields: readonly string[];
};

const NOTHING: ErrorDetails = { codes: [], message: "", status: undefined, fields: [] };

/** Proxies wrap a server's error in their own, some of them twice. */
const MAX_DEPTH = 6;
const MAX_FIELDS = 10;

/** An error event may be far longer than the body of an error, and the patterns take too long for it. */
const MAX_CHARACTERS = 65_536;

/**
 * Reads an error. If it contains another one, as an object or as JSON within a text, the innermost one with a message
 * counts; the codes of all of them are kept.
 * @param body the parsed body, or its text
 */
export function readErrorBody(body: unknown): ErrorDetails {
  return read(body, 0);
}

function read(value: unknown, depth: number): ErrorDetails {
  if (depth > MAX_DEPTH) return NOTHING;
  if (typeof value === "string") return readText(value, depth);
  if (Array.isArray(value)) return readList(value, depth);
  return isRecord(value) ? readRecord(value, depth) : NOTHING;
}

function readRecord(error: Json, depth: number): ErrorDetails {
  const inner = innerErrorOf(error, depth);
  const { code, status } = error;
  const codes = [
    code,
    error["error_code"],
    recordOf(error["details"])["error_code"],
    recordOf(error["innererror"] ?? error["inner_error"])["code"],
    status,
    error["type"],
    error["error_type"],
  ].flatMap((found) => (isCode(found) ? [found] : []));
  return {
    codes: [...inner.codes, ...codes],
    message: inner.message,
    status: inner.status ?? statusOf(code) ?? statusOf(status),
    fields: [...inner.fields, ...fieldsOf(error)].slice(0, MAX_FIELDS),
  };
}

/** The first error with a message, in the order of the places where providers and proxies have it. */
function innerErrorOf(error: Json, depth: number): ErrorDetails {
  // OpenRouter: the error of the server behind it.
  const raw = read(recordOf(error["metadata"])["raw"], depth + 1);
  if (raw.message !== "") return raw;
  const wrapped = typeof error["error"] === "string" ? NOTHING : read(error["error"], depth + 1);
  if (wrapped.message !== "") return wrapped;
  for (const place of ["message", "detail", "errors", "msg", "error_description", "title"]) {
    const found = read(error[place], depth + 1);
    if (found.message !== "") return found;
  }
  return typeof error["error"] === "string" ? readText(error["error"], depth + 1) : wrapped;
}

/** Google sends errors in an array; FastAPI and pydantic send one entry for each invalid field. */
function readList(list: readonly unknown[], depth: number): ErrorDetails {
  const invalid = list
    .slice(0, MAX_FIELDS)
    .flatMap((entry) => (isRecord(entry) && Array.isArray(entry["loc"]) ? [entry] : []));
  if (invalid.length > 0) {
    const fields = invalid.map(({ loc }) => fieldOf(loc));
    const messages = invalid.map(({ msg, type }, at) => `${fields[at]}: ${String(msg ?? type)}`);
    return { ...NOTHING, message: messages.join("; "), fields };
  }
  if (list.length > 0 && list.every((entry) => typeof entry === "string")) {
    return readText(list.join("; "), depth);
  }
  return read(list[0], depth + 1);
}

/** The place of a field as a path, without `body`, in which each one is. */
function fieldOf(loc: unknown): string {
  const path = Array.isArray(loc) ? loc.filter((part) => part !== "body") : [];
  return path.join(".");
}

/** A text, or the error that it contains as JSON: `BadRequestError: {"error": …}`. */
function readText(whole: string, depth: number): ErrorDetails {
  const text = whole.slice(0, MAX_CHARACTERS);
  const brace = text.search(/[[{]/);
  if (brace < 0) return { ...NOTHING, message: text };
  const inner = read(jsonFrom(text, brace), depth + 1);
  if (inner.message !== "") return inner;
  return readPythonText(text) ?? { ...NOTHING, message: text };
}

/** A text may contain brackets after the JSON, and JSON that is none. */
const MAX_ENDS = 10;

/** The JSON value that begins here; undefined if there is none. */
function jsonFrom(text: string, start: number): unknown {
  const close = text[start] === "{" ? "}" : "]";
  let end = text.lastIndexOf(close);
  for (let tries = 0; tries < MAX_ENDS && end > start; tries++) {
    const value = parseJson(text.slice(start, end + 1));
    if (value !== undefined) return value;
    end = text.lastIndexOf(close, end - 1);
  }
  return undefined;
}

/** A message and its codes as Python prints them, or in JSON that was cut: `{'error': {'message': "…", 'code': …`. */
const PYTHON_MESSAGE = /['"](?:message|detail|msg)['"]:\s*(['"])((?:\\.|(?!\1)[^\\])+)\1/g;
const PYTHON_CODE = /['"](?:code|type)['"]:\s*['"]?([\w.-]+)/g;

function readPythonText(text: string): ErrorDetails | undefined {
  const message = [...text.matchAll(PYTHON_MESSAGE)].at(-1)?.[2];
  if (message === undefined) return undefined;
  const codes = [...text.matchAll(PYTHON_CODE)].flatMap(([, code]) => code ?? []).reverse();
  return {
    ...NOTHING,
    message: message.replaceAll(/\\(['"])/g, "$1"),
    codes: codes.filter((code) => isCode(code) && code !== "None"),
    status: codes.map(statusOf).find((status) => status !== undefined),
  };
}

/** Azure and Google send the status as the code; a type that is only "error" has no meaning. */
function isCode(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !/^(\d+|error)$/.test(value);
}

function statusOf(value: unknown): number | undefined {
  const status = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof status === "number" && Number.isInteger(status) && status >= 400 && status < 600
    ? status
    : undefined;
}

/** The fields that an error names: `param`, or Google's list of violations. */
function fieldsOf({ param, details }: Json): readonly string[] {
  if (typeof param === "string" && param !== "") return [param];
  const violations = (Array.isArray(details) ? details : []).flatMap((detail) => {
    const found = recordOf(detail)["fieldViolations"];
    return Array.isArray(found) ? found : [];
  });
  return violations.flatMap((violation) => {
    const { field } = recordOf(violation);
    return typeof field === "string" && field !== "" ? [field] : [];
  });
}

function recordOf(value: unknown): Json {
  return isRecord(value) ? value : {};
}
