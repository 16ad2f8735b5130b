import { expect, test } from "vitest";
import { lazily } from "./lazily.ts";

test("makes its value once, and tells of it once it is there", async () => {
  const told: number[] = [];
  let made = 0;
  const get = lazily(
    async () => ++made,
    (value) => told.push(value),
  );
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  expect(await get()).toBe(1);
  expect(told).toEqual([1]);
});

test("tries again after a failure, and tells of the first success only", async () => {
  const told: string[] = [];
  let works = false;
  const get = lazily(
    async () => {
      if (!works) throw new Error("busy");
      return "ledger";
    },
    (value) => told.push(value),
  );
  await expect(get()).rejects.toThrow("busy");
  expect(told).toEqual([]);
  works = true;
  expect(await get()).toBe("ledger");
  expect(await get()).toBe("ledger");
  expect(told).toEqual(["ledger"]);
});

test("what hears of the value may ask for it again", async () => {
  let again: Promise<number> | undefined;
  const get: () => Promise<number> = lazily(
    async () => 7,
    () => {
      again = get();
    },
  );
  await get();
  expect(await again).toBe(7);
});
