import { type Attributes, type Decision, escalationOf } from "../../../contract/decision.ts";
import type { EditCheck } from "../../../contract/edit/editCheck.ts";
import type { ModelRef } from "../../../contract/model.ts";
import type { Engine } from "../../../engine/engine.ts";
import type { Settings } from "../../../settings/schema.ts";
import {
  type EditRequestOptions,
  type EditTarget,
  type EditTask,
  editRequest,
  type FailedEdit,
} from "../selected/editRequest.ts";
import { type EditedOutcome, type EditResult, type EditTry, runEdit } from "../selected/runEdit.ts";
import {
  type CheckFailures,
  causeOf,
  feedbackFor,
  NEXT_TRY_STARTS,
  type NextStep,
  nextStep,
} from "./nextStep.ts";
import type { StepsHost } from "./stepsHost.ts";

export type StepsDeps = {
  readonly engine: () => Promise<Pick<Engine, "run" | "stronger" | "uncovered" | "forecast" | "escalate">>;
  readonly settings: () => Pick<Settings, "escalate" | "escalation">;
  readonly host: StepsHost;
};

/** What happens to an edit. */
export type StepsState =
  /** `failures`: why the edit that is in the document failed; undefined for the first try. */
  | {
      readonly kind: "writing";
      readonly model: ModelRef | undefined;
      readonly failures: CheckFailures | undefined;
    }
  /** It is in the document. `next`: what can follow a check that failed. */
  | { readonly kind: "placed"; readonly check?: EditCheck | undefined; readonly next?: NextStep | undefined }
  /** There is none. */
  | { readonly kind: "none" };

/** An edit that the user discarded or undid, and the decision that led to it. */
export type RejectedEdit = {
  readonly decision: Decision;
  readonly reason: "undone-edit" | "discarded-edit";
};

type FailedCheck = Extract<EditCheck, { kind: "failed" }>;

type Placed = { readonly id: number; readonly answer: string };

/**
 * An edit, from its first try to the last step: where its check fails, the next try goes to a stronger model, at most
 * `switchyard.escalation.maxSteps` times, and its edit replaces the failed one. Every try edits the text as it was
 * without any edit.
 */
export class EditSteps {
  readonly #engine: StepsDeps["engine"];
  readonly #settings: StepsDeps["settings"];
  readonly #task: EditTask;
  readonly #host: StepsHost;
  #target: EditTarget;
  #state: StepsState = { kind: "none" };
  #tries: readonly EditTry[] = [];
  #steps = 0;
  #placed: Placed | undefined;
  /** What the checks of the edit that is in the document found so far. */
  #check: EditCheck | undefined;
  /** Of the last answer: the next step is one up from its model. */
  #decisionId = "";
  #abort: AbortController | undefined;
  #isStarting = false;

  /** @param target the code as it is without any edit */
  constructor(task: EditTask, target: EditTarget, { engine, settings, host }: StepsDeps) {
    this.#task = task;
    this.#target = target;
    this.#engine = engine;
    this.#settings = settings;
    this.#host = host;
  }

  get state(): StepsState {
    return this.#state;
  }

  /** What can follow the failed check of the edit that is in the document. */
  get next(): NextStep | undefined {
    return this.#state.kind === "placed" ? this.#state.next : undefined;
  }

  /** All requests so far, in their order, also those without an edit. */
  get tries(): readonly EditTry[] {
    return this.#tries;
  }

  /** The edit that is in the document. */
  get id(): number | undefined {
    return this.#placed?.id;
  }

