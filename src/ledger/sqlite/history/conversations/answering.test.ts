import { describe, expect, it } from "vitest";
import { conversationOf, turnOf } from "../../../../../test/support/ledgers/ledgerRecords.ts";
import { createTestLedger } from "../../../../../test/support/ledgers/testLedger.ts";
import type { ConversationRow } from "../../../../contract/conversation.ts";
import type { History } from "../../../../contract/history.ts";

const FREE = { kind: "exact", nanoUsd: 0 } as const;

/** Two processes of one machine on one ledger. The test says which of them run. */
async function twoProcesses() {
  const { clock, open } = createTestLedger();
  const dead = new Set<number>();
  const openAs = async (pid: number) =>
    (await open({ pollMs: 1, process: { host: "here", pid, isAlive: (each) => !dead.has(each) } })).history;
  return { clock, dead, one: await openAs(1), two: await openAs(2), openAs, open };
}

const begin = (history: History, turnId: string, atMs = 2_000) =>
  history.beginTurn(conversationOf("c"), turnOf(turnId, atMs, "Why?", ""));

async function statusIn(history: History): Promise<ConversationRow["status"]> {
  return (await history.conversations("", 1))[0]?.status;
}

describe("an answer that is being written", () => {
  it("keeps other processes from writing one in the same conversation, until it has ended", async () => {
    const { one, two } = await twoProcesses();
    expect(await begin(one, "t1")).toBe(true);
    expect(await begin(two, "t2")).toBe(false);
    expect(await two.runningTurn("c")).toEqual({ turnId: "t1", isOwn: false });
    expect(await one.runningTurn("c")).toEqual({ turnId: "t1", isOwn: true });
    await one.saveTurn("c", turnOf("t1", 2_000, "Why?", "Half"));
    expect(await begin(two, "t2")).toBe(false);
    await one.saveTurn("c", turnOf("t1", 2_000, "Why?", "Whole", FREE));
    expect(await two.runningTurn("c")).toBeUndefined();
    expect(await begin(two, "t2", 3_000)).toBe(true);
    const turns = (await one.conversation("c"))?.turns.map(({ id, answer }) => [id, answer.text]);
    expect(turns).toEqual([
      ["t1", "Whole"],
      ["t2", ""],
    ]);
  });

  it("ends without a summary after an error", async () => {
    const { one, two } = await twoProcesses();
    await begin(one, "t1");
    await one.abandonTurn("c", "t1");
    expect(await two.runningTurn("c")).toBeUndefined();
  });

  it("ends with its process, also one that is killed", async () => {
    const { one, two, dead } = await twoProcesses();
    await begin(one, "t1");
    expect(await statusIn(two)).toBe("running");
    dead.add(1);
    expect(await two.runningTurn("c")).toBeUndefined();
    expect(await statusIn(two)).toBe("failed");
    expect(await begin(two, "t2")).toBe(true);
  });

  it("ends when its process closes the ledger", async () => {
    const { two, open } = await twoProcesses();
    const ledger = await open({ process: { host: "here", pid: 3, isAlive: () => true } });
    await begin(ledger.history, "t1");
    await ledger.close();
    expect(await two.runningTurn("c")).toBeUndefined();
  });

  it("ends a minute after the last sign of its process, if that runs on another machine", async () => {
    const { clock, one, open } = await twoProcesses();
    const { history: far } = await open({ process: { host: "there", pid: 1, isAlive: () => false } });
    await begin(one, "t1");
    clock.nowMs += 60_000;
    expect(await far.runningTurn("c")).toEqual({ turnId: "t1", isOwn: false });
    clock.nowMs += 1;
    expect(await far.runningTurn("c")).toBeUndefined();
  });

  it("can be stopped from another process", async () => {
    const { one, two } = await twoProcesses();
    await begin(one, "t1");
    expect(await one.stopRequests()).toEqual([]);
    await two.requestStop("c");
    expect(await one.stopRequests()).toEqual(["c"]);
    expect(await two.stopRequests()).toEqual([]);
  });

  it("leaves the title as another process has changed it", async () => {
    const { one, two } = await twoProcesses();
    await two.saveConversation(conversationOf("c", { title: "Renamed" }));
    await begin(one, "t1");
    expect(await one.conversation("c")).toMatchObject({ title: "Renamed" });
  });

  it("brings back a conversation that another process has deleted meanwhile", async () => {
    const { one, two } = await twoProcesses();
    await one.saveConversation(conversationOf("c"));
    await two.removeConversation("c");
    await begin(one, "t1");
    expect((await two.conversation("c"))?.turns).toHaveLength(1);
  });
});

