import * as vscode from "vscode";
import { mergeChanges } from "../../assistant/edits/mergeTexts.ts";
import { type EditTask, editRequest } from "../../assistant/edits/selected/editRequest.ts";
import type { Hunk } from "../../assistant/edits/selected/hunks.ts";
import { type EditResult, runEdit } from "../../assistant/edits/selected/runEdit.ts";
import type { Clock } from "../../base/time/clock.ts";
import type { StartTimer } from "../../base/time/timer.ts";
import type { Attributes } from "../../contract/decision.ts";
import type { ModelRef } from "../../contract/model.ts";
import type { Engine } from "../../engine/engine.ts";
import { describeCheck } from "../../explain/editCheck.ts";
import { EditChecks } from "./check/editChecks.ts";
import { EditDisplay, EditLenses, type WrittenEdit } from "./editDisplay.ts";
import type { EditEvent } from "./editEvents.ts";
import {
  noEditMessage,
  quietLine,
  reportLeftOut,
  reportUnanswered,
  type UnansweredDeps,
  writingNote,
} from "./editMessages.ts";
import { editTarget } from "./editTarget.ts";
import { askAboutSecrets } from "./secretsInCode.ts";
import { type HunkId, type ShownEdit, ShownEdits } from "./shownEdits.ts";

export type SelectedEditsDeps = UnansweredDeps & {
  readonly engine: () => Promise<Pick<Engine, "run" | "reach" | "outcome">>;
  readonly privatePaths: () => readonly string[];
  readonly clock: Clock;
  /** Called when an answer has ended and its cost is known. */
  readonly onAnswered: (model: ModelRef | undefined) => void;
  readonly onEdit: (event: EditEvent) => void;
  readonly startTimer: StartTimer;
  /** Receives errors, as of the ledger, that change nothing in the editor. */
  readonly onError: (error: unknown) => void;
};

/** The edit that a model writes for a document. */
type Running = { readonly abort: AbortController; written: WrittenEdit };

/** A text that is written is shown at most this often. */
const SHOW_EVERY_MS = 100;

const BEFORE_SCHEME = "switchyard-before";

