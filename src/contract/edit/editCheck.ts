/** What a check of an edit found: plain data, as it is shown, stored, and sent with the next try. */

/** A problem that the editor reports. */
export type ReportedProblem = {
  /** The URI of its document. It stays on this machine. */
  readonly uri: string;
  /** The path of its document, as a model may know it. */
  readonly path: string;
  readonly isPrivate: boolean;
  /** Counts from 0. */
  readonly line: number;
  readonly isError: boolean;
  readonly message: string;
  /** Who reports it, such as `ts`, and the code that it has there. */
  readonly source?: string | undefined;
  readonly code?: string | undefined;
  /** As a model reads it: place, severity and message, with the line of code and the places that it is related to. */
  readonly text: string;
};

type Problems = readonly [ReportedProblem, ...(readonly ReportedProblem[])];

/** One reason why an edit failed. */
export type CheckFailure =
  /** Errors that the edit caused, in its file and in others. */
  | { readonly kind: "new-errors"; readonly problems: Problems }
  /** Problems that the edit was to remove, and that are still there. */
  | { readonly kind: "not-fixed"; readonly problems: Problems }
  /** `switchyard.verify.command` failed. `lastLines`: the end of its output. */
  | {
      readonly kind: "command-failed";
      readonly command: string;
      readonly exit:
        | { readonly kind: "exited"; readonly code: number }
        /** By a signal. */
        | { readonly kind: "killed" }
        | { readonly kind: "timed-out"; readonly afterMs: number };
      readonly lastLines: readonly string[];
    };

/** What checks an edit: the problems that the editor reports, or `switchyard.verify.command`. */
export type CheckedBy = "diagnostics" | "command";

/** Why an edit was not checked. */
export type UncheckedReason =
  /** Nothing reports problems for its language. */
  | "no-language-server"
  /** What reports problems did not finish in time. */
  | "not-settled"
  /** The user changed the document before the check was complete. */
  | "changed"
  /** The command could not be started, or the document not be saved for it. */
  | "command-not-run";

/** The result of one check of an edit. The editor's diagnostics and the command are checks of their own. */
export type EditCheck =
  | { readonly kind: "passed"; readonly by: CheckedBy }
  | {
      readonly kind: "failed";
      readonly by: CheckedBy;
      readonly failures: readonly [CheckFailure, ...(readonly CheckFailure[])];
    }
  | { readonly kind: "unchecked"; readonly by: CheckedBy; readonly reason: UncheckedReason };