  /**
   * Asks for the edit.
   * @param rejected an edit that the user did not want: a stronger model answers, or where there is none, the same again
   * @throws errors of the ledger, as all that follow
   */
  async start(budgetChoice?: Attributes["budgetChoice"], rejected?: RejectedEdit): Promise<void> {
    const engine = await this.#engine();
    const raised = budgetChoice === undefined ? rejected : undefined;
    const same = raised && escalationOf(raised.decision);
    const preview = raised && ((await engine.stronger(raised.decision.id)) ?? same);
    if (!(await this.#permit({ escalation: preview }))) return;
    const escalation = raised && ((await engine.escalate(raised.decision.id, raised.reason)) ?? same);
    await this.#write({ budgetChoice, escalation }, (choice) => this.start(choice, rejected));
  }

  /**
   * Takes the result of a check of an edit. With `auto`, a failed one starts the next try; but where the user has accepted the
   * edit before, that of the command only, which runs then.
   * @param id of the edit: one that is not in the document any more is ignored
   */
  async checked(id: number, check: EditCheck): Promise<void> {
    if (this.#state.kind !== "placed" || this.#placed?.id !== id) return;
    const found = bothFound(this.#check, check);
    this.#check = found;
    await this.#showCheck(found);
    if (check.kind === "failed" && (check.by === "command" || !this.#host.isAccepted(id)))
      await this.#continueIfAuto();
  }

  /** Decides again what can follow: the budget has changed. */
  async refresh(): Promise<void> {
    if (this.#state.kind === "placed") await this.#showCheck(this.#check);
  }

  /** Starts the next try with a stronger model. Nothing happens while it is being started, or the user is asked about it. */
  async tryNext(): Promise<void> {
    const { id } = this;
    const check = this.#state.kind === "placed" ? this.#state.check : undefined;
    if (check?.kind !== "failed" || this.#isStarting) return;
    this.#isStarting = true;
    let options: Pick<Required<EditRequestOptions>, "failedEdit" | "escalation"> | undefined;
    try {
      options = await this.#nextRequest(check);
    } finally {
      this.#isStarting = false;
    }
    if (options === undefined) await this.#showCheck(check);
    // Meanwhile the user may have decided on the edit.
    else if (this.#state.kind === "placed" && this.id === id)
      await this.#write(options, () => this.tryNext(), check);
  }

  /** Stops the try that is being written. What is in the document stays there. */
  cancel(): void {
    this.#abort?.abort();
  }

  /** The user has decided on the edit that is in the document: a next try that is being written is stopped. */
  decided(): void {
    const state = this.#state;
    if (state.kind !== "writing" || this.#placed === undefined) return;
    this.cancel();
    this.#host.reportStopped(state.model);
  }

  /** The edit is not in the document any more, or stays there for good. */
  ended(): void {
    this.decided();
    this.#placed = undefined;
    this.#set({ kind: "none" });
  }

  /** What the next try sends; undefined if no stronger model can be used, or the user sends nothing. */
  async #nextRequest({ failures }: FailedCheck) {
    const failedEdit = this.#failedEdit(failures);
    const engine = await this.#engine();
    const preview = await engine.stronger(this.#decisionId);
    if (preview === undefined || failedEdit === undefined) return undefined;
    if (!(await this.#permit({ failedEdit, escalation: preview }))) return undefined;
    const { reason, newErrors } = causeOf(failures);
    const escalation = await engine.escalate(this.#decisionId, reason, newErrors);
    return escalation && { failedEdit, escalation };
  }

  /** Asks about secrets in a request. Resolves to whether it may be sent. */
  async #permit(options: EditRequestOptions): Promise<boolean> {
    const request = (target: EditTarget) => editRequest(this.#task, target, options);
    const target = await this.#host.permit(this.#target, request);
    this.#target = target ?? this.#target;
    return target !== undefined;
  }

  /** @param after the failed check of the edit that is in the document; undefined for the first try */
  async #write(
    options: EditRequestOptions,
    again: (choice?: Attributes["budgetChoice"]) => Promise<void>,
    after?: FailedCheck,
  ): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    const writing = (model: ModelRef | undefined) =>
      this.#set({ kind: "writing", model, failures: after?.failures });
    writing(undefined);
    const progress = { onModel: writing, onText: this.#host.onText };
    let result: EditResult;
    try {
      const engine = await this.#engine();
      result = await runEdit(engine, this.#task, this.#target, progress, abort.signal, options);
    } catch (error) {
      this.#restoreState(after);
      throw error;
    }
    const { outcome, tries } = result;
    this.#tries = [...this.#tries, ...tries];
    this.#host.onAnswered(tries);
    if (after !== undefined && this.#placed === undefined) return this.#restoreState(after);
    if (outcome.kind === "edited" && !abort.signal.aborted) return this.#place(outcome, after);
    if (outcome.kind === "no-edit") this.#answered(tries, after);
    this.#restoreState(after);
    if (after !== undefined) await this.#showCheck(after);
    if (abort.signal.aborted || outcome.kind === "edited") return;
    await this.#host.report({ tries, outcome }, again);
    if (outcome.kind === "no-edit") await this.#continueIfAuto();
  }

  /** Without a new edit in the document, the one before it is still there, unless the user has reverted it. */
  #restoreState(check: FailedCheck | undefined): void {
    this.#set(this.#placed === undefined ? { kind: "none" } : { kind: "placed", check });
  }

  async #place(outcome: EditedOutcome, after: FailedCheck | undefined): Promise<void> {
    const { text, unplaced, answer } = outcome;
    let id: number | undefined;
    try {
      id = await this.#host.place({ text, unplaced, tries: this.#tries }, this.#placed?.id);
    } catch (error) {
      this.#restoreState(after);
      throw error;
    }
    if (id === undefined) return this.#restoreState(after);
    this.#answered(this.#tries, after);
    this.#placed = { id, answer };
    this.#check = undefined;
    this.#set({ kind: "placed" });
  }

  #answered(tries: readonly EditTry[], after: FailedCheck | undefined): void {
    this.#decisionId = tries.at(-1)?.decision.id ?? this.#decisionId;
    if (after !== undefined) this.#steps += 1;
  }

  async #showCheck(check: EditCheck | undefined): Promise<void> {
    const edit = check?.kind === "failed" ? this.#failedEdit(check.failures) : undefined;
    let next: NextStep | undefined;
    if (edit !== undefined) {
      const failed = { decisionId: this.#decisionId, steps: this.#steps, edit };
      next = await nextStep(await this.#engine(), this.#settings(), this.#task, this.#target, failed);
    }
    // Meanwhile another check may be complete, or another edit be there.
    if (this.#state.kind === "placed" && this.#check === check) this.#set({ kind: "placed", check, next });
  }

  async #continueIfAuto(): Promise<void> {
    if (this.next?.kind === "stronger" && NEXT_TRY_STARTS[this.#settings().escalate] === "by-itself")
      await this.tryNext();
  }

  #failedEdit(failures: CheckFailures): FailedEdit | undefined {
    if (this.#placed === undefined) return undefined;
    const { isPrivate } = editRequest(this.#task, this.#target);
    return { answer: this.#placed.answer, feedback: feedbackFor(failures, isPrivate) };
  }

  #set(state: StepsState): void {
    this.#state = state;
    this.#host.onChange();
  }
}

/** What two checks of an edit found. That of the editor may be complete after that of the command, which checks more. */
function bothFound(before: EditCheck | undefined, check: EditCheck): EditCheck {
  if (before === undefined || before.kind === "unchecked") return check;
  if (check.kind === "unchecked") return before;
  if (before.by === "diagnostics" || check.by === "command") return check;
  if (check.kind === "passed") return before;
  return before.kind === "passed" ? check : { ...before, failures: [...check.failures, ...before.failures] };
}
