import type { Attributes } from "../../../contract/decision.ts";
import type { ModelRef } from "../../../contract/model.ts";
import type { EngineRequest } from "../../../engine/request.ts";
import type { EditTarget } from "../selected/editRequest.ts";
import type { EditedOutcome, EditResult, EditTry } from "../selected/runEdit.ts";

/** An edit for the document, and the requests that led to it. */
export type StepEdit = Pick<EditedOutcome, "text" | "unplaced"> & { readonly tries: readonly EditTry[] };

/** Why a request gave no edit. */
export type FailedResult = {
  readonly tries: readonly EditTry[];
  readonly outcome: Exclude<EditResult["outcome"], EditedOutcome>;
};

/** The editor, as the steps of an edit need it. */
export type StepsHost = {
  /**
   * Asks about keys and passwords in what a request sends. Resolves to the target as it may be sent; undefined if the user
   * cancels.
   */
  readonly permit: (
    target: EditTarget,
    request: (target: EditTarget) => EngineRequest,
  ) => Promise<EditTarget | undefined>;
  /**
   * Puts an edit into the document, in place of the one with the id `before`. Resolves to its id, and starts its check;
   * undefined if it was not put there, which the user then knows.
   */
  readonly place: (edit: StepEdit, before: number | undefined) => Promise<number | undefined>;
  /** Shows the user why there is no edit. `again` sends the request once more. */
  readonly report: (
    result: FailedResult,
    again: (choice?: Attributes["budgetChoice"]) => Promise<void>,
  ) => void;
  /** Shows that a next try was stopped, because the user accepted or discarded the edit that it would replace. */
  readonly reportStopped: (model: ModelRef | undefined) => void;
  /** Receives the whole text with the edit as far as it is written. Reading it takes time. */
  readonly onText: (text: () => string) => void;
  /** A request has ended, and its cost is known. */
  readonly onAnswered: (tries: readonly EditTry[]) => void;
  /** Whether the user has accepted a part of an edit that is in the document. */
  readonly isAccepted: (id: number) => boolean;
  /** `state` has changed. */
  readonly onChange: () => void;
};