/** Edits of selected code: asks for them, shows them in their documents, and carries out what the user does with them. */
export class SelectedEdits implements vscode.Disposable {
  readonly #deps: SelectedEditsDeps;
  readonly #shown: ShownEdits;
  readonly #display = new EditDisplay();
  readonly #checks: EditChecks;
  readonly #status = vscode.window.createStatusBarItem(
    "switchyard.edit",
    vscode.StatusBarAlignment.Right,
    99,
  );
  /** By the address of the document. */
  readonly #running = new Map<string, Running>();
  /** Keys and passwords that the user sends as they are. */
  readonly #allowedSecrets = new Set<string>();
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(deps: SelectedEditsDeps) {
    this.#deps = deps;
    this.#shown = new ShownEdits(deps.clock);
    const onChecked = this.#shown.checked.bind(this.#shown);
    this.#checks = new EditChecks({ ...deps, onChecked });
    this.#status.name = vscode.l10n.t("Switchyard: Edit");
    this.#subscriptions = [
      this.#shown,
      this.#display,
      this.#status,
      this.#checks,
      this.#shown.onEdit((event) => {
        deps.onEdit(event);
        this.#checks.follow(event);
      }),
      this.#shown.onDidChange(() => this.#showAll()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#showAll()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#showState()),
      vscode.window.onDidChangeTextEditorSelection(() => this.#showState()),
      vscode.languages.registerCodeLensProvider(
        { scheme: "*" },
        new EditLenses(this.#shown, (shown) => {
          const check = this.#shown.checkOf(shown);
          const line = quietLine(shown.edit.tries);
          return check === undefined || check.kind === "unchecked"
            ? line
            : `${line} · ${describeCheck(check)}`;
        }),
      ),
      vscode.workspace.registerTextDocumentContentProvider(BEFORE_SCHEME, {
        provideTextDocumentContent: ({ query }) => this.#shown.byId(Number(query))?.edit.before,
      }),
    ];
  }

  /** Asks for an edit of the selected code and writes it into the document. What the user has to know is shown. */
  async edit(
    document: vscode.TextDocument,
    selection: vscode.Range,
    task: EditTask,
    budgetChoice?: Attributes["budgetChoice"],
  ): Promise<void> {
    const found = editTarget(document, selection, task.command === "fix", this.#deps.privatePaths());
    if (found.kind === "none") return void vscode.window.showInformationMessage(found.reason);
    const { fixes } = found;
    const target = await askAboutSecrets(
      await this.#deps.engine(),
      found.target,
      (target) => editRequest(task, target),
      this.#allowedSecrets,
    );
    if (target === undefined) return;
    const key = document.uri.toString();
    this.#running.get(key)?.abort.abort();
    const abort = new AbortController();
    const { line } = selection.start;
    const running: Running = {
      abort,
      written: { line, note: writingNote(undefined), proposed: document.getText() },
    };
    this.#running.set(key, running);
    this.#showAll();
    const problemsBefore = this.#checks.watch(document, abort.signal);
    let lastShownMs = 0;
    let result: EditResult;
    try {
      result = await runEdit(
        await this.#deps.engine(),
        task,
        target,
        {
          onModel: (model) => {
            running.written = { ...running.written, note: writingNote(model) };
            this.#showAll();
          },
          onText: (text) => {
            const now = performance.now();
            if (now - lastShownMs < SHOW_EVERY_MS) return;
            const proposed = mergeChanges(target.text, text(), document.getText()).text;
            running.written = { ...running.written, proposed };
            this.#show(document.uri);
            lastShownMs = performance.now();
          },
        },
        abort.signal,
        { budgetChoice },
      );
    } finally {
      if (this.#running.get(key) === running) this.#running.delete(key);
      this.#showAll();
    }
    this.#deps.onAnswered(result.tries.at(-1)?.summary.modelUsed);
    if (abort.signal.aborted) return;
    const decisionId = result.tries.at(-1)?.decision.id ?? "";
    const { outcome, tries } = result;
    switch (outcome.kind) {
      case "edited": {
        const edit = { tries, decisionId, task, target, problemsBefore: problemsBefore(), fixes };
        const conflicts = await this.#shown.apply(document, edit, outcome.text);
        if (conflicts === undefined) return;
        this.#goToFirst(document, selection);
        reportLeftOut(target.path, conflicts, outcome.unplaced.length);
        return;
      }
      case "no-edit":
        return void vscode.window.showInformationMessage(noEditMessage(outcome.words, tries));
      case "unanswered":
        return reportUnanswered(tries, (choice) => this.edit(document, selection, task, choice), this.#deps);
    }
  }

  /** Cancels the edit that is being written for the active document. */
  cancel(): void {
    const uri = vscode.window.activeTextEditor?.document.uri;
    if (uri !== undefined) this.#running.get(uri.toString())?.abort.abort();
  }

  /** Accepts a hunk. @param id undefined: the one at the cursor */
  acceptHunk(id: HunkId | undefined): void {
    const found = this.#hunk(id);
    if (found !== undefined) this.#shown.accept(found.shown, [found.hunk]);
  }

  async discardHunk(id: HunkId | undefined): Promise<void> {
    const found = this.#hunk(id);
    if (found !== undefined) await this.#shown.discard(found.shown, [found.hunk]);
  }

  /** Accepts all hunks of a document. @param uri undefined: the active one */
  acceptAll(uri: vscode.Uri | undefined): void {
    for (const shown of this.#of(uri)) this.#shown.accept(shown, shown.hunks);
  }

  async discardAll(uri: vscode.Uri | undefined): Promise<void> {
    for (const shown of this.#of(uri)) await this.#shown.discard(shown, shown.hunks);
  }

  /** Compares a document with its text before its last edit, in VS Code's diff editor. */
  async compare(uri: vscode.Uri | undefined): Promise<void> {
    const shown = this.#of(uri).at(-1);
    if (shown === undefined) return;
    const { uri: target } = shown.edit;
    const name = target.path.slice(target.path.lastIndexOf("/") + 1);
    const before = vscode.Uri.from({ scheme: BEFORE_SCHEME, path: `/${name}`, query: String(shown.id) });
    const title = vscode.l10n.t("{file}: before and after the edit", { file: name });
    await vscode.commands.executeCommand("vscode.diff", before, target, title, { preview: true });
  }

  /** Moves the cursor to the next hunk of the active document, or to the previous one. */
  go(direction: "next" | "previous"): void {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) return;
    const starts = this.#of(editor.document.uri)
      .flatMap(({ hunks }) => hunks.map(({ lines }) => lines.start))
      .toSorted((one, other) => one - other);
    const line = editor.selection.active.line;
    const to =
      direction === "next"
        ? (starts.find((start) => start > line) ?? starts[0])
        : (starts.findLast((start) => start < line) ?? starts.at(-1));
    if (to !== undefined) moveTo(editor, to);
  }

  /** Moves the cursor to the first hunk of a new edit, unless the user has moved it meanwhile. */
  #goToFirst(document: vscode.TextDocument, asked: vscode.Range): void {
    const editor = vscode.window.activeTextEditor;
    const first = this.#shown.of(document.uri).at(-1)?.hunks[0];
    if (editor?.document !== document || first === undefined) return;
    const isUnmoved = editor.selection.intersection(asked) !== undefined;
    if (isUnmoved) moveTo(editor, first.lines.start);
  }

  /** Shows what can be done with the edit of the active document. */
  async showMenu(): Promise<void> {
    const entries = [
      [vscode.l10n.t("Accept All"), () => this.acceptAll(undefined)],
      [vscode.l10n.t("Discard All"), () => this.discardAll(undefined)],
      [vscode.l10n.t("Next Change"), () => this.go("next")],
      [vscode.l10n.t("Previous Change"), () => this.go("previous")],
      [vscode.l10n.t("Compare"), () => this.compare(undefined)],
    ] as const;
    const items = entries.map(([label, run]) => ({ label, run }));
    await (await vscode.window.showQuickPick(items))?.run();
  }

  /** Ends what is known of the edits: the window closes. */
  close(): void {
    this.#shown.close();
  }

  dispose(): void {
    for (const { abort } of this.#running.values()) abort.abort();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #of(uri: vscode.Uri | undefined): readonly ShownEdit[] {
    const active = uri ?? vscode.window.activeTextEditor?.document.uri;
    return active === undefined ? [] : this.#shown.of(active);
  }

  #hunk(id: HunkId | undefined): { readonly shown: ShownEdit; readonly hunk: Hunk } | undefined {
    const editor = vscode.window.activeTextEditor;
    if (id === undefined && editor === undefined) return undefined;
    const shownEdits = id === undefined ? this.#of(undefined) : [this.#shown.byId(id.edit)];
    for (const shown of shownEdits) {
      const hunk = shown?.hunks.find((each) =>
        id === undefined ? isAt(each, editor?.selection.active.line ?? -1) : each.id === id.hunk,
      );
      if (shown !== undefined && hunk !== undefined) return { shown, hunk };
    }
    return undefined;
  }

  #showAll(): void {
    for (const { document } of vscode.window.visibleTextEditors) this.#show(document.uri);
    this.#showState();
  }

  #show(uri: vscode.Uri): void {
    this.#display.show(uri, this.#shown.of(uri), this.#running.get(uri.toString())?.written);
  }

  /** The keys and the status bar item follow the active document. */
  #showState(): void {
    const editor = vscode.window.activeTextEditor;
    const running = editor && this.#running.get(editor.document.uri.toString());
    const edits = this.#of(undefined);
    const hunks = edits.flatMap((shown) => shown.hunks);
    const line = editor?.selection.active.line ?? -1;
    setContext("switchyard.editIsWritten", running !== undefined);
    setContext("switchyard.editIsShown", hunks.length > 0);
    setContext(
      "switchyard.cursorInHunk",
      hunks.some((hunk) => isAt(hunk, line)),
    );
    const last = edits.at(-1);
    if (running !== undefined) {
      this.#status.text = `$(loading~spin) ${running.written.note}`;
      this.#status.tooltip = undefined;
      this.#status.command = "switchyard.cancelEdit";
      this.#status.show();
    } else if (last !== undefined) {
      const changes =
        hunks.length === 1
          ? vscode.l10n.t("1 change")
          : vscode.l10n.t("{count} changes", { count: hunks.length });
      this.#status.text = `$(diff) ${changes}`;
      const check = this.#shown.checkOf(last);
      const line = quietLine(last.edit.tries);
      this.#status.tooltip = check === undefined ? line : `${line} · ${describeCheck(check)}`;
      this.#status.command = "switchyard.showEditMenu";
      this.#status.show();
    } else this.#status.hide();
  }
}

function moveTo(editor: vscode.TextEditor, line: number): void {
  const position = new vscode.Position(Math.min(line, editor.document.lineCount - 1), 0);
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(
    new vscode.Range(position, position),
    vscode.TextEditorRevealType.InCenterIfOutsideViewport,
  );
}

function isAt({ lines }: Hunk, line: number): boolean {
  return line === lines.start || (line > lines.start && line < lines.end);
}

function setContext(key: string, value: boolean): void {
  void vscode.commands.executeCommand("setContext", key, value);
}
