import * as vscode from "vscode";
import type { EditTask } from "../../assistant/edits/selected/editRequest.ts";
import type { EditTry } from "../../assistant/edits/selected/runEdit.ts";
import type { RejectedEdit } from "../../assistant/edits/steps/editSteps.ts";
import { NEXT_TRY_STARTS } from "../../assistant/edits/steps/nextStep.ts";
import type { Clock } from "../../base/time/clock.ts";
import type { Turn } from "../../contract/conversation.ts";
import type { EditCheck } from "../../contract/edit/editCheck.ts";
import { describeCheck } from "../../explain/editCheck.ts";
import { writeText } from "../code/textEdits.ts";
import type { ReportDocuments } from "../reports/reportDocuments.ts";
import { chatEdit } from "./chatEdit.ts";
import { EditChecks, type EditChecksDeps } from "./check/editChecks.ts";
import { EditDisplay, EditLenses, type WrittenEdit } from "./display/editDisplay.ts";
import { EditStatus } from "./display/editStatus.ts";
import { type StepLine, stepLine } from "./display/stepMessages.ts";
import { DocumentSteps, type DocumentStepsDeps } from "./documentSteps.ts";
import type { DocumentEdit, EditEvent } from "./editEvents.ts";
import { type DocumentTarget, editTarget } from "./editTarget.ts";
import { HunkCommands } from "./hunkCommands.ts";
import { ShownEdits } from "./shownEdits.ts";

/** How long the status bar shows what the check of accepted code found. */
const SHOWN_MS = 8_000;

export type SelectedEditsDeps = Omit<
  DocumentStepsDeps,
  "shown" | "hunks" | "checks" | "allowedSecrets" | "onChange" | "onWritten"
> &
  Omit<EditChecksDeps, "onChecked"> & {
    readonly clock: Clock;
    readonly documents: Pick<ReportDocuments, "show">;
    readonly onEdit: (event: EditEvent) => void;
  };

/** Edits of selected code: asks for them, shows them in their documents, and follows them until the user has decided. */
export class SelectedEdits implements vscode.Disposable {
  readonly #deps: SelectedEditsDeps;
  readonly #shown: ShownEdits;
  readonly #display = new EditDisplay();
  readonly #checks: EditChecks;
  readonly #status = new EditStatus();
  readonly #changed = new vscode.EventEmitter<void>();
  /** Those that are written or in their documents; the one that has changed last is the last. */
  #steps: readonly DocumentSteps[] = [];
  /** The requests of the edit that has changed last. */
  #lastTries: readonly EditTry[] = [];
  /** The last edit of each document that was reverted. */
  readonly #rejected = new Map<string, Pick<RejectedEdit, "reason"> & { readonly edit: DocumentEdit }>();
  readonly #allowedSecrets = new Set<string>();
  readonly #subscriptions: readonly vscode.Disposable[];
  readonly hunks: HunkCommands;

