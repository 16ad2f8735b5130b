import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type * as vscode from "vscode";
import { until } from "./until.ts";

/** VS Code's API. */
export type VsCode = typeof vscode;

type Pending = { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void };

/** The extension host of one window, as its companion extension reaches it. */
export class ExtensionHost {
  readonly #server: Server;
  #socket: Socket | undefined;
  #lastId = 0;
  readonly #pending = new Map<number, Pending>();

  private constructor(server: Server) {
    this.#server = server.on("connection", (socket) => this.#use(socket));
  }

  /** Waits for a companion on a free local port. */
  static async listen(): Promise<ExtensionHost> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new ExtensionHost(server);
  }

  /** What the companion finds this process by. */
  get env(): Readonly<Record<string, string>> {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The server has no port.");
    return { COMPANION_PORT: String(address.port) };
  }

  /**
   * Evaluates a function in the extension host, as soon as the host has started. The function may use its two arguments
   * only, and its argument and result are JSON.
   * @throws what the function throws, or that the extension host has ended
   */
  async evaluate<A, R>(
    run: (code: VsCode, argument: A) => R,
    argument: A,
    timeoutMs: number,
  ): Promise<Awaited<R>>;
  async evaluate(
    run: (code: VsCode, argument: never) => unknown,
    argument: unknown,
    timeoutMs: number,
  ): Promise<unknown> {
    const socket = await until(async () => {
      if (this.#socket === undefined) throw new Error("The extension host has not started.");
      return this.#socket;
    }, timeoutMs);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      socket.write(`${JSON.stringify({ id, source: run.toString(), argument })}\n`);
    });
  }

  /** Uses no connection that exists: the window is being loaded again. */
  restarts(): void {
    this.#socket?.destroy();
    this.#end(this.#socket);
  }

  close(): void {
    this.restarts();
    this.#server.close();
  }

  #use(socket: Socket): void {
    this.#socket = socket;
    socket.on("error", () => {}).on("close", () => this.#end(socket));
    createInterface({ input: socket }).on("line", (line) => {
      const { id, result, error } = JSON.parse(line);
      const pending = this.#pending.get(id);
      this.#pending.delete(id);
      if (error === undefined) pending?.resolve(result);
      else pending?.reject(new Error(error));
    });
  }

  #end(socket: Socket | undefined): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    for (const { reject } of this.#pending.values()) reject(new Error("The extension host has ended."));
    this.#pending.clear();
  }
}
