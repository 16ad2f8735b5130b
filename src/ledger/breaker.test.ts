import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BreakerState } from "../contract/health.ts";
import {
  admit,
  CLOSED,
  hasProbe,
  isOpen,
  nextTryAtMs,
  onFailure,
  onReleased,
  onRenewed,
  onSuccess,
} from "./breaker.ts";

const options = { failures: 3, openMs: 10_000, maxOpenMs: 30_000 };
const opened: BreakerState = { kind: "open", failures: 3, openedAtMs: 1_000, openMs: 10_000 };
const probing: BreakerState = {
  kind: "half-open",
  failures: 3,
  openMs: 10_000,
  probe: "p1",
  probeUntilMs: 71_000,
};

describe("a closed breaker", () => {
  it("lets every attempt start", () => {
    expect(admit(CLOSED, 0, options, "p", false)).toEqual({ state: CLOSED, admission: { kind: "go" } });
    expect(isOpen(CLOSED, 0)).toBe(false);
    expect(nextTryAtMs(CLOSED, 0)).toBe(0);
  });

  it("opens at the third failure in a row", () => {
    const two = onFailure(onFailure(CLOSED, 1, options), 2, options);
    expect(two).toEqual({ kind: "closed", failures: 2 });
    expect(onFailure(two, 3, options)).toEqual({ kind: "open", failures: 3, openedAtMs: 3, openMs: 10_000 });
  });

  it("resets its failures after a success", () => {
    expect(onSuccess({ kind: "closed", failures: 2 })).toEqual(CLOSED);
  });
});

describe("an open breaker", () => {
  it("rejects attempts, and reports when the next may start", () => {
    expect(admit(opened, 10_999, options, "p", false)).toEqual({
      state: opened,
      admission: { kind: "paused", nextTryAtMs: 11_000, failures: 3 },
    });
    expect(isOpen(opened, 10_999)).toBe(true);
  });

  it("lets an explicit choice pass, and does not change", () => {
    expect(admit(opened, 10_999, options, "p", true)).toEqual({ state: opened, admission: { kind: "go" } });
  });

  it("makes the first attempt after its time its probe", () => {
    expect(isOpen(opened, 11_000)).toBe(false);
    expect(admit(opened, 11_000, options, "p1", false)).toEqual({
      state: { kind: "half-open", failures: 3, openMs: 10_000, probe: "p1", probeUntilMs: 71_000 },
      admission: { kind: "probe", probe: "p1" },
    });
  });

  it("makes an explicit choice its probe if one is due", () => {
    expect(admit(opened, 11_000, options, "p1", true).admission).toEqual({ kind: "probe", probe: "p1" });
  });

  it("does not stay open for longer when an earlier attempt fails", () => {
    expect(onFailure(opened, 5_000, options)).toEqual({ ...opened, failures: 4 });
  });

  it("is not closed by the success of an earlier attempt", () => {
    expect(onSuccess(opened)).toBe(opened);
  });

  it("is due at once if the clock was set back since it opened", () => {
    expect(isOpen(opened, 500)).toBe(false);
    expect(admit(opened, 500, options, "p1", false).admission).toEqual({ kind: "probe", probe: "p1" });
  });
});

