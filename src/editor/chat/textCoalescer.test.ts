import { beforeEach, describe, expect, it } from "vitest";
import { ManualTimers } from "../../../test/support/manualTimers.ts";
import { TextCoalescer } from "./textCoalescer.ts";

describe("TextCoalescer", () => {
  let sent: string[];
  let timers: ManualTimers;
  let coalescer: TextCoalescer;

  beforeEach(() => {
    sent = [];
    timers = new ManualTimers();
    coalescer = new TextCoalescer((text) => sent.push(text), timers.start);
  });

  it("sends the first piece at once and joins those of the next frame", () => {
    for (const piece of ["a", "b", "c"]) coalescer.add(piece);
    expect(sent).toEqual(["a"]);
    timers.fire();
    expect(sent).toEqual(["a", "bc"]);
  });

  it("sends the next piece at once again after a frame without text", () => {
    coalescer.add("a");
    timers.fire();
    expect(timers.running).toBe(0);
    coalescer.add("b");
    expect(sent).toEqual(["a", "b"]);
  });

  it("neither loses nor repeats text when it is flushed", () => {
    coalescer.add("a");
    coalescer.add("b");
    coalescer.flush();
    timers.fire();
    expect(sent).toEqual(["a", "b"]);
  });

  it("sends nothing that was discarded", () => {
    coalescer.add("a");
    coalescer.add("b");
    expect(coalescer.discard()).toBe("b");
    timers.fire();
    expect(sent).toEqual(["a"]);
  });
});
