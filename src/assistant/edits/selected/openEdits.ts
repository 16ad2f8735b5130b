import type { Clock } from "../../../base/time/clock.ts";
import { type Hunk, moveHunk, stateOf, type TextChange } from "./hunks.ts";

/**
 * What became of an edit.
 *
 * - `kept`: all of it or a part was accepted, and is not undone for ten minutes or until its document, which was saved, is
 *   closed. An edit that was only saved with its document counts as accepted when that is closed.
 * - `discarded`: the user rejected all of it, or closed the document without ever saving it.
 * - `undone`: the last of it was reverted by Undo, accepted or not.
 * - `replaced`: its check failed, and the edit of a stronger model took its place.
 * - `unknown`: its document was renamed before the user had accepted any of it or saved it.
 */
export type EditOutcome = "kept" | "discarded" | "undone" | "replaced" | "unknown";

/** An accepted edit that is not undone is kept after this time. */
const KEPT_AFTER_MS = 10 * 60_000;
/** So many reverted edits are remembered, to notice when Redo brings them back. */
const MAX_REVERTED = 20;

/** The changes of an edit that are in its document. */
export type OpenEdit = {
  readonly id: number;
  /** The address of the document. */
  readonly document: string;
  /** Neither accepted nor discarded. */
  readonly hunks: readonly Hunk[];
  /** Accepted; Undo can still take them back. */
  readonly accepted: readonly Hunk[];
  /** The document was saved with the edit in it. */
  readonly isSaved: boolean;
};

/** Receives what happens to edits. */
export type OpenEditEvents<E> = {
  /** The user has decided on every change, and accepted at least one. */
  readonly onAccepted: (edit: E) => void;
  /** The last event of an edit, unless it is restored. */
  readonly onEnd: (edit: E, outcome: EditOutcome) => void;
  /** An edit that was discarded or undone is there again: by an undo of the discard, or a redo. */
  readonly onRestored: (edit: E) => void;
};

/** The edits that are in documents, until it is known what became of them. Hunks move with their document. */
export class OpenEdits<E extends OpenEdit> {
  readonly #clock: Pick<Clock, "sleep">;
  readonly #events: OpenEditEvents<E>;
  readonly #disposed = new AbortController();
  #edits: readonly E[] = [];
  readonly #replaced = new Set<number>();
  /** As they were before they were discarded or undone. */
  #reverted: readonly E[] = [];

  constructor(clock: Pick<Clock, "sleep">, events: OpenEditEvents<E>) {
    this.#clock = clock;
    this.#events = events;
  }

  add(edit: E): void {
    this.#edits = [...this.#edits, edit];
  }

  byId(id: number): E | undefined {
    return this.#edits.find((edit) => edit.id === id);
  }

  /** The edits of a document with hunks that the user has neither accepted nor discarded. */
  undecided(document: string): readonly E[] {
    return this.open(document).filter(({ hunks }) => hunks.length > 0);
  }

  /** The edits of a document whose outcome is not known yet. */
  open(document: string): readonly E[] {
    return this.#edits.filter((edit) => edit.document === document);
  }

  accept(edit: E, hunks: readonly Hunk[]): void {
    this.#put({ ...without(edit, hunks), accepted: [...edit.accepted, ...hunks] }, "discarded");
  }

  discard(edit: E, hunks: readonly Hunk[]): void {
    this.#put(without(edit, hunks), "discarded");
  }

  /** Marks an edit that another one is about to replace: when its document reverts it, it counts as replaced, not as undone. */
  replace({ id }: E): void {
    this.#replaced.add(id);
  }

  /** Ends an edit that was to be replaced. @param isReverted false: it is still in its document, and stays open */
  endReplaced(edit: E, isReverted: boolean): void {
    if (isReverted) this.#end(edit, "replaced");
    this.#replaced.delete(edit.id);
  }

