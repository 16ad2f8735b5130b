import * as vscode from "vscode";
import type { StartTimer } from "../../../base/time/timer.ts";
import type { EditCheck } from "../../../contract/edit/editCheck.ts";
import { describeCheck } from "../../../explain/editCheck.ts";
import type { Settings } from "../../../settings/schema.ts";
import { placeOfDocument, withoutAbsolutePaths } from "../../chat/context/places.ts";
import type { RunningCommand } from "./commandProcess.ts";
import { type FolderCommand, folderCommand } from "./folderCommand.ts";
import { showVerifyTerminal, startVerifyTask } from "./verifyTask.ts";

export type VerifyDeps = {
  readonly verifySettings: () => Settings["verify"];
  /** Keeps which proposed commands the user has confirmed. */
  readonly memory: vscode.Memento;
  readonly startTimer: StartTimer;
};

/** How long the status bar shows a result that needs no answer. */
const SHOWN_MS = 8_000;

/** Checks edits by `switchyard.verify.command`. One command runs at a time: a new one ends it. */
export class Verify {
  readonly #deps: VerifyDeps;
  #running: RunningCommand | undefined;
  /** Counts the commands that were to run: only the last one does. */
  #runs = 0;
  /** Several edits may be accepted at once, and the user is asked once. */
  #asked: Promise<unknown> = Promise.resolve();

  constructor(deps: VerifyDeps) {
    this.#deps = deps;
  }

  /**
   * Saves a document and runs the command, if there is one. Reports the result. Undefined if no command has run to its
   * end: none is set or confirmed, or the user has ended it.
   * @param isAsked the user has asked for it: if no command runs, a message shows the reason
   */
  async run(
    document: vscode.TextDocument,
    isAsked: boolean,
    signal: AbortSignal,
  ): Promise<EditCheck | undefined> {
    const { verifySettings, startTimer } = this.#deps;
    const { command: own, timeoutMs } = verifySettings();
    const found = await this.#command(document.uri, own, isAsked);
    if (found.kind !== "command") {
      if (isAsked) await reportWhyNot(found);
      else if (found.kind === "impossible") vscode.window.setStatusBarMessage(found.reason, SHOWN_MS);
      return undefined;
    }
    if (signal.aborted) return undefined;
    this.#runs += 1;
    const run = this.#runs;
    const notRun = { kind: "unchecked", by: "command", reason: "command-not-run" } as const;
    const { command, folder } = found;
    if (!(await save(document))) {
      const { path: file } = placeOfDocument(document.uri);
      const places = { file, command };
      void vscode.window.showWarningMessage(
        vscode.l10n.t("{file} could not be saved, so {command} did not run.", places),
      );
      return notRun;
    }
    this.#running?.stop();
    await this.#running?.end;
    // Meanwhile the edit may be undone, or another one accepted.
    if (signal.aborted || run !== this.#runs) return undefined;
    const running = startVerifyTask(command, folder, { timeoutMs, startTimer });
    this.#running = running;
    signal.addEventListener("abort", running.stop);
    const message = vscode.window.setStatusBarMessage(
      `$(loading~spin) ${vscode.l10n.t("Running {command}…", { command: iconFree(command) })}`,
    );
    const { exit, lastLines } = await running.end;
    message.dispose();
    signal.removeEventListener("abort", running.stop);
    switch (exit.kind) {
      case "stopped":
        return undefined;
      case "not-started":
        void report(
          vscode.l10n.t("{command} could not be started: {reason}", { command, reason: exit.message }),
        );
        return notRun;
      case "exited":
      case "killed":
      case "timed-out": {
        const isPassed = exit.kind === "exited" && exit.code === 0;
        const check: EditCheck = isPassed
          ? { kind: "passed", by: "command" }
          : {
              kind: "failed",
              by: "command",
              failures: [{ kind: "command-failed", exit, ...asSent(command, lastLines) }],
            };
        if (isPassed) vscode.window.setStatusBarMessage(`$(pass) ${describeCheck(check)}`, SHOWN_MS);
        else void report(`${describeCheck(check)}.`);
        return check;
      }
    }
  }

  async #command(uri: vscode.Uri, own: string, isAsked: boolean): Promise<FolderCommand> {
    const find = () => folderCommand(uri, own, this.#deps.memory, isAsked);
    const found = this.#asked.then(find, find);
    this.#asked = found;
    return found;
  }
}

/** A command and its output as the next model may read them. */
function asSent(command: string, lastLines: readonly string[]) {
  return {
    command: withoutAbsolutePaths(command),
    lastLines: lastLines.length === 0 ? [] : withoutAbsolutePaths(lastLines.join("\n")).split("\n"),
  };
}

/** A cell is saved with its notebook. */
async function save(document: vscode.TextDocument): Promise<boolean> {
  // Its own method would close the editor of a document that is no file yet.
  if (document.isUntitled) return (await vscode.workspace.save(document.uri)) !== undefined;
  const notebook = vscode.workspace.notebookDocuments.find((each) =>
    each.getCells().some((cell) => cell.document === document),
  );
  return (notebook ?? document).save();
}

async function report(message: string): Promise<void> {
  const show = vscode.l10n.t("Show Output");
  if ((await vscode.window.showWarningMessage(message, show)) === show) showVerifyTerminal();
}

async function reportWhyNot(found: Exclude<FolderCommand, { kind: "command" }>): Promise<void> {
  switch (found.kind) {
    case "impossible":
      return void vscode.window.showInformationMessage(found.reason);
    case "declined":
      return;
    case "not-set": {
      const open = vscode.l10n.t("Open Settings");
      const message = vscode.l10n.t(
        "No command is set that checks edits. Set “switchyard.verify.command”, for example to “npm test”.",
      );
      if ((await vscode.window.showInformationMessage(message, open)) === open)
        await vscode.commands.executeCommand("workbench.action.openSettings", "switchyard.verify");
    }
  }
}

/** The status bar shows icons for such names. */
function iconFree(text: string): string {
  return text.replaceAll("$(", "$\u200b(");
}
