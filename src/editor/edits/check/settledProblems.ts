import * as vscode from "vscode";
import type { StartTimer } from "../../../base/time/timer.ts";
import { type Settled, type SettleTimes, settle } from "./settle.ts";

/** What the editor reported just before an edit. */
export type ProblemsBefore = {
  readonly reported: readonly (readonly [vscode.Uri, readonly vscode.Diagnostic[]])[];
  /** False: more was perhaps still to be reported, as for a project that was just opened. */
  readonly isComplete: boolean;
};

const QUIET_MS = 500;
/** More is checked in a larger project: for each open document of the same language, quiet has to last so much longer. */
const QUIET_PER_DOCUMENT_MS = 25;
const MAX_QUIET_MS = 2_000;
const ANSWER_MS = 300_000;
const TOTAL_MS = 30_000;

/** Waits until the problems of documents are complete. */
export class SettledProblems {
  readonly #startTimer: StartTimer;
  /** Their problems were complete once. Only a project that is being loaded takes long to report all of them. */
  readonly #known = new WeakSet<vscode.TextDocument>();

  constructor(startTimer: StartTimer) {
    this.#startTimer = startTimer;
  }

  /** Watches a document while an edit is written. Call the result just before the edit is made; it ends the watch. */
  watch(document: vscode.TextDocument, signal: AbortSignal): () => ProblemsBefore {
    const end = new AbortController();
    void this.settle(document, { firstMs: 0, reportMs: 0 }, () => {}, AbortSignal.any([signal, end.signal]));
    return () => {
      end.abort();
      return { reported: vscode.languages.getDiagnostics(), isComplete: this.#known.has(document) };
    };
  }

  /** @param onReport receives the documents whose problems were reported meanwhile */
  async settle(
    document: vscode.TextDocument,
    times: Pick<SettleTimes, "firstMs" | "reportMs">,
    onReport: (uris: readonly vscode.Uri[]) => void,
    signal: AbortSignal,
  ): Promise<Settled> {
    const source = {
      startTimer: this.#startTimer,
      onReport: (listener: () => void) => {
        const subscription = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
          onReport(uris);
          listener();
        });
        return () => subscription.dispose();
      },
      ask: () => askServer(document),
    };
    const all = { ...times, quietMs: quietMs(document), answerMs: ANSWER_MS, totalMs: TOTAL_MS };
    const settled = await settle(source, all, signal);
    if (settled.kind === "settled") this.#known.add(document);
    return settled;
  }
}

/**
 * Asks for the kinds of the words in the first lines: servers answer that after they have read the present text, and
 * while they look for problems they do not answer. The editor asks for the same after each change.
 */
async function askServer(document: vscode.TextDocument): Promise<boolean> {
  const ask = (command: string, ...args: readonly unknown[]) =>
    Promise.resolve(vscode.commands.executeCommand<unknown>(command, document.uri, ...args)).catch(
      // The document has changed, or the server has failed: that is no answer.
      () => undefined,
    );
  const lines = document.validateRange(new vscode.Range(0, 0, 50, 0));
  return (
    (await ask("vscode.provideDocumentRangeSemanticTokens", lines)) !== undefined ||
    (await ask("vscode.provideDocumentSemanticTokens")) !== undefined
  );
}

function quietMs({ languageId }: vscode.TextDocument): number {
  const alike = vscode.workspace.textDocuments.filter((each) => each.languageId === languageId);
  return Math.min(MAX_QUIET_MS, QUIET_MS + QUIET_PER_DOCUMENT_MS * alike.length);
}
