import { connect, type Socket } from "node:net";

/** What a client received of one answer; times in milliseconds since the request was written. */
export type Received = { readonly firstMs: number; readonly totalMs: number; readonly events: number };

export type AskOptions = {
  /** Called at each read with the number of events so far. */
  readonly onEvents?: ((events: number) => void) | undefined;
  /** Disconnects after this many events. */
  readonly disconnectAfter?: number | undefined;
};

/**
 * A client over plain sockets, with persistent connections and prepared requests. It parses only the necessary parts of a
 * response, so that it costs a fraction of the servers that it measures.
 */
export class Client {
  readonly #port: number;
  readonly #model: string;
  readonly #token: string;
  readonly #requests = new Map<string, Buffer>();
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();

  constructor(origin: string, model: string, token: string) {
    this.#port = Number(new URL(origin).port);
    this.#model = model;
    this.#token = token;
  }

  /** Sends a prompt and waits for its answer. @throws Error where the response is not a complete 200 */
  async ask(prompt: string, stream: boolean, options: AskOptions = {}): Promise<Received> {
    const connection = this.#idleConnection() ?? (await this.#connect());
    const received = await connection.exchange(this.#request(prompt, stream), stream, options);
    if (options.disconnectAfter === undefined) this.#idle.push(connection);
    else this.#all.delete(connection);
    return received;
  }

  close(): void {
    for (const connection of this.#all) connection.close();
  }

  /** A kept connection that the server has not closed meanwhile. */
  #idleConnection(): Connection | undefined {
    let connection = this.#idle.pop();
    while (connection?.isClosed === true) connection = this.#idle.pop();
    return connection;
  }

  async #connect(): Promise<Connection> {
    const connection = await Connection.open(this.#port);
    this.#all.add(connection);
    return connection;
  }

  #request(prompt: string, stream: boolean): Buffer {
    const key = `${stream} ${prompt}`;
    const known = this.#requests.get(key);
    if (known !== undefined) return known;
    const body = JSON.stringify({
      model: this.#model,
      stream,
      messages: [{ role: "user", content: prompt }],
    });
    const request = Buffer.from(
      "POST /v1/chat/completions HTTP/1.1\r\n" +
        `host: 127.0.0.1:${this.#port}\r\n` +
        `authorization: Bearer ${this.#token}\r\n` +
        "content-type: application/json\r\n" +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    this.#requests.set(key, request);
    return request;
  }
}

type Exchange = {
  readonly stream: boolean;
  readonly options: AskOptions;
  readonly startedMs: number;
  readonly resolve: (received: Received) => void;
  readonly reject: (error: Error) => void;
  firstMs: number;
  events: number;
  /** Bytes still to come of a response with a length; undefined for a chunked one. */
  leftBytes: number | undefined;
  isHeadRead: boolean;
};

const HEAD_END = "\r\n\r\n";
const CHUNKED_END = Buffer.from("0\r\n\r\n");

/** One persistent connection, with one exchange at a time. */
class Connection {
  readonly #socket: Socket;
  #exchange: Exchange | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("error", (error) => this.#exchange?.reject(error));
    socket.on("close", () => this.#exchange?.reject(new Error("The server closed the connection.")));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => resolve(new Connection(socket)));
      socket.once("error", reject);
    });
  }

  get isClosed(): boolean {
    return this.#socket.destroyed || this.#socket.readableEnded;
  }

  exchange(request: Buffer, stream: boolean, options: AskOptions): Promise<Received> {
    return new Promise((resolve, reject) => {
      this.#exchange = {
        stream,
        options,
        startedMs: performance.now(),
        resolve,
        reject,
        firstMs: 0,
        events: 0,
        leftBytes: undefined,
        isHeadRead: false,
      };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#exchange = undefined;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    const body = exchange.isHeadRead ? chunk : readHead(chunk, exchange);
    if (body === undefined) return;
    const nowMs = performance.now() - exchange.startedMs;
    if (exchange.stream) exchange.events += countEvents(body);
    if (exchange.firstMs === 0 && (!exchange.stream || exchange.events > 0)) exchange.firstMs = nowMs;
    exchange.options.onEvents?.(exchange.events);
    const { disconnectAfter = Number.POSITIVE_INFINITY } = exchange.options;
    if (exchange.leftBytes !== undefined) exchange.leftBytes -= body.length;
    const isComplete =
      exchange.leftBytes === undefined
        ? body.subarray(-CHUNKED_END.length).equals(CHUNKED_END)
        : exchange.leftBytes <= 0;
    if (!isComplete && exchange.events < disconnectAfter) return;
    this.#exchange = undefined;
    if (!isComplete) this.#socket.destroy();
    exchange.resolve({ firstMs: exchange.firstMs, totalMs: nowMs, events: exchange.events });
  }
}

/** Reads the response's head and returns the part of the body that came with it. */
function readHead(chunk: Buffer, exchange: Exchange): Buffer | undefined {
  const end = chunk.indexOf(HEAD_END);
  const head = chunk.subarray(0, end < 0 ? chunk.length : end).toString("latin1");
  if (end < 0 || !head.startsWith("HTTP/1.1 200")) {
    exchange.reject(new Error(`Expected a 200 with its head in one read, got: ${chunk.toString("latin1")}`));
    return undefined;
  }
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  exchange.leftBytes = length === undefined ? undefined : Number(length);
  exchange.isHeadRead = true;
  return chunk.subarray(end + HEAD_END.length);
}

/** Events end with an empty line. */
function countEvents(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf("\n\n"); at >= 0; at = chunk.indexOf("\n\n", at + 2)) count += 1;
  return count;
}
