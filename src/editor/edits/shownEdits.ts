import * as vscode from "vscode";
import { mergeChanges } from "../../assistant/edits/mergeTexts.ts";
import { type Hunk, hunksBetween, stateOf, withoutHunks } from "../../assistant/edits/selected/hunks.ts";
import { type OpenEdit, OpenEdits } from "../../assistant/edits/selected/openEdits.ts";
import type { Clock } from "../../base/time/clock.ts";
import type { EditCheck } from "../../contract/editCheck.ts";
import { placeOfDocument } from "../chat/context/places.ts";
import { editsBetween } from "../code/textEdits.ts";
import type { DocumentEdit, EditEvent } from "./editEvents.ts";

/** An edit in a document. */
export type ShownEdit = OpenEdit & { readonly edit: DocumentEdit };

/** A hunk, and the edit that it belongs to. */
export type HunkId = { readonly edit: number; readonly hunk: number };

/** Writes edits into documents, and follows what becomes of them. */
export class ShownEdits implements vscode.Disposable {
  readonly #edits: OpenEdits<ShownEdit>;
  readonly #checks = new WeakMap<DocumentEdit, EditCheck>();
  #ids = 0;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #events = new vscode.EventEmitter<EditEvent>();
  readonly #subscriptions: readonly vscode.Disposable[];
  /** Called when what is shown has changed. */
  readonly onDidChange = this.#changed.event;
  /** What has become of edits. */
  readonly onEdit = this.#events.event;

  constructor(clock: Clock) {
    this.#edits = new OpenEdits(clock, {
      onAccepted: ({ edit }) => this.#events.fire({ kind: "accepted", edit }),
      onEnd: ({ edit }, kind) => {
        this.#events.fire({ kind, edit });
        this.#changed.fire();
      },
    });
    this.#subscriptions = [
      this.#changed,
      this.#events,
      vscode.workspace.onDidChangeTextDocument((event) => this.#follow(event)),
      vscode.workspace.onDidSaveTextDocument((saved) => this.#save(saved)),
      vscode.workspace.onDidCloseTextDocument((closed) => {
        // A document whose language changes is closed and opened again.
        if (vscode.workspace.textDocuments.includes(closed)) return;
        this.#edits.close(closed.uri.toString());
      }),
    ];
  }

  byId(id: number): ShownEdit | undefined {
    return this.#edits.byId(id);
  }

  /** The edits of a document with hunks that the user has neither accepted nor discarded. */
  of(uri: vscode.Uri): readonly ShownEdit[] {
    return this.#edits.undecided(uri.toString());
  }

  /**
   * Writes an edit into its document as one change, which one undo takes back. What conflicts with changes that the user
   * made since the edit was asked for is left out. Returns how many changes that are, or undefined if nothing was written.
   */
  async apply(
    document: vscode.TextDocument,
    edit: Omit<DocumentEdit, "before" | "after" | "uri">,
    proposed: string,
  ): Promise<number | undefined> {
    const before = document.getText();
    const { text: after, conflicts } = mergeChanges(edit.target.text, proposed, before);
    if (after === before) return conflicts;
    if (!(await write(document, before, after))) return undefined;
    this.#ids += 1;
    const shown: ShownEdit = {
      id: this.#ids,
      document: document.uri.toString(),
      edit: { ...edit, uri: document.uri, before, after },
      hunks: hunksBetween(before, after),
      accepted: [],
      isSaved: false,
    };
    this.#edits.add(shown);
    this.#events.fire({ kind: "applied", edit: shown.edit });
    this.#changed.fire();
    return conflicts;
  }

  /** Keeps hunks of an edit as they are. */
  accept(shown: ShownEdit, hunks: readonly Hunk[]): void {
    this.#edits.accept(shown, hunks);
    this.#changed.fire();
  }

  /** What the last check of an edit found. */
  checkOf({ edit }: ShownEdit): EditCheck | undefined {
    return this.#checks.get(edit);
  }

  /** Shows what a check of an edit found, and reports it. */
  checked(edit: DocumentEdit, check: EditCheck): void {
    this.#checks.set(edit, check);
    this.#events.fire({ kind: "checked", edit, check });
    this.#changed.fire();
  }

  /** Takes hunks back. What the user has written in their lines is never overwritten: such hunks stay. */
  async discard(shown: ShownEdit, hunks: readonly Hunk[]): Promise<void> {
    const document = await vscode.workspace.openTextDocument(shown.edit.uri);
    const lineAt = linesOf(document);
    const untouched = hunks.filter((hunk) => stateOf(hunk, lineAt) === "shown");
    const before = document.getText();
    // Removed first, so that the change of the document is not taken for one of the user's.
    if (untouched.length > 0) {
      this.#edits.discard(shown, untouched);
      this.#changed.fire();
      if (!(await write(document, before, withoutHunks(before, untouched)))) return;
    }
    if (untouched.length === hunks.length) return;
    await vscode.window.showWarningMessage(
      vscode.l10n.t(
        "{file} has changed in the lines of this edit. Nothing was overwritten; accept it, or use Undo.",
        {
          file: placeOfDocument(document.uri).path,
        },
      ),
    );
  }

  /** The window closes. */
  close(): void {
    this.#edits.closeAll();
  }

  dispose(): void {
    this.#edits.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #save(saved: vscode.TextDocument): void {
    this.#edits.save(saved.uri.toString());
    // Saved as a file, a document without one is emptied and closed. That takes nothing back.
    const text = saved.getText();
    for (const document of vscode.workspace.textDocuments) {
      if (!document.isUntitled || document === saved || document.getText() !== text) continue;
      this.#edits.save(document.uri.toString());
      this.#edits.close(document.uri.toString());
    }
  }

  #follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    // From the document's end to its start, each one leaves the places of those before it as they are.
    const changes = contentChanges
      .toSorted((one, other) => other.rangeOffset - one.rangeOffset)
      .map(({ range: { start, end }, text }) => ({ start, end, text }));
    this.#edits.change(document.uri.toString(), changes, linesOf(document));
    this.#changed.fire();
  }
}

async function write(document: vscode.TextDocument, before: string, after: string): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, editsBetween(document, before, after));
  if (await vscode.workspace.applyEdit(edit)) return true;
  await vscode.window.showErrorMessage(
    vscode.l10n.t("{file} cannot be edited.", { file: placeOfDocument(document.uri).path }),
  );
  return false;
}

function linesOf(document: vscode.TextDocument): (line: number) => string | undefined {
  return (line) => (line < document.lineCount ? document.lineAt(line).text : undefined);
}