describe("a half-open breaker", () => {
  it("rejects other attempts at once", () => {
    expect(admit(probing, 12_000, options, "p2", false)).toEqual({
      state: probing,
      admission: { kind: "paused", nextTryAtMs: 71_000, failures: 3 },
    });
    expect(isOpen(probing, 12_000)).toBe(true);
  });

  it("lets an explicit choice start in addition to the probe", () => {
    expect(admit(probing, 12_000, options, "p2", true)).toEqual({
      state: probing,
      admission: { kind: "go" },
    });
  });

  it("opens for twice as long each time a probe fails, up to the limit", () => {
    const again = onFailure(probing, 20_000, options, "p1");
    expect(again).toEqual({ kind: "open", failures: 4, openedAtMs: 20_000, openMs: 20_000 });
    const second = admit(again, 40_000, options, "p2", false).state;
    expect(onFailure(second, 41_000, options, "p2")).toMatchObject({ kind: "open", openMs: 30_000 });
  });

  it("is closed by its own probe, and by no other success", () => {
    expect(onSuccess(probing, "p1")).toEqual(CLOSED);
    expect(onSuccess(probing, "p0")).toBe(probing);
    expect(onSuccess(probing)).toBe(probing);
  });

  it("waits for its probe, whatever else fails meanwhile", () => {
    expect(onFailure(probing, 12_000, options)).toEqual({ ...probing, failures: 4 });
    expect(onFailure(probing, 12_000, options, "p0")).toEqual({ ...probing, failures: 4 });
  });

  it("ignores the outcome of an expired probe", () => {
    const next = admit(probing, 91_000, options, "p2", false).state;
    expect(onSuccess(next, "p1")).toBe(next);
    expect(onFailure(next, 92_000, options, "p1")).toMatchObject({ kind: "half-open", probe: "p2" });
  });

  it("keeps its probe while that is renewed", () => {
    const renewed = onRenewed(probing, "p1", 70_000);
    expect(renewed).toMatchObject({ kind: "half-open", probeUntilMs: 130_000 });
    expect(admit(renewed, 71_000, options, "p2", false).admission).toMatchObject({ kind: "paused" });
    expect(onRenewed(probing, "p0", 70_000)).toBe(probing);
    expect(onRenewed(probing, "p1", 71_000)).toBe(probing);
  });

  it("is open and due at once after its probe was cancelled", () => {
    const released = onReleased(probing, "p1", 12_000);
    expect(released).toEqual({ kind: "open", failures: 3, openMs: 10_000, openedAtMs: 2_000 });
    expect(admit(released, 12_000, options, "p2", false).admission).toEqual({ kind: "probe", probe: "p2" });
  });

  it("ignores the release of a probe that is not its own", () => {
    expect(onReleased(probing, "p0", 12_000)).toBe(probing);
    expect(onReleased(CLOSED, "p1", 12_000)).toBe(CLOSED);
  });

  it("counts an expired probe as failed when its time was up", () => {
    expect(admit(probing, 71_000, options, "p2", false)).toEqual({
      state: { kind: "open", failures: 4, openedAtMs: 71_000, openMs: 20_000 },
      admission: { kind: "paused", nextTryAtMs: 91_000, failures: 4 },
    });
    expect(admit(probing, 91_000, options, "p2", false).admission).toEqual({ kind: "probe", probe: "p2" });
  });
});

describe("a breaker after any sequence of events", () => {
  const step = fc.record({
    event: fc.constantFrom("admit", "succeed", "fail", "release", "renew"),
    /** The attempt that reports: the latest probe, an earlier one, or no probe. */
    attempt: fc.constantFrom("latest", "earlier", "none"),
    waitMs: fc.nat(40_000),
  });

  it("has one probe at a time, is closed by that only, survives JSON, and is never open for longer than the limit", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let state: BreakerState = opened;
        let now = 1_000;
        const probes: string[] = [];
        for (const [index, { event, attempt, waitMs }] of steps.entries()) {
          now += waitMs;
          const before: BreakerState = state;
          const probe = attempt === "none" ? undefined : probes.at(attempt === "latest" ? -1 : -2);
          if (event === "admit") {
            const admitted: ReturnType<typeof admit> = admit(state, now, options, `p${index}`, false);
            if (admitted.admission.kind === "probe") {
              expect(hasProbe(before, now)).toBe(false);
              probes.push(admitted.admission.probe);
            }
            state = admitted.state;
          }
          if (event === "succeed") state = onSuccess(state, probe);
          if (event === "fail") state = onFailure(state, now, options, probe);
          if (event === "release" && probe !== undefined) state = onReleased(state, probe, now);
          if (event === "renew" && probe !== undefined) state = onRenewed(state, probe, now);
          if (before.kind === "half-open" && state.kind === "closed") {
            expect([event, probe]).toEqual(["succeed", before.probe]);
          }
          if (before.kind === "open") expect(state.kind).not.toBe("closed");
          if (state.kind === "open") expect(state.openMs).toBeLessThanOrEqual(options.maxOpenMs);
          expect(JSON.parse(JSON.stringify(state))).toEqual(state);
        }
      }),
    );
  });
});
