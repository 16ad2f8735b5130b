// @vitest-environment node
import { expect, it } from "vitest";
import { FakeScheduler } from "../../../test/support/views/fakeScheduler.ts";
import { PaintScheduler } from "./paintScheduler.ts";

it("paints once per frame, after a pause of three times the duration of the last paint, and not after a cancellation", () => {
  const scheduler = new FakeScheduler();
  let paints = 0;
  const paintScheduler = new PaintScheduler(scheduler, () => {
    paints += 1;
    scheduler.advance(10);
  });
  paintScheduler.request();
  paintScheduler.request();
  scheduler.drawFrame();
  expect(paints).toBe(1);
  paintScheduler.request();
  scheduler.advance(29);
  expect(scheduler.hasFrames).toBe(false);
  scheduler.advance(1);
  scheduler.drawFrame();
  expect(paints).toBe(2);
  paintScheduler.request();
  paintScheduler.cancel();
  scheduler.advance(100);
  expect(scheduler.hasFrames).toBe(false);
});
