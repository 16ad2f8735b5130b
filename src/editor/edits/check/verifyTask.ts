import * as vscode from "vscode";
import type { StartTimer } from "../../../base/time/timer.ts";
import { describeExit } from "../../../explain/editCheck.ts";
import { type CommandEnd, type RunningCommand, startCommand } from "./commandProcess.ts";

type TaskOptions = { readonly timeoutMs: number; readonly startTimer: StartTimer };

const SOURCE = "Switchyard";
const taskName = (): string => vscode.l10n.t("Verify");

/**
 * Shows the output of the last command. VS Code names the terminal like the task; in a workspace of several folders, the
 * task's source and the folder are part of the name.
 */
export function showVerifyTerminal(): void {
  const task = taskName();
  const isIts = (name: string): boolean => name === task || name.startsWith(`${SOURCE}: ${task} (`);
  vscode.window.terminals.findLast(({ name }) => isIts(name))?.show();
}

/** Runs a command as a task in a workspace folder. Its terminal shows the output, and stays in the background. */
export function startVerifyTask(
  command: string,
  folder: vscode.WorkspaceFolder,
  options: TaskOptions,
): RunningCommand {
  // On another machine, only a shell that VS Code starts there can run it.
  return folder.uri.scheme === "file"
    ? startHere(command, folder, options)
    : startThere(command, folder, options);
}

/** VS Code lets no extension read the output of a shell, so this one starts the process, and writes the terminal. */
function startHere(command: string, folder: vscode.WorkspaceFolder, options: TaskOptions): RunningCommand {
  const ended = Promise.withResolvers<CommandEnd>();
  const terminal = new CommandTerminal(command, folder.uri.fsPath, options, ended.resolve);
  const task = verifyTask(folder, new vscode.CustomExecution(async () => terminal));
  void vscode.tasks.executeTask(task).then(undefined, (error: unknown) => ended.resolve(notStarted(error)));
  return { end: ended.promise, stop: () => terminal.close() };
}

function startThere(
  command: string,
  folder: vscode.WorkspaceFolder,
  { timeoutMs, startTimer }: TaskOptions,
): RunningCommand {
  const task = verifyTask(folder, new vscode.ShellExecution(command));
  const ended = Promise.withResolvers<CommandEnd>();
  const endAs = (exit: CommandEnd["exit"]) => ended.resolve({ exit, lastLines: [] });
  let running: vscode.TaskExecution | undefined;
  const subscription = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
    if (execution !== running) return;
    endAs(exitCode === undefined ? { kind: "killed" } : { kind: "exited", code: exitCode });
  });
  let isStopped = false;
  const stop = (exit: CommandEnd["exit"]) => {
    isStopped = true;
    endAs(exit);
    running?.terminate();
  };
  const stopTimer = startTimer(() => stop({ kind: "timed-out", afterMs: timeoutMs }), timeoutMs);
  const run = async (): Promise<CommandEnd> => {
    try {
      running = await vscode.tasks.executeTask(task);
      if (isStopped) running.terminate();
      return await ended.promise;
    } catch (error) {
      return notStarted(error);
    } finally {
      stopTimer();
      subscription.dispose();
    }
  };
  return { end: run(), stop: () => stop({ kind: "stopped" }) };
}

function verifyTask(
  folder: vscode.WorkspaceFolder,
  execution: vscode.CustomExecution | vscode.ShellExecution,
): vscode.Task {
  const definition = { type: "switchyard" };
  const task = new vscode.Task(definition, folder, taskName(), SOURCE, execution, []);
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Never,
    panel: vscode.TaskPanelKind.Dedicated,
    clear: true,
    showReuseMessage: false,
  };
  return task;
}

function notStarted(error: unknown): CommandEnd {
  const message = error instanceof Error ? error.message : String(error);
  return { exit: { kind: "not-started", message }, lastLines: [] };
}

/** The terminal of a command. Closing it ends the command. */
class CommandTerminal implements vscode.Pseudoterminal {
  readonly #command: string;
  readonly #folder: string;
  readonly #options: TaskOptions;
  readonly #onEnd: (end: CommandEnd) => void;
  readonly #written = new vscode.EventEmitter<string>();
  /**
   * Zero, or undefined if the command did not succeed: for any other exit code in the first half second, VS Code shows that
   * the terminal failed to launch.
   */
  readonly #closed = new vscode.EventEmitter<number | undefined>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;
  #running: RunningCommand | undefined;
  #isClosed = false;

  constructor(command: string, folder: string, options: TaskOptions, onEnd: (end: CommandEnd) => void) {
    this.#command = command;
    this.#folder = folder;
    this.#options = options;
    this.#onEnd = onEnd;
  }

  open(): void {
    if (this.#isClosed) {
      this.#closed.fire(undefined);
      return;
    }
    const write = (text: string) => this.#written.fire(text.replaceAll(/\r?\n/g, "\r\n"));
    write(`> ${this.#command}\n`);
    this.#running = startCommand(this.#command, {
      folder: this.#folder,
      environment: ownEnvironment(),
      onOutput: write,
      ...this.#options,
    });
    void this.#running.end.then((end) => {
      const { exit } = end;
      if (exit.kind === "not-started") write(`${exit.message}\n`);
      else if (exit.kind !== "stopped" && !isSuccess(exit)) write(`${describeExit(exit)}.\n`);
      this.#onEnd(end);
      this.#closed.fire(isSuccess(exit) ? 0 : undefined);
    });
  }

  close(): void {
    this.#isClosed = true;
    if (this.#running === undefined) this.#onEnd({ exit: { kind: "stopped" }, lastLines: [] });
    else this.#running.stop();
  }
}

function isSuccess(exit: CommandEnd["exit"]): boolean {
  return exit.kind === "exited" && exit.code === 0;
}

/** The environment without the variables by which VS Code marks its own processes. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:VSCODE_|ELECTRON_)/.test(name)),
  );
}
