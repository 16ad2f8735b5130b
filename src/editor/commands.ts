import * as vscode from "vscode";

/** Runs a command. A menu or another extension may pass any argument. */
export type CommandHandler = (argument?: unknown) => unknown;

/** Registers commands by their names without `switchyard.`. */
export function registerCommands(handlers: Readonly<Record<string, CommandHandler>>): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(handlers).map(([name, handler]) =>
      vscode.commands.registerCommand(`switchyard.${name}`, (argument?: unknown) => handler(argument)),
    ),
  );
}

/** Returns a command's argument if it is a text. */
export function textArgument(argument: unknown): string | undefined {
  return typeof argument === "string" ? argument : undefined;
}
