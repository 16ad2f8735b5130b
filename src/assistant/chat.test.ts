import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Engine } from "../engine.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { openLedger } from "../ledger/sqlite/open.ts";
import { Chat } from "./chat.ts";

let folder: string;
let ledger: Ledger;
let chat: Chat;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-chat-"));
  ledger = await openLedger({ file: join(folder, "ledger.db"), now: () => 1, randomId: randomUUID });
  // Nothing is asked here.
  const engine = {} as Engine;
  chat = new Chat({
    engine: async () => engine,
    history: async () => ledger.history,
    now: () => 1,
    newId: randomUUID,
  });
});
afterEach(async () => {
  await ledger.close();
  await rm(folder, { recursive: true, force: true });
});

test("a renamed conversation is given back as it is kept, a blank name and an unkept one change nothing", async () => {
  const { turns, ...header } = { ...chat.start(), title: "First" };
  await ledger.history.saveConversation(header);
  const turn = { id: "t", atMs: 1, prompt: { text: "x", context: [] }, answer: { text: "y", fallbacks: [] } };
  await ledger.history.saveTurn(header.id, turn);
  const renamed = { ...header, title: "Second", turns: [turn] };
  expect(await chat.rename(header.id, "  Second ")).toEqual(renamed);
  expect(await chat.rename(header.id, " ")).toBeUndefined();
  expect(await chat.open(header.id)).toEqual(renamed);
  expect(await chat.rename("nobody", "Third")).toBeUndefined();
});