  /**
   * Moves hunks with changes of their document. Those that the changes took back are undone, accepted or not.
   * @param changes from the document's end to its start
   * @param lineAt the lines after the changes
   * @param isUndoOrRedo they may bring back an edit that was discarded or undone before
   */
  change(
    document: string,
    changes: readonly TextChange[],
    lineAt: (line: number) => string | undefined,
    isUndoOrRedo = false,
  ): void {
    const back = this.#reverted.filter(
      (edit) => isUndoOrRedo && edit.document === document && isThere(edit, lineAt),
    );
    const follow = (hunks: readonly Hunk[]) =>
      hunks
        .map((hunk) => changes.reduce<Hunk>(moveHunk, hunk))
        .filter((hunk) => stateOf(hunk, lineAt) !== "undone");
    for (const edit of this.open(document))
      this.#put({ ...edit, hunks: follow(edit.hunks), accepted: follow(edit.accepted) }, "undone");
    for (const edit of back) this.#restore(edit);
  }

  save(document: string): void {
    this.#edits = this.#edits.map((edit) => (edit.document === document ? { ...edit, isSaved: true } : edit));
  }

  /** Moves the edits of a document without a file to the file that it was saved as. */
  saveAs(document: string, file: string): void {
    this.#edits = this.#edits.map((edit) =>
      edit.document === document ? { ...edit, document: file, isSaved: true } : edit,
    );
  }

  close(document: string): void {
    this.#reverted = this.#reverted.filter((edit) => edit.document !== document);
    for (const edit of this.open(document)) this.#end(edit, edit.isSaved ? "kept" : "discarded");
  }

  /** Ends the edits of a document that was renamed. They are not followed under its new name. */
  rename(document: string): void {
    for (const edit of this.open(document))
      this.#end(edit, edit.isSaved || edit.accepted.length > 0 ? "kept" : "unknown");
  }

  /** The window closes. Documents that were never saved may be open in the next one: what becomes of them is not known. */
  closeAll(): void {
    for (const edit of this.#edits) if (edit.isSaved) this.#end(edit, "kept");
  }

  /** Ends nothing and waits for nothing any more. */
  dispose(): void {
    this.#disposed.abort();
  }

  /** @param how hunks were taken out, if any were */
  #put(edit: E, how: "discarded" | "undone"): void {
    const before = this.byId(edit.id);
    if (before === undefined) return;
    this.#edits = this.#edits.map((each) => (each === before ? edit : each));
    if (edit.hunks.length + edit.accepted.length === 0) {
      const isReplaced = this.#replaced.has(edit.id);
      if (!isReplaced) this.#reverted = [...this.#reverted, before].slice(-MAX_REVERTED);
      this.#end(edit, isReplaced ? "replaced" : how);
    } else if (isAccepted(edit) && !isAccepted(before)) void this.#awaitKept(edit);
  }

  #restore(edit: E): void {
    this.#reverted = this.#reverted.filter((each) => each !== edit);
    this.add(edit);
    this.#events.onRestored(edit);
  }

  async #awaitKept(edit: E): Promise<void> {
    this.#events.onAccepted(edit);
    await this.#clock.sleep(KEPT_AFTER_MS, this.#disposed.signal);
    if (!this.#disposed.signal.aborted) this.#end(edit, "kept");
  }

  #end({ id }: E, outcome: EditOutcome): void {
    const edit = this.byId(id);
    if (edit === undefined) return;
    this.#edits = this.#edits.filter((each) => each !== edit);
    this.#events.onEnd(edit, outcome);
  }
}

function isAccepted({ hunks, accepted }: OpenEdit): boolean {
  return hunks.length === 0 && accepted.length > 0;
}

/** Whether a text has the changes of an edit at their places. One that only removes lines is not known by them. */
function isThere({ hunks, accepted }: OpenEdit, lineAt: (line: number) => string | undefined): boolean {
  const all = [...hunks, ...accepted];
  return all.some(({ added }) => added.length > 0) && all.every((hunk) => stateOf(hunk, lineAt) === "shown");
}

function without<E extends OpenEdit>(edit: E, hunks: readonly Hunk[]): E {
  const ids = new Set(hunks.map(({ id }) => id));
  return { ...edit, hunks: edit.hunks.filter(({ id }) => !ids.has(id)) };
}
