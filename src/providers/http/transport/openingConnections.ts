import { Socket } from "node:net";
import { buildConnector } from "undici";

type Opening = { waiting: number; readonly sockets: Set<Socket> };

/**
 * The connections that undici is opening. It continues to open one until its own limit, also after the request has been
 * aborted: they are closed here as soon as no request waits for a connection to their origin. Connections through a proxy
 * are undici's alone.
 */
export class OpeningConnections {
  readonly #byOrigin = new Map<string, Opening>();

  /** Returns a function for undici's option `connect`. @param timeout in milliseconds */
  connector(timeout: number): buildConnector.connector {
    const connect = buildConnector({ timeout });
    return (options, callback) => {
      const { sockets } = this.#to(`${options.protocol}//${options.host}`);
      // The socket is returned, but the types do not say so (undici 8.12, lib/core/connect.js).
      const socket: unknown = connect(options, (...result) => {
        if (socket instanceof Socket) sockets.delete(socket);
        callback(...result);
      });
      if (socket instanceof Socket) sockets.add(socket);
    };
  }

  /** A request waits for a connection to this origin, e.g. `https://example.com`, until the returned function is called. */
  wait(origin: string): () => void {
    const opening = this.#to(origin);
    opening.waiting++;
    return () => {
      opening.waiting--;
      if (opening.waiting > 0) return;
      this.#byOrigin.delete(origin);
      // Without an error, undici would wait for the connection for ever.
      for (const socket of opening.sockets) socket.destroy(new Error("no request waits for the connection"));
    };
  }

  #to(origin: string): Opening {
    const known = this.#byOrigin.get(origin);
    if (known !== undefined) return known;
    const opening = { waiting: 0, sockets: new Set<Socket>() };
    this.#byOrigin.set(origin, opening);
    return opening;
  }
}
