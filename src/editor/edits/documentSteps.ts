import * as vscode from "vscode";
import { mergeChanges } from "../../assistant/edits/mergeTexts.ts";
import type { EditTarget, EditTask } from "../../assistant/edits/selected/editRequest.ts";
import type { EditTry } from "../../assistant/edits/selected/runEdit.ts";
import { EditSteps, type StepsDeps } from "../../assistant/edits/steps/editSteps.ts";
import type { FailedResult, StepEdit, StepsHost } from "../../assistant/edits/steps/stepsHost.ts";
import type { Attributes } from "../../contract/decision.ts";
import type { ModelRef } from "../../contract/model.ts";
import type { Engine } from "../../engine/engine.ts";
import type { EngineRequest } from "../../engine/request.ts";
import { modelName } from "../../explain/names.ts";
import type { EditChecks } from "./check/editChecks.ts";
import type { ProblemsBefore } from "./check/settledProblems.ts";
import type { WrittenEdit } from "./display/editDisplay.ts";
import {
  noEditMessage,
  reportLeftOut,
  reportUnanswered,
  type UnansweredDeps,
} from "./display/editMessages.ts";
import { writingNote } from "./display/stepMessages.ts";
import type { DocumentEdit } from "./editEvents.ts";
import type { DocumentTarget } from "./editTarget.ts";
import type { HunkCommands } from "./hunkCommands.ts";
import { askAboutSecrets } from "./secretsInCode.ts";
import type { ShownEdit, ShownEdits } from "./shownEdits.ts";

export type DocumentStepsDeps = UnansweredDeps &
  Pick<StepsDeps, "settings"> & {
    readonly engine: () => Promise<
      Pick<Engine, "run" | "reach" | "stronger" | "uncovered" | "forecast" | "escalate">
    >;
    readonly shown: ShownEdits;
    readonly hunks: HunkCommands;
    readonly checks: EditChecks;
    /** Keys and passwords that the user sends as they are. */
    readonly allowedSecrets: Set<string>;
    /** Called when an answer has ended and its cost is known. */
    readonly onAnswered: (model: ModelRef | undefined) => void;
    /** The state of the steps has changed. */
    readonly onChange: () => void;
    /** More of an edit is written. */
    readonly onWritten: () => void;
  };

/** A text that is written is shown at most this often. */
const SHOW_EVERY_MS = 100;

/** The steps of an edit in its document. */
export class DocumentSteps implements StepsHost {
  readonly steps: EditSteps;
  readonly #deps: DocumentStepsDeps;
  readonly #selection: vscode.Range;
  readonly #task: EditTask;
  readonly #found: DocumentTarget;
  /** Ends the watch of the problems before the first edit, and returns them. */
  #problemsBefore: (() => ProblemsBefore) | undefined;
  #watch: AbortController | undefined;
  #edit: DocumentEdit | undefined;
  #written: WrittenEdit | undefined;
  #lastShownMs = 0;
  /** The edit that is in the document when a next try starts: what the user decides meanwhile counts. */
  #asked: ShownEdit | undefined;

  constructor(selection: vscode.Range, task: EditTask, found: DocumentTarget, deps: DocumentStepsDeps) {
    this.#deps = deps;
    this.#selection = selection;
    this.#task = task;
    this.#found = found;
    this.steps = new EditSteps(task, found.target, { ...deps, host: this });
  }

  /** As it is open now: the user may have saved it as a file, or closed it and opened it again. */
  get document(): vscode.TextDocument {
    const { document } = this.#found;
    const key = (this.#edit?.uri ?? document.uri).toString();
    if (!document.isClosed && document.uri.toString() === key) return document;
    return vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === key) ?? document;
  }

  /** The edit that is in the document, or was there last. */
  get edit(): DocumentEdit | undefined {
    return this.#edit;
  }

  /** What is being written; undefined if nothing is. */
  get written(): WrittenEdit | undefined {
    return this.#written;
  }

