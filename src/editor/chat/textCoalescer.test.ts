import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Coalesced } from "./textCoalescer.ts";

describe("pieces of text on their way to the view", () => {
  let sent: string[];
  let pieces: Coalesced;

  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    pieces = new Coalesced((text) => sent.push(text));
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("the first goes at once, those that follow close behind go together", () => {
    for (const piece of ["a", "b", "c"]) pieces.add(piece);
    expect(sent).toEqual(["a"]);
    vi.advanceTimersByTime(20);
    expect(sent).toEqual(["a", "bc"]);
  });

  test("after a pause the next one goes at once again", () => {
    pieces.add("a");
    vi.advanceTimersByTime(100);
    pieces.add("b");
    expect(sent).toEqual(["a", "b"]);
  });

  test("nothing is lost or doubled when it is flushed", () => {
    pieces.add("a");
    pieces.add("b");
    pieces.flush();
    vi.advanceTimersByTime(100);
    expect(sent).toEqual(["a", "b"]);
  });
});