describe("the status of a conversation", () => {
  it("is how its last answer ended, and whether it was seen", async () => {
    const { one } = await twoProcesses();
    await begin(one, "t1");
    expect(await statusIn(one)).toBe("running");
    const { answer, ...turn } = turnOf("t1", 2_000, "Why?", "", FREE);
    const failure = { kind: "overloaded", provider: "openai", message: "" } as const;
    const end = (ending: NonNullable<typeof answer.summary>["ending"]) =>
      one.saveTurn("c", {
        ...turn,
        answer: { ...answer, summary: answer.summary && { ...answer.summary, ending } },
      });
    await end({ kind: "failed", failure });
    expect(await statusIn(one)).toBe("failed");
    await end({ kind: "stopped", interrupted: true });
    expect(await statusIn(one)).toBe("failed");
    await end({ kind: "complete" });
    expect(await statusIn(one)).toBeUndefined();
    await one.setUnread("c", true);
    expect(await statusIn(one)).toBe("unread");
    await one.setUnread("c", false);
    expect(await statusIn(one)).toBeUndefined();
  });

  it("is that of the turn before, once the last one is deleted", async () => {
    const { one } = await twoProcesses();
    await begin(one, "t1");
    await one.saveTurn("c", turnOf("t1", 2_000, "Why?", "Because", FREE));
    await begin(one, "t2", 3_000);
    await one.abandonTurn("c", "t2");
    expect(await statusIn(one)).toBe("failed");
    await one.removeTurn("c", "t2");
    expect(await statusIn(one)).toBeUndefined();
  });

  it("does not follow an earlier turn that is saved again", async () => {
    const { one } = await twoProcesses();
    await begin(one, "t1");
    await begin(one, "t2", 3_000);
    await one.abandonTurn("c", "t2");
    await one.saveTurn("c", turnOf("t1", 2_000, "Why?", "Because", FREE));
    expect(await statusIn(one)).toBe("failed");
  });
});

describe("changes of conversations", () => {
  /** Every write, by its name. */
  const writes: readonly (readonly [string, (history: History) => Promise<unknown>])[] = [
    ["a turn that begins", (history) => begin(history, "t2", 3_000)],
    ["an answer", (history) => history.saveTurn("c", turnOf("t1", 2_000, "Why?", "Because", FREE))],
    ["a deleted turn", (history) => history.removeTurn("c", "t1")],
    ["another title", (history) => history.saveConversation(conversationOf("c", { title: "Other" }))],
    ["a deletion", (history) => history.removeConversation("c")],
    ["a request to stop", (history) => history.requestStop("c")],
    ["an unread answer", (history) => history.setUnread("c", true)],
  ];

  it.each(writes)("of another process are noticed: %s", async (_, write) => {
    const { one, two } = await twoProcesses();
    await two.saveConversation(conversationOf("c"));
    await two.beginTurn(conversationOf("c"), turnOf("t1", 2_000, "Why?", ""));
    const before = await one.changeOf("c");
    const changed = Promise.withResolvers<void>();
    const stop = one.onConversationsChange(changed.resolve);
    await write(two);
    await changed.promise;
    stop();
    expect(await one.changeOf("c")).not.toBe(before);
  });

  it("of this process are noticed at once", async () => {
    const { one } = await twoProcesses();
    let calls = 0;
    const stop = one.onConversationsChange(() => {
      calls += 1;
    });
    await one.saveConversation(conversationOf("c"));
    stop();
    expect(calls).toBe(1);
  });

  it("of other conversations leave the number of this one as it is", async () => {
    const { one } = await twoProcesses();
    await one.saveConversation(conversationOf("c"));
    const before = await one.changeOf("c");
    await one.saveConversation(conversationOf("other"));
    expect(await one.changeOf("c")).toBe(before);
  });
});