  readonly permit = async (
    target: EditTarget,
    request: (target: EditTarget) => EngineRequest,
  ): Promise<EditTarget | undefined> =>
    askAboutSecrets(await this.#deps.engine(), target, request, this.#deps.allowedSecrets);

  readonly place = async (
    { text, unplaced, tries }: StepEdit,
    before: number | undefined,
  ): Promise<number | undefined> => {
    const { shown, hunks } = this.#deps;
    const { target, fixes } = this.#found;
    const replaced = before === undefined ? undefined : this.#replaceable(before);
    if (before !== undefined && replaced === undefined) {
      reportNotReplaced(target.path, tries.at(-1)?.summary.modelUsed);
      return undefined;
    }
    const decisionId = tries.at(-1)?.decision.id ?? "";
    // A next try is compared with the text without any edit, too.
    const problemsBefore = replaced?.edit.problemsBefore ?? this.#problemsBefore?.();
    if (problemsBefore === undefined) return undefined;
    const edit = { tries, decisionId, task: this.#task, target, problemsBefore, fixes };
    const isAtReplaced = replaced !== undefined && hunks.isAtHunk;
    const placed = await shown.apply(this.document, edit, text, replaced);
    if (placed === undefined) return undefined;
    if (placed.shown !== undefined) this.#edit = placed.shown.edit;
    if (isAtReplaced) hunks.goToFirst(this.document, undefined);
    else if (replaced === undefined) hunks.goToFirst(this.document, this.#selection);
    reportLeftOut(target.path, placed.conflicts, unplaced.length);
    return placed.shown?.id;
  };

  readonly report = async (
    { tries, outcome }: FailedResult,
    again: (choice?: Attributes["budgetChoice"]) => Promise<void>,
  ): Promise<void> => {
    if (outcome.kind === "no-edit") {
      void vscode.window.showInformationMessage(noEditMessage(outcome.words, tries));
      return;
    }
    // The line at the edit reports that the budget does not cover a stronger model.
    const last = tries.at(-1);
    if (last?.decision.attributes.escalation !== undefined && last.summary.ending.kind === "not-sent") return;
    await reportUnanswered(tries, again, this.#deps);
  };

  readonly reportStopped = (model: ModelRef | undefined): void => {
    const name = model === undefined ? vscode.l10n.t("The next model") : modelName(model);
    void vscode.window.showInformationMessage(
      vscode.l10n.t("You have decided on the edit, so {model} was stopped.", { model: name }),
    );
  };

  readonly onText = (text: () => string): void => {
    const now = performance.now();
    if (this.#written === undefined || now - this.#lastShownMs < SHOW_EVERY_MS) return;
    // Over the edit that it is to replace, a half-written one could not be read.
    if (this.#asked !== undefined) return;
    const proposed = () => mergeChanges(this.#found.target.text, text(), this.document.getText()).text;
    this.#written = { ...this.#written, proposed };
    this.#deps.onWritten();
    this.#lastShownMs = performance.now();
  };

  readonly onAnswered = (tries: readonly EditTry[]): void =>
    this.#deps.onAnswered(tries.at(-1)?.summary.modelUsed);

  readonly isAccepted = (id: number): boolean => (this.#deps.shown.byId(id)?.accepted.length ?? 0) > 0;

  readonly onChange = (): void => {
    const { state, id } = this.steps;
    if (state.kind !== "writing") this.#endWriting();
    else {
      if (this.#written === undefined) this.#startWriting(id);
      const line = this.#asked === undefined ? this.#selection.start.line : undefined;
      const note = writingNote(state.model, state.failures);
      this.#written = { line, proposed: this.#written?.proposed, note };
    }
    this.#deps.onChange();
  };

  /** @param id of the edit that is in the document */
  #startWriting(id: number | undefined): void {
    this.#asked = id === undefined ? undefined : this.#deps.shown.byId(id);
    if (id !== undefined) return;
    this.#watch = new AbortController();
    this.#problemsBefore = this.#deps.checks.watch(this.document, this.#watch.signal);
  }

  #endWriting(): void {
    this.#written = undefined;
    this.#watch?.abort();
  }

  /** The edit that is in the document, unless the user has decided on a part of it or written in its lines. */
  #replaceable(id: number): ShownEdit | undefined {
    const { shown } = this.#deps;
    const now = shown.byId(id);
    if (now === undefined || shown.textWithout(now, this.document) === undefined) return undefined;
    const isDecided =
      now.hunks.length !== this.#asked?.hunks.length || now.accepted.length !== this.#asked.accepted.length;
    return isDecided ? undefined : now;
  }
}

function reportNotReplaced(file: string, model: ModelRef | undefined): void {
  const places = { file, model: model === undefined ? "" : modelName(model) };
  void vscode.window.showWarningMessage(
    vscode.l10n.t(
      "{file} has changed meanwhile in the lines of the edit. Nothing was overwritten: the edit by {model} was left out.",
      places,
    ),
  );
}
