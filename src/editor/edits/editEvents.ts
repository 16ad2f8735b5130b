import type * as vscode from "vscode";
import type { EditTarget, EditTask } from "../../assistant/edits/selected/editRequest.ts";
import type { EditOutcome } from "../../assistant/edits/selected/openEdits.ts";
import type { EditTry } from "../../assistant/edits/selected/runEdit.ts";
import type { EditCheck } from "../../contract/edit/editCheck.ts";
import type { ProblemsBefore } from "./check/settledProblems.ts";

/** An edit of selected code that is in a document. */
export type DocumentEdit = {
  /** The requests that led to it, in their order. The last one's decision is the edit's. */
  readonly tries: readonly EditTry[];
  readonly decisionId: string;
  /** Changes when a document without a file is saved as one. */
  uri: vscode.Uri;
  readonly task: EditTask;
  readonly target: EditTarget;
  /** The document's text just before the edit, and with it. */
  readonly before: string;
  readonly after: string;
  readonly problemsBefore: ProblemsBefore;
  /** The diagnostics that the edit is to remove; empty if it is not a fix. */
  readonly fixes: readonly vscode.Diagnostic[];
};

/**
 * What has become of an edit. `applied`: it is in the document, which is not saved. `accepted`: the user has decided on every
 * change, and accepted at least one. At the end there is one of `EditOutcome`, once; but after `restored`, by which an undo or a redo brings back what was
 * discarded or undone, there is another one. `checked`: a check is complete. The
 * editor's diagnostics are compared after `applied`; the verify command runs when the user accepts the edit or asks for it, so
 * its result may follow the outcome.
 */
export type EditEvent =
  | { readonly kind: "applied" | "restored" | EditOutcome; readonly edit: DocumentEdit }
  /** `isWhole`: every change was accepted. */
  | { readonly kind: "accepted"; readonly edit: DocumentEdit; readonly isWhole: boolean }
  | { readonly kind: "checked"; readonly edit: DocumentEdit; readonly check: EditCheck };
