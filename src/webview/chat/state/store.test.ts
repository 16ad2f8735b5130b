import { describe, expect, it } from "vitest";
import { FakeHost } from "../../../../test/support/views/fakeHost.ts";
import { FakeScheduler } from "../../../../test/support/views/fakeScheduler.ts";
import { Store } from "./store.ts";

describe("scroll positions", () => {
  const position = { article: 3, offset: 20 };

  it("are kept for each conversation, also for a view that is loaded again", async () => {
    const host = await FakeHost.start();
    const store = new Store(host, new FakeScheduler());
    store.saveReadingPosition("a", position);
    store.saveReadingPosition("b", { article: 1, offset: 0 });
    store.saveReadingPosition("b", undefined);
    const again = new Store(host, new FakeScheduler());
    expect(again.readingPositionOf("a")).toMatchObject(position);
    expect(again.readingPositionOf("b")).toBeUndefined();
  });

  it("are not saved again while they stay the same, as at the end of an answer that is written", async () => {
    const host = await FakeHost.start();
    const store = new Store(host, new FakeScheduler());
    store.saveReadingPosition("a", undefined);
    expect(host.state.changes).toBe(0);
    store.saveReadingPosition("a", position);
    store.saveReadingPosition("a", position);
    expect(host.state.changes).toBe(1);
  });

  it("are forgotten after those of twenty other conversations", async () => {
    const host = await FakeHost.start();
    const store = new Store(host, new FakeScheduler());
    for (let n = 0; n <= 20; n++) store.saveReadingPosition(`c${n}`, position);
    expect(store.readingPositionOf("c0")).toBeUndefined();
    expect(store.readingPositionOf("c1")).toMatchObject(position);
  });
});