  constructor(deps: SelectedEditsDeps) {
    this.#deps = deps;
    this.#shown = new ShownEdits(deps.clock);
    this.hunks = new HunkCommands(this.#shown);
    const onChecked = this.#shown.checked.bind(this.#shown);
    this.#checks = new EditChecks({ ...deps, onChecked });
    this.#subscriptions = [
      this.#shown,
      this.#display,
      this.#checks,
      this.#status,
      this.#changed,
      this.hunks,
      this.#shown.onEdit((event) => {
        deps.onEdit(event);
        this.#checks.follow(event);
        void this.#follow(event).catch(deps.onError);
      }),
      this.#shown.onDidChange(() => {
        this.#showAll();
        this.#changed.fire();
      }),
      vscode.workspace.onDidCloseTextDocument((closed) => {
        const isOpen = vscode.workspace.textDocuments.includes(closed);
        // A file can be edited although it was closed.
        const hasFile = !closed.isUntitled && closed.uri.scheme !== "vscode-notebook-cell";
        if (!isOpen && !hasFile) for (const each of this.#in(closed.uri)) each.steps.cancel();
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#showAll()),
      vscode.window.onDidChangeActiveColorTheme(() => {
        this.#display.changeTheme();
        this.#showAll();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.#showState()),
      vscode.window.onDidChangeTextEditorSelection(() => this.#showState()),
      vscode.languages.registerCodeLensProvider(
        { scheme: "*" },
        new EditLenses(this.#shown, (id) => this.#lineOf(id), this.#changed.event),
      ),
    ];
  }

  /** Asks for an edit of the selected code and writes it into the document. What the user has to know is shown. */
  async edit(document: vscode.TextDocument, selection: vscode.Range, task: EditTask): Promise<void> {
    const found = editTarget(document, selection, task.command === "fix", this.#deps.privatePaths());
    if (found.kind === "none") return void vscode.window.showInformationMessage(found.reason);
    for (const each of this.#in(document.uri)) each.steps.cancel();
    const started = new DocumentSteps(selection, task, found, {
      ...this.#deps,
      shown: this.#shown,
      hunks: this.hunks,
      checks: this.#checks,
      allowedSecrets: this.#allowedSecrets,
      onChange: () => {
        const others = this.#steps.filter((each) => each !== started);
        this.#steps = started.steps.state.kind === "none" ? others : [...others, started];
        this.#lastTries = started.steps.tries;
        this.#showAll();
        this.#changed.fire();
      },
      onWritten: () => this.#show(started.document.uri),
    });
    await started.steps.start(undefined, this.#rejectedBefore(task, found));
  }

  /** The last edit of a document, if the user reverted it and asks for the same again. */
  #rejectedBefore(task: EditTask, { document, target, fixes }: DocumentTarget): RejectedEdit | undefined {
    if (NEXT_TRY_STARTS[this.#deps.settings().escalate] === "never") return undefined;
    const last = this.#rejected.get(document.uri.toString());
    if (last === undefined) return undefined;
    const { edit, reason } = last;
    const { lines } = target.range;
    const { start, end } = edit.target.range.lines;
    // A fix of another problem in the same file is another edit.
    const fixesSame = edit.fixes.some(({ message }) => fixes.some((fix) => fix.message === message));
    const isSame =
      edit.task.command === task.command &&
      edit.task.words === task.words &&
      lines.start < end &&
      lines.end > start &&
      (fixesSame || edit.fixes.length + fixes.length === 0);
    const decision = edit.tries.at(-1)?.decision;
    return isSame && decision !== undefined ? { decision, reason } : undefined;
  }

  /**
   * Writes code of a chat's answer that the user has accepted. It is checked and counted like any other edit. Resolves to
   * whether it could be written.
   */
  async writeAccepted(document: vscode.TextDocument, text: string, turn: Turn | undefined): Promise<boolean> {
    const edit = chatEdit(document, turn, this.#deps.privatePaths());
    if (edit === undefined) return (await writeText(document, () => text)) !== undefined;
    const problemsBefore = this.#checks.watch(document, new AbortController().signal)();
    const applied = await this.#shown.apply(document, { ...edit, problemsBefore }, text);
    if (applied?.shown !== undefined) this.#shown.accept(applied.shown, applied.shown.hunks);
    return applied !== undefined;
  }

  /** Cancels the edit that is being written for the active document. */
  cancel(): void {
    for (const each of this.#in(activeUri())) each.steps.cancel();
  }

  /**
   * Carries out what the line at an edit offers: the next try with a stronger model, or a higher budget for it.
   * @param id undefined: the last edit of the active document
   */
  async escalate(id: number | undefined): Promise<void> {
    const steps = this.#find(id)?.steps;
    if (steps?.next?.kind === "stronger") return steps.tryNext();
    // The budget may have changed since.
    await steps?.refresh();
    if (steps?.next?.kind !== "over-budget" || steps.next.limit === undefined) return;
    if (await this.#deps.changeBudget(steps.next.limit)) await steps.refresh();
  }

  /** Saves the active document and runs the verify command, for the last edit in it if there is one. */
  async verify(): Promise<void> {
    const uri = activeUri();
    if (uri !== undefined) await this.#checks.verify(uri, this.#shown.open(uri).at(-1)?.edit, true);
  }

  /** Shows which models were asked for an edit, and why. @param id undefined: the last edit of the active document */
  async why(id: number | undefined): Promise<void> {
    const shown = id === undefined ? undefined : this.#shown.byId(id)?.edit;
    const tries = this.#find(id)?.steps.tries ?? shown?.tries ?? this.#lastTries;
    if (tries.length === 0) return;
    const { editReport } = await import("./display/editReport.ts");
    await this.#deps.documents.show(vscode.l10n.t("Why This Model"), editReport(tries));
  }

  /** Shows what can be done with the edit of the active document. */
  async showMenu(): Promise<void> {
    const { hunks } = this;
    const line = this.#lineOf(this.#find(undefined)?.steps.id);
    const offer = line?.action === undefined ? [] : ([[line.text, () => this.escalate(undefined)]] as const);
    const ofHunks = [
      [vscode.l10n.t("Accept All"), () => hunks.acceptAll(undefined)],
      [vscode.l10n.t("Discard All"), () => hunks.discardAll(undefined)],
      [vscode.l10n.t("Next Change"), () => hunks.go("next")],
      [vscode.l10n.t("Previous Change"), () => hunks.go("previous")],
      [vscode.l10n.t("Compare"), () => hunks.compare(undefined)],
    ] as const;
    const entries = [
      ...offer,
      // Once all of it is accepted, only the offer is left.
      ...(hunks.areThere ? ofHunks : []),
      [vscode.l10n.t("Why This Model?"), () => this.why(undefined)],
    ] as const;
    const items = entries.map(([label, run]) => ({ label, run }));
    await (await vscode.window.showQuickPick(items))?.run();
  }

  /** Ends what is known of the edits: the window closes. */
  close(): void {
    this.#shown.close();
  }

  dispose(): void {
    for (const { steps } of this.#steps) steps.cancel();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #follow(event: EditEvent): Promise<void> {
    const { edit } = event;
    const document = edit.uri.toString();
    if (event.kind === "discarded") this.#rejected.set(document, { edit, reason: "discarded-edit" });
    else if (event.kind === "undone") this.#rejected.set(document, { edit, reason: "undone-edit" });
    else if (event.kind === "kept" || event.kind === "restored") this.#rejected.delete(document);
    const found = this.#steps.find((each) => each.edit === edit);
    if (found === undefined && event.kind === "checked") showFailedCheck(event.check);
    const id = found?.steps.id;
    if (found === undefined || id === undefined) return;
    switch (event.kind) {
      case "applied":
      case "restored":
      case "replaced":
        return;
      case "checked":
        return found.steps.checked(id, event.check);
      case "accepted":
        return found.steps.decided();
      case "kept":
      case "discarded":
      case "undone":
      case "unknown":
        return found.steps.ended();
    }
  }

  #in(uri: vscode.Uri | undefined): readonly DocumentSteps[] {
    return this.#steps.filter(({ document }) => document.uri.toString() === uri?.toString());
  }

  #find(id: number | undefined): DocumentSteps | undefined {
    return id === undefined
      ? this.#in(activeUri()).findLast(({ steps }) => steps.id !== undefined)
      : this.#steps.find(({ steps }) => steps.id === id);
  }

  #lineOf(id: number | undefined): StepLine | undefined {
    const steps = id === undefined ? undefined : this.#find(id)?.steps;
    return steps && stepLine(steps.state);
  }

  #showAll(): void {
    for (const { document } of vscode.window.visibleTextEditors) this.#show(document.uri);
    this.#showState();
  }

  #show(uri: vscode.Uri): void {
    this.#display.show(uri, this.#shown.of(uri), this.#writtenIn(uri));
  }

  #writtenIn(uri: vscode.Uri | undefined): WrittenEdit | undefined {
    return this.#in(uri).find((each) => each.written !== undefined)?.written;
  }

  #showState(): void {
    const uri = activeUri();
    this.#status.show({
      note: this.#writtenIn(uri)?.note,
      edits: uri === undefined ? [] : this.#shown.of(uri),
      line: this.#lineOf(this.#find(undefined)?.steps.id),
      isAtHunk: this.hunks.isAtHunk,
      hasReport: this.#lastTries.length > 0,
    });
  }
}

/** Code of a chat's answer has no line that shows its check. The verify command reports its failure itself. */
function showFailedCheck(check: EditCheck): void {
  if (check.kind !== "failed" || check.by === "command") return;
  vscode.window.setStatusBarMessage(`$(warning) ${describeCheck(check)}`, SHOWN_MS);
}

function activeUri(): vscode.Uri | undefined {
  return vscode.window.activeTextEditor?.document.uri;
}
