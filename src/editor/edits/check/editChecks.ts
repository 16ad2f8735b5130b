import * as vscode from "vscode";
import type { EditCheck } from "../../../contract/edit/editCheck.ts";
import type { DocumentEdit, EditEvent } from "../editEvents.ts";
import { checkDiagnostics } from "./checkDiagnostics.ts";
import { type ProblemsBefore, SettledProblems } from "./settledProblems.ts";
import { Verify, type VerifyDeps } from "./verify.ts";

export type EditChecksDeps = VerifyDeps & {
  readonly privatePaths: () => readonly string[];
  readonly onChecked: (edit: DocumentEdit, check: EditCheck) => void;
  /** Receives errors, as of the ledger, that change nothing in the editor. */
  readonly onError: (error: unknown) => void;
};

/**
 * Checks edits: by the problems that the editor reports once an edit is in its document, and by the verify command once all of
 * it is accepted. What is discarded or undone before is not checked.
 */
export class EditChecks implements vscode.Disposable {
  readonly #deps: EditChecksDeps;
  readonly #problems: SettledProblems;
  readonly #verify: Verify;
  /** Ends the checks of an edit. */
  readonly #ends = new WeakMap<DocumentEdit, AbortController>();
  readonly #disposed = new AbortController();

  constructor(deps: EditChecksDeps) {
    this.#deps = deps;
    this.#problems = new SettledProblems(deps.startTimer);
    this.#verify = new Verify(deps);
  }

  /** Watches the problems of a document while an edit is written. Call the result just before the edit is made. */
  watch(document: vscode.TextDocument, signal: AbortSignal): () => ProblemsBefore {
    return this.#problems.watch(document, signal);
  }

  follow(event: EditEvent): void {
    const { onError, privatePaths } = this.#deps;
    const { edit } = event;
    switch (event.kind) {
      case "restored":
        this.#ends.delete(edit);
        return;
      case "applied":
        void this.#report(
          edit,
          checkDiagnostics(edit, privatePaths(), this.#problems, this.#endOf(edit)),
        ).catch(onError);
        return;
      case "accepted":
        if (event.isWhole) void this.verify(edit.uri, edit, false).catch(onError);
        return;
      case "discarded":
      case "undone":
      case "replaced":
      case "unknown":
        this.#ends.get(edit)?.abort();
        return;
      case "kept":
      case "checked":
        return;
    }
  }

  /**
   * Runs the verify command.
   * @param edit the one that it checks, if there is one in the document
   * @param isAsked the user has asked for it: if no command runs, a message shows the reason
   */
  async verify(uri: vscode.Uri, edit: DocumentEdit | undefined, isAsked: boolean): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    if (edit === undefined) await this.#verify.run(document, isAsked, this.#disposed.signal);
    else await this.#report(edit, this.#verify.run(document, isAsked, this.#endOf(edit)));
  }

  dispose(): void {
    this.#disposed.abort();
  }

  async #report(edit: DocumentEdit, check: Promise<EditCheck | undefined>): Promise<void> {
    const found = await check;
    if (found !== undefined) this.#deps.onChecked(edit, found);
  }

  #endOf(edit: DocumentEdit): AbortSignal {
    const end = this.#ends.get(edit) ?? new AbortController();
    this.#ends.set(edit, end);
    return AbortSignal.any([end.signal, this.#disposed.signal]);
  }
}
