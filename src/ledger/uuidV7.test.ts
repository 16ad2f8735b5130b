import fc from "fast-check";
import { expect, test } from "vitest";
import { uuidV7 } from "./uuidV7.ts";

const moment = fc.integer({ min: 0, max: 2 ** 48 - 1 });

test("is a UUID of version 7, which tells its moment", () => {
  fc.assert(
    fc.property(moment, (ms) => {
      const id = uuidV7(ms);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Number.parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(ms);
    }),
  );
});

test("sorts by its moment, and is another one each time", () => {
  fc.assert(
    fc.property(moment, moment, (one, other) => {
      const [first, second] = [uuidV7(one), uuidV7(other)];
      expect(first).not.toBe(second);
      if (one !== other) expect(first < second).toBe(one < other);
    }),
  );
});
