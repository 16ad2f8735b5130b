import { StringDecoder } from "node:string_decoder";
import { type EventStreamHandler, EventStreamParser, MAX_EVENT_CHARACTERS } from "./eventStream.ts";

/** What the bytes of a body are, whatever its content type says. */
type Format = "undecided" | "events" | "json" | "page";

const BLANKS: ReadonlySet<number> = new Set([...Buffer.from(" \t\r\n\uFEFF")]);
const [BRACE, BRACKET, LESS_THAN] = Buffer.from("{[<");

/** Enough to see what came instead of an answer. */
const OPENING_CHARACTERS = 200;

/**
 * Reads the body of an answer by its bytes: server-sent events, or JSON, which is a whole answer, an error, or a stream
 * with one object in each line. Objects of JSON are passed on like events.
 */
export class AnswerBody {
  readonly #handler: EventStreamHandler;
  readonly #parser: EventStreamParser;
  readonly #decoder = new StringDecoder("utf8");
  #format: Format = "undecided";
  /** JSON that is not passed on yet: an open line, or all of it once a line is not an object. */
  #text: string[] = [];
  #characters = 0;
  #hasObjectPerLine = true;
  #opening = "";

  constructor(handler: EventStreamHandler) {
    this.#handler = handler;
    this.#parser = new EventStreamParser(handler);
  }

  /** Why the body cannot be an answer; undefined while it can be one. */
  get problem(): string | undefined {
    if (this.#format === "page") return "the server answered with an HTML page";
    const isTooLarge = this.#parser.isTooLarge || this.#characters > MAX_EVENT_CHARACTERS;
    return isTooLarge ? `an event of more than ${MAX_EVENT_CHARACTERS} characters` : undefined;
  }

  /** The beginning of a body of JSON; undefined for any other. */
  get openingOfJson(): string | undefined {
    return this.#format === "json" ? this.#opening : undefined;
  }

  feed(chunk: Buffer): void {
    if (this.#format === "undecided") this.#format = formatOf(chunk);
    if (this.#format === "events") this.#parser.feed(chunk);
    else if (this.#format === "json") this.#feedJson(this.#decoder.write(chunk));
  }

  /** Ends the body. */
  end(): void {
    if (this.#format === "events") this.#parser.end();
    if (this.#format !== "json") return;
    const rest = (this.#text.join("") + this.#decoder.end()).trim();
    if (rest !== "") this.#handler.onEvent({ data: rest, isBody: true });
  }

  #feedJson(text: string): void {
    if (this.#opening.length < OPENING_CHARACTERS) {
      this.#opening = (this.#opening + text).slice(0, OPENING_CHARACTERS);
    }
    this.#handler.onComment();
    this.#text.push(text);
    this.#characters += text.length;
    if (!this.#hasObjectPerLine || !text.includes("\n")) return;
    const lines = this.#text.join("").split("\n");
    const open = lines.findIndex((line, index) => index === lines.length - 1 || !isObject(line));
    for (const line of lines.slice(0, open)) {
      if (line.trim() !== "") this.#handler.onEvent({ data: line, isBody: true });
    }
    this.#hasObjectPerLine = open === lines.length - 1;
    const rest = lines.slice(open).join("\n");
    this.#text = [rest];
    this.#characters = rest.length;
  }
}

/** The format that begins with these bytes. White space decides nothing, and means nothing before events. */
function formatOf(chunk: Buffer): Format {
  const first = chunk.find((byte) => !BLANKS.has(byte));
  switch (first) {
    case undefined:
      return "undecided";
    case BRACE:
    case BRACKET:
      return "json";
    case LESS_THAN:
      return "page";
    default:
      return "events";
  }
}

/** Whether a line may be an object by itself, unlike a line of indented JSON; or blank. */
function isObject(line: string): boolean {
  const text = line.trim();
  return text === "" || (text.startsWith("{") && text.endsWith("}"));
}
