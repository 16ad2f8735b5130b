import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineChanges } from "../mergeTexts.ts";
import { hunksBetween, withoutHunks } from "./hunks.ts";
import { type EditOutcome, type OpenEdit, OpenEdits } from "./openEdits.ts";

const BEFORE = "one\ntwo\nthree\nfour\nfive\n";
const AFTER = "one\nTWO\nthree\nfour\nFIVE\n";
const DOCUMENT = "file:///a.ts";

/** A document with an edit of two changes in it, and what a user can do there. */
function openEdit() {
  const sleeps: { readonly ms: number; readonly wake: () => void }[] = [];
  const ends: EditOutcome[] = [];
  const accepted: OpenEdit[] = [];
  const restored: number[] = [];
  const edits = new OpenEdits<OpenEdit>(
    { sleep: (ms) => new Promise((wake) => sleeps.push({ ms, wake })) },
    {
      onAccepted: (edit) => accepted.push(edit),
      onEnd: (_, outcome) => ends.push(outcome),
      onRestored: ({ id }) => restored.push(id),
    },
  );
  let text = AFTER;
  edits.add({
    id: 1,
    document: DOCUMENT,
    hunks: hunksBetween(BEFORE, AFTER),
    accepted: [],
    isSaved: false,
  });
  const open = () => edits.byId(1);
  const write = (to: string, isUndoOrRedo = false) => {
    const changes = lineChanges(text, to)
      .toReversed()
      .map(({ start, end, lines }) => ({
        start: { line: start, character: 0 },
        end: { line: end, character: 0 },
        text: lines.join(""),
      }));
    text = to;
    const contents = to.split("\n");
    if (changes.length > 0) edits.change(DOCUMENT, changes, (line) => contents[line], isUndoOrRedo);
  };
  const hunksAt = (index: number | undefined) => {
    const hunks = open()?.hunks ?? [];
    return index === undefined ? hunks : hunks.slice(index, index + 1);
  };
  return {
    edits,
    ends,
    accepted,
    restored,
    sleeps,
    text: () => text,
    write,
    /** @param index undefined: all hunks that are not decided */
    accept: (index?: number) => {
      const edit = open();
      if (edit !== undefined && edit.hunks.length > 0) edits.accept(edit, hunksAt(index));
    },
    discard: (index?: number) => {
      const edit = open();
      const hunks = hunksAt(index);
      if (edit === undefined || hunks.length === 0) return;
      edits.discard(edit, hunks);
      write(withoutHunks(text, hunks));
    },
    wait: async () => {
      for (const { wake } of sleeps.splice(0)) wake();
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

describe("an edit that was accepted", () => {
  it("is kept after ten minutes, and not before", async () => {
    const { accept, accepted, ends, sleeps, wait } = openEdit();
    accept();
    expect(accepted).toHaveLength(1);
    expect(ends).toEqual([]);
    expect(sleeps.map(({ ms }) => ms)).toEqual([600_000]);
    await wait();
    expect(ends).toEqual(["kept"]);
  });

  it("is undone by an undo within ten minutes, also after it was saved", async () => {
    const { accept, edits, ends, wait, write } = openEdit();
    accept();
    edits.save(DOCUMENT);
    write(BEFORE);
    expect(ends).toEqual(["undone"]);
    await wait();
    expect(ends).toEqual(["undone"]);
  });

  it("is undone by an undo after the user wrote around it, and took that back", () => {
    const { accept, ends, write } = openEdit();
    accept();
    write(`zero\n${AFTER.replace("three", "3")}`);
    write(AFTER);
    expect(ends).toEqual([]);
    write(BEFORE);
    expect(ends).toEqual(["undone"]);
  });

  it("is kept once its document, which was saved, is closed", async () => {
    const { accept, edits, ends, wait } = openEdit();
    accept();
    edits.save(DOCUMENT);
    edits.close(DOCUMENT);
    expect(ends).toEqual(["kept"]);
    await wait();
    expect(ends).toEqual(["kept"]);
  });

  it("is discarded if its document is closed without ever being saved", () => {
    const { accept, edits, ends } = openEdit();
    accept();
    edits.close(DOCUMENT);
    expect(ends).toEqual(["discarded"]);
  });

  it("waits from the decision about its last change", async () => {
    const { accept, accepted, discard, ends, sleeps, wait } = openEdit();
    accept(0);
    expect([accepted.length, sleeps.length]).toEqual([0, 0]);
    discard();
    expect([accepted.length, sleeps.length]).toEqual([1, 1]);
    await wait();
    expect(ends).toEqual(["kept"]);
  });

  it("is there again after a redo, and can be undone and kept once more", async () => {
    const { accept, ends, restored, wait, write } = openEdit();
    accept();
    write(BEFORE, true);
    write(AFTER, true);
    expect([ends, restored]).toEqual([["undone"], [1]]);
    write(BEFORE, true);
    write(AFTER, true);
    await wait();
    expect([ends, restored]).toEqual([
      ["undone", "undone", "kept"],
      [1, 1],
    ]);
  });

  it("in part is undone if the accepted part is", () => {
    const { accept, discard, ends, write } = openEdit();
    accept(0);
    discard();
    write(BEFORE);
    expect(ends).toEqual(["undone"]);
  });
});

describe("an edit", () => {
  it("that was discarded is there again after an undo of that, and not where the user writes the same", () => {
    const { discard, ends, edits, restored, write } = openEdit();
    discard();
    write(AFTER);
    expect([ends, restored]).toEqual([["discarded"], []]);
    write(BEFORE, true);
    write(AFTER, true);
    expect([edits.undecided(DOCUMENT).length, restored]).toEqual([1, [1]]);
    edits.close(DOCUMENT);
    write(BEFORE, true);
    write(AFTER, true);
    expect(restored).toEqual([1]);
  });

  it("is discarded if every change is, and undone if the last of it is undone", () => {
    const discarded = openEdit();
    discarded.discard(1);
    discarded.discard();
    expect(discarded.ends).toEqual(["discarded"]);
    const undone = openEdit();
    undone.discard(1);
    undone.write(BEFORE);
    expect(undone.ends).toEqual(["undone"]);
  });

  it("that is only saved is kept when its document is closed", () => {
    const { edits, ends } = openEdit();
    edits.save(DOCUMENT);
    edits.close(DOCUMENT);
    expect(ends).toEqual(["kept"]);
  });

  it("that another one replaces has no other outcome", async () => {
    const { accept, edits, ends, wait, write } = openEdit();
    const edit = edits.byId(1);
    if (edit !== undefined) edits.replace(edit);
    write(BEFORE);
    accept();
    await wait();
    expect(ends).toEqual(["replaced"]);
  });

  it("that could not be replaced stays open", () => {
    const { edits, ends, write } = openEdit();
    const edit = edits.byId(1);
    if (edit === undefined) return;
    edits.replace(edit);
    edits.endReplaced(edit, false);
    expect(ends).toEqual([]);
    write(BEFORE);
    expect(ends).toEqual(["undone"]);
  });

  it("is kept when the window closes if its document was saved, and else has no outcome", async () => {
    const saved = openEdit();
    saved.accept();
    saved.edits.save(DOCUMENT);
    saved.edits.closeAll();
    expect(saved.ends).toEqual(["kept"]);
    const unsaved = openEdit();
    unsaved.accept();
    unsaved.edits.closeAll();
    unsaved.edits.dispose();
    await unsaved.wait();
    expect(unsaved.ends).toEqual([]);
  });

  it("of another document is not touched", () => {
    const { edits, ends } = openEdit();
    edits.save("file:///b.ts");
    edits.close("file:///b.ts");
    edits.change("file:///b.ts", [], () => "");
    expect(ends).toEqual([]);
    expect(edits.byId(1)?.isSaved).toBe(false);
  });

  it("ends once, whatever the user does, and is not kept if nothing of it is left", async () => {
    const act = fc.constantFrom(
      "accept",
      "acceptAll",
      "discard",
      "discardAll",
      "type",
      "undo",
      "save",
      "wait",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
        const session = openEdit();
        for (const each of acts) {
          if (session.ends.length > 0) break;
          if (each === "accept" || each === "discard") session[each](0);
          else if (each === "acceptAll") session.accept();
          else if (each === "discardAll") session.discard();
          else if (each === "type") session.write(`${session.text()}more\n`);
          else if (each === "undo") session.write(`${BEFORE}${session.text().split("FIVE\n")[1] ?? ""}`);
          else if (each === "save") session.edits.save(DOCUMENT);
          else await session.wait();
        }
        session.edits.save(DOCUMENT);
        session.edits.close(DOCUMENT);
        await session.wait();
        expect(session.ends).toHaveLength(1);
        const isLeft = session.text().includes("TWO") || session.text().includes("FIVE");
        expect(session.ends[0] === "kept").toBe(isLeft);
      }),
      { numRuns: 500 },
    );
  });
});
