import * as vscode from "vscode";
import { placeOf } from "../../assistant/context.ts";
import { EditRecord } from "../../assistant/edits/selected/editRecord.ts";
import { type EditCommand, editTask, promptTask } from "../../assistant/edits/selected/editTasks.ts";
import { lazy } from "../../base/lazy.ts";
import type { Prompt } from "../../contract/conversation.ts";
import type { Engine } from "../../engine/engine.ts";
import { placeOfDocument } from "../chat/context/places.ts";
import { rangeItem } from "../chat/context/selection.ts";
import type { WriteCode } from "../code/proposals.ts";
import { isEdited } from "../code/textEditors.ts";
import { registerCommands } from "../commands.ts";
import type { EditEvent } from "./editEvents.ts";
import type { SelectedEdits, SelectedEditsDeps } from "./selectedEdits.ts";
import type { HunkId } from "./shownEdits.ts";
import type { WriteTests, WriteTestsDeps } from "./tests/writeTests.ts";

/** Code in a document, as a code action names it. */
type CodePlace = { readonly uri: vscode.Uri; readonly range: vscode.Range };

type EditCommandsDeps = Omit<SelectedEditsDeps, "onEdit" | "engine"> & {
  readonly engine: () => Promise<Engine>;
};

/** The commands and code actions that edit selected code. What carries them out is loaded when it is first used. */
export class EditCommands implements vscode.Disposable {
  readonly #events = new vscode.EventEmitter<EditEvent>();
  readonly #subscriptions: vscode.Disposable[] = [this.#events];
  readonly #record: EditRecord;
  #edits: SelectedEdits | undefined;
  readonly #loaded: () => Promise<SelectedEdits>;
  /** Undefined until tests are written. */
  #tests: WriteTests | undefined;
  /** What has become of edits. */
  readonly onEdit = this.#events.event;

