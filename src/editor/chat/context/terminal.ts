import { stripVTControlCharacters } from "node:util";
import * as vscode from "vscode";
import type { Gathered } from "../../../assistant/context.ts";
import { estimateTokens } from "../../../models/tokens.ts";
import { nothing } from "./source.ts";

/** Of a longer output its end is kept. */
const MAX_CHARACTERS = 40_000;

type Run = {
  readonly terminal: vscode.Terminal;
  readonly command: string;
  /** The end of the output, with the terminal's control sequences. */
  output: string;
  lines: number;
  exitCode: number | undefined;
};

/**
 * Keeps the last command of each terminal with the end of its output. VS Code passes the output on while a command runs
 * and does not keep it, so this listens from the start.
 */
export class TerminalOutput {
  readonly #onError: (error: unknown) => void;
  readonly #runs = new Map<vscode.Terminal, Run>();
  readonly #byExecution = new WeakMap<vscode.TerminalShellExecution, Run>();
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
    this.#subscriptions = [
      vscode.window.onDidStartTerminalShellExecution((event) => {
        this.#read(event).catch(this.#onError);
      }),
      vscode.window.onDidEndTerminalShellExecution(({ execution, exitCode }) => {
        const run = this.#byExecution.get(execution);
        if (run !== undefined) run.exitCode = exitCode;
      }),
      vscode.window.onDidCloseTerminal((terminal) => this.#runs.delete(terminal)),
    ];
  }

  /** Gathers the last command of the active terminal, or else of the terminal that ran one last. */
  gather(): Gathered {
    const { activeTerminal } = vscode.window;
    const run = (activeTerminal && this.#runs.get(activeTerminal)) ?? [...this.#runs.values()].at(-1);
    if (run === undefined) return nothing(reasonFor(activeTerminal));
    const { command, terminal, exitCode, lines } = run;
    const output = plainText(run.output);
    const included = output.split("\n").length;
    // VS Code may lose the output of a command that ends within milliseconds.
    const text = `$ ${command}\n${output === "" ? "(The terminal reported no output.)" : output}`;
    return {
      kind: "items",
      items: [
        {
          kind: "terminal",
          command,
          terminal: terminal.name,
          exitCode,
          text,
          tokens: estimateTokens(text),
          isPrivate: false,
          leftOut: run.output.length < MAX_CHARACTERS ? undefined : { unit: "lines", included, total: lines },
        },
      ],
    };
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #read({ terminal, execution }: vscode.TerminalShellExecutionStartEvent): Promise<void> {
    const run: Run = {
      terminal,
      command: execution.commandLine.value,
      output: "",
      lines: 1,
      exitCode: undefined,
    };
    this.#byExecution.set(execution, run);
    // Set again at the end of the map: the last one is the newest.
    this.#runs.delete(terminal);
    this.#runs.set(terminal, run);
    for await (const data of execution.read()) {
      run.output = (run.output + data).slice(-MAX_CHARACTERS);
      run.lines += data.split("\n").length - 1;
    }
  }
}

function reasonFor(terminal: vscode.Terminal | undefined): string {
  if (terminal === undefined) return vscode.l10n.t("No terminal is open.");
  return terminal.shellIntegration === undefined
    ? vscode.l10n.t("Shell integration is not active in {name}.", { name: terminal.name })
    : vscode.l10n.t("No command has run in {name} yet.", {
        name: terminal.name,
      });
}

/**
 * Returns output without colours and control sequences, and of lines that were overwritten their last state.
 * @internal
 */
export function plainText(output: string): string {
  return stripVTControlCharacters(output)
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map(
      (line) =>
        line
          .replace(/(?<!\r)\r+$/, "")
          .split("\r")
          .at(-1) ?? "",
    )
    .join("\n")
    .trim();
}
