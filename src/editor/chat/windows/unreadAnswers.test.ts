import { expect, it } from "vitest";
import type * as vscode from "vscode";
import { createTestLedger } from "../../../../test/support/ledgers/testLedger.ts";
import { Memento } from "../../../../test/support/views/fakeVscode.ts";
import { WindowState } from "../windowState.ts";
import { UnreadAnswers } from "./unreadAnswers.ts";

it("counts answers again after a reload, but those that another window has shown or deleted meanwhile", async () => {
  const { history } = await createTestLedger().open();
  const storage = new Memento() as unknown as vscode.Memento;
  const badges: number[] = [];
  const open = () =>
    new UnreadAnswers({
      history: async () => history,
      state: new WindowState(storage, (error) => {
        throw error;
      }),
      setBadge: (count) => badges.push(count),
    });
  const before = open();
  for (const id of ["waits", "shown", "deleted"]) {
    const turn = {
      id: `${id}1`,
      atMs: 1,
      prompt: { text: id, context: [] },
      answer: { text: "", fallbacks: [] },
    };
    const header = { id, title: id, createdAtMs: 1, updatedAtMs: 1, isPrivate: false };
    await history.addConversation({ ...header, turns: [turn] });
    await before.add(id);
  }
  await history.setUnread("shown", false);
  await history.removeConversation("deleted");
  badges.length = 0;
  const after = open();
  await after.restore();
  expect(badges).toEqual([1]);
  await after.remove("waits");
  await open().restore();
  expect(badges).toEqual([1, 0]);
});
