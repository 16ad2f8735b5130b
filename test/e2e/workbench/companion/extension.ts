/**
 * An extension beside Switchyard, in the same extension host. It evaluates functions that a test sends (`ExtensionHost`), so
 * that what a journey needs but does not test, such as an open file or a changed setting, depends on no focus.
 */
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { runInThisContext } from "node:vm";
import * as vscode from "vscode";

export function activate({ subscriptions }: vscode.ExtensionContext): void {
  const socket = connect(Number(process.env["COMPANION_PORT"]), "127.0.0.1");
  subscriptions.push({ dispose: () => socket.destroy() });
  createInterface({ input: socket }).on("line", (line) => {
    const { id, source, argument } = JSON.parse(line);
    const run = async (): Promise<unknown> => runInThisContext(`(${source})`)(vscode, argument);
    run().then(
      (result) => socket.write(`${JSON.stringify({ id, result })}\n`),
      (error: unknown) => socket.write(`${JSON.stringify({ id, error: String(error) })}\n`),
    );
  });
}
