import type * as vscode from "vscode";
import type { StartTimer } from "../../../base/time/timer.ts";
import type { EditCheck } from "../../../contract/editCheck.ts";
import type { DocumentEdit, EditEvent } from "../editEvents.ts";
import { checkDiagnostics } from "./checkDiagnostics.ts";
import { type ProblemsBefore, SettledProblems } from "./settledProblems.ts";

export type EditChecksDeps = {
  readonly privatePaths: () => readonly string[];
  readonly startTimer: StartTimer;
  readonly onChecked: (edit: DocumentEdit, check: EditCheck) => void;
  readonly onError: (error: unknown) => void;
};

/** Checks each edit once it is in its document, unless it is discarded or undone before. */
export class EditChecks implements vscode.Disposable {
  readonly #deps: EditChecksDeps;
  readonly #problems: SettledProblems;
  readonly #running = new Map<DocumentEdit, AbortController>();

  constructor(deps: EditChecksDeps) {
    this.#deps = deps;
    this.#problems = new SettledProblems(deps.startTimer);
  }

  /** Watches the problems of a document while an edit is written. Call the result just before the edit is made. */
  watch(document: vscode.TextDocument, signal: AbortSignal): () => ProblemsBefore {
    return this.#problems.watch(document, signal);
  }

  follow({ kind, edit }: EditEvent): void {
    switch (kind) {
      case "applied":
        void this.#check(edit).catch(this.#deps.onError);
        return;
      case "discarded":
      case "undone":
      case "replaced":
        this.#running.get(edit)?.abort();
        return;
      case "accepted":
      case "kept":
      case "checked":
        return;
    }
  }

  dispose(): void {
    for (const abort of this.#running.values()) abort.abort();
  }

  async #check(edit: DocumentEdit): Promise<void> {
    const { privatePaths, onChecked } = this.#deps;
    const abort = new AbortController();
    this.#running.set(edit, abort);
    try {
      const check = await checkDiagnostics(edit, privatePaths(), this.#problems, abort.signal);
      if (check !== undefined) onChecked(edit, check);
    } finally {
      this.#running.delete(edit);
    }
  }
}