  constructor(deps: EditCommandsDeps) {
    this.#record = new EditRecord(deps);
    const onEdit = (event: EditEvent) => {
      this.#recordEvent(event);
      this.#events.fire(event);
    };
    this.#loaded = lazy(async () => {
      const { SelectedEdits } = await import("./selectedEdits.ts");
      this.#edits = new SelectedEdits({ ...deps, onEdit });
      this.#subscriptions.push(this.#edits);
      return this.#edits;
    });
    const edits = this.#loaded;
    const tests = lazy(async () => {
      const { WriteTests } = await import("./tests/writeTests.ts");
      const edit: WriteTestsDeps["edit"] = async (...args) => (await edits()).edit(...args);
      this.#tests = new WriteTests({ privatePaths: deps.privatePaths, edit });
      return this.#tests;
    });
    /** Does what may discard the tests of a new file. */
    const discard = async (carryOut: (edits: SelectedEdits) => Promise<void>) => {
      await carryOut(await edits());
      await this.#tests?.closeEmpty();
    };
    const run = (command: EditCommand) => async (argument: unknown) => {
      const place = isPlace(argument) ? argument : activePlace();
      if (place === undefined) return;
      const document = await editableDocument(place.uri);
      const words =
        document === undefined ? undefined : await wordsFor(command, placeToEdit(document, place.range));
      if (document === undefined || words === undefined) return;
      await (await edits()).edit(document, place.range, editTask(command, words));
    };
    this.#subscriptions.push(
      registerCommands({
        modify: run("modify"),
        fix: run("fix"),
        refactor: run("refactor"),
        document: run("document"),
        writeTests: async (argument) => {
          const place = isPlace(argument) ? argument : activePlace();
          if (place === undefined) return;
          const source = await vscode.workspace.openTextDocument(place.uri);
          await (await tests()).write(source, place.range);
        },
        cancelEdit: async () => (await edits()).cancel(),
        acceptHunk: async (id) => (await edits()).hunks.acceptHunk(isHunkId(id) ? id : undefined),
        discardHunk: (id) => discard(({ hunks }) => hunks.discardHunk(isHunkId(id) ? id : undefined)),
        acceptEdit: async (uri) => (await edits()).hunks.acceptAll(asUri(uri)),
        discardEdit: (uri) => discard(({ hunks }) => hunks.discardAll(asUri(uri))),
        compareEdit: async (uri) => (await edits()).hunks.compare(asUri(uri)),
        nextHunk: async () => (await edits()).hunks.go("next"),
        previousHunk: async () => (await edits()).hunks.go("previous"),
        escalateEdit: async (id) => (await edits()).escalate(asId(id)),
        whyEdit: async (id) => (await edits()).why(asId(id)),
        runVerifyCommand: async () => (await edits()).verify(),
        showEditMenu: () => discard((edits) => edits.showMenu()),
      }),
      vscode.languages.registerCodeActionsProvider(
        { scheme: "*" },
        { provideCodeActions: actionsAt },
        {
          providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.RefactorRewrite],
        },
      ),
    );
  }

  /** Edits the selected code of the active editor with one of the user's own prompts. The edited code is sent once. */
  async editBy(prompt: Prompt): Promise<void> {
    const place = activePlace();
    if (place === undefined) return;
    const document = await editableDocument(place.uri);
    if (document === undefined) return;
    const { start, end, isEmpty } = place.range;
    const lines = isEmpty ? undefined : { start: start.line, end: end.line + 1 };
    const task = promptTask(prompt, { source: place.uri.toString(), lines });
    await (await this.#loaded()).edit(document, place.range, task);
  }

  /** Writes code of a chat's answer that the user has accepted, as `SelectedEdits` does. */
  readonly writeAccepted: WriteCode = async (...args) => (await this.#loaded()).writeAccepted(...args);

  /** Writes what became of edits before the window closes. */
  async close(): Promise<void> {
    this.#edits?.close();
    await this.#record.written();
  }

  #recordEvent(event: EditEvent): void {
    const { decisionId } = event.edit;
    switch (event.kind) {
      case "applied":
      case "accepted":
        break;
      case "checked":
        this.#record.checked(decisionId, event.check);
        break;
      case "restored":
        this.#record.restored(decisionId);
        break;
      default:
        this.#record.ended(decisionId, event.kind);
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** On a selection: modify it. On problems: fix them. */
function actionsAt(
  document: vscode.TextDocument,
  range: vscode.Range,
  { diagnostics }: vscode.CodeActionContext,
): vscode.CodeAction[] {
  if (!isEdited(document)) return [];
  const { uri } = document;
  const actions: vscode.CodeAction[] = [];
  const problems = diagnostics.filter(({ severity }) => severity !== vscode.DiagnosticSeverity.Hint);
  const [first, ...others] = problems;
  if (first !== undefined) {
    const title = vscode.l10n.t("Fix with Switchyard");
    const fix = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    const all = others.reduce((union, problem) => union.union(problem.range), first.range);
    fix.diagnostics = [...problems];
    fix.command = { title, command: "switchyard.fix", arguments: [{ uri, range: all } satisfies CodePlace] };
    actions.push(fix);
  }
  if (!range.isEmpty) {
    const title = vscode.l10n.t("Modify with Switchyard…");
    const modify = new vscode.CodeAction(title, vscode.CodeActionKind.RefactorRewrite);
    modify.command = { title, command: "switchyard.modify", arguments: [{ uri, range } satisfies CodePlace] };
    actions.push(modify);
  }
  return actions;
}

/** Asks what to do; undefined if the user cancels. @param place the code that is edited */
async function wordsFor(command: EditCommand, place: string): Promise<string | undefined> {
  switch (command) {
    case "fix":
    case "document":
      return "";
    case "modify": {
      const words = await vscode.window.showInputBox({
        title: vscode.l10n.t("Modify with Switchyard"),
        prompt: vscode.l10n.t("What should change in {place}?", { place }),
        ignoreFocusOut: true,
      });
      return words?.trim() || undefined;
    }
    case "refactor":
      return vscode.window.showInputBox({
        title: vscode.l10n.t("Refactor with Switchyard"),
        prompt: vscode.l10n.t(
          "What should change in {place}? Leave it empty to make the code easier to read.",
          { place },
        ),
        ignoreFocusOut: true,
      });
  }
}

/** Names the code that is edited: the selected lines, or the whole file. */
function placeToEdit(document: vscode.TextDocument, range: vscode.Range): string {
  const [selected] = rangeItem(document, range, []);
  return selected === undefined ? placeOfDocument(document.uri).path : placeOf(selected);
}

/** Opens a document; undefined if it cannot be edited, which the user then reads. */
async function editableDocument(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (isEdited(document)) return document;
  const file = vscode.workspace.asRelativePath(uri);
  void vscode.window.showInformationMessage(vscode.l10n.t("{file} cannot be edited.", { file }));
  return undefined;
}

function activePlace(): CodePlace | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor !== undefined) return { uri: editor.document.uri, range: editor.selection };
  void vscode.window.showInformationMessage(vscode.l10n.t("Open a file to edit its code."));
  return undefined;
}

function isPlace(argument: unknown): argument is CodePlace {
  return (
    typeof argument === "object" &&
    argument !== null &&
    "uri" in argument &&
    "range" in argument &&
    argument.uri instanceof vscode.Uri &&
    argument.range instanceof vscode.Range
  );
}

function isHunkId(argument: unknown): argument is HunkId {
  return (
    typeof argument === "object" &&
    argument !== null &&
    "edit" in argument &&
    "hunk" in argument &&
    typeof argument.edit === "number" &&
    typeof argument.hunk === "number"
  );
}

function asUri(argument: unknown): vscode.Uri | undefined {
  return argument instanceof vscode.Uri ? argument : undefined;
}

function asId(argument: unknown): number | undefined {
  return typeof argument === "number" ? argument : undefined;
}
