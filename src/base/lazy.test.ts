import { describe, expect, it } from "vitest";
import { lazy } from "./lazy.ts";

describe("lazy", () => {
  it("makes its value once, and reports it once", async () => {
    const reported: number[] = [];
    let made = 0;
    const get = lazy(
      async () => ++made,
      (value) => reported.push(value),
    );
    expect(await Promise.all([get(), get()])).toEqual([1, 1]);
    expect(await get()).toBe(1);
    expect(reported).toEqual([1]);
  });

  it("tries again after a failure, and reports the first success only", async () => {
    const reported: string[] = [];
    let works = false;
    const get = lazy(
      async () => {
        if (!works) throw new Error("busy");
        return "ledger";
      },
      (value) => reported.push(value),
    );
    await expect(get()).rejects.toThrow("busy");
    expect(reported).toEqual([]);
    works = true;
    expect(await get()).toBe("ledger");
    expect(await get()).toBe("ledger");
    expect(reported).toEqual(["ledger"]);
  });

  it("can be called by the function that receives the value", async () => {
    let again: Promise<number> | undefined;
    const get: () => Promise<number> = lazy(
      async () => 7,
      () => {
        again = get();
      },
    );
    await get();
    expect(await again).toBe(7);
  });
});
