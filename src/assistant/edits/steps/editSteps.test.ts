import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type EditEngine, editEngine } from "../../../../test/support/editEngine.ts";
import type { CheckFailure, EditCheck, ReportedProblem } from "../../../contract/edit/editCheck.ts";
import type { ModelRef } from "../../../contract/model.ts";
import type { EditTarget } from "../selected/editRequest.ts";
import { editTask } from "../selected/editTasks.ts";
import { EditSteps } from "./editSteps.ts";
import type { FailedResult, StepEdit, StepsHost } from "./stepsHost.ts";

const TEXT = "export const size = 1;\n";
const RIGHT = "export const size = 2;\n";
const DIRECTIVE = "[replace: 1 => 2]";
const PASSED: EditCheck = { kind: "passed", by: "diagnostics" };

const problem = (message: string, isPrivate = false): ReportedProblem => ({
  uri: "file:///a.ts",
  path: isPrivate ? "secret.ts" : "a.ts",
  isPrivate,
  line: 0,
  isError: true,
  message,
  text: `a.ts:1:1: error ts(2322): ${message}`,
});
const failedWith = (...failures: readonly [CheckFailure, ...CheckFailure[]]): EditCheck => ({
  kind: "failed",
  by: "diagnostics",
  failures,
});
const twoErrors = failedWith({ kind: "new-errors", problems: [problem("wrong"), problem("bad")] });

let edits: EditEngine;
beforeAll(async () => {
  edits = await editEngine({ "switchyard.routes": [{ name: "All", models: ["east/sim-cheap"] }] });
});
afterAll(() => edits.close());
beforeEach(() => edits.change({}));
afterEach(() => edits.simulator.clear());

/** A document with an edit, and the messages about it. */
class Document implements StepsHost {
  text = TEXT;
  readonly models: ModelRef[] = [];
  readonly reports: string[] = [];
  /** Whether an edit may be put in place of another. */
  isTaken = false;
  isDeleted = false;
  permitted: (target: EditTarget) => EditTarget | undefined = (target) => target;
  readonly steps: EditSteps;
  #writing = Promise.withResolvers<void>();
  again: (() => Promise<void>) | undefined;

  constructor(words: string, change: Partial<EditTarget> = {}) {
    const target: EditTarget = {
      path: "a.ts",
      language: "typescript",
      text: TEXT,
      range: { lines: { start: 0, end: 1 }, isRestOpen: false },
      isPrivate: false,
      ...change,
    };
    this.steps = new EditSteps(editTask("modify", words), target, {
      engine: async () => edits.engine,
      settings: edits.settings,
      host: this,
    });
  }

  readonly permit = async (target: EditTarget) => this.permitted(target);
  readonly place = async ({ text, tries }: StepEdit, before: number | undefined) => {
    if (this.isDeleted) throw new Error("no such file");
    if (this.isTaken && before !== undefined) return undefined;
    this.text = text;
    this.models.push(tries.at(-1)?.summary.modelUsed ?? "none");
    return this.models.length;
  };
  readonly report = async ({ outcome }: FailedResult, again: () => Promise<void>) => {
    this.reports.push(outcome.kind);
    this.again = again;
  };
  readonly reportStopped = (model: ModelRef | undefined) => void this.reports.push(`stopped ${model}`);
  /** Whether the user has accepted a part of the edit. */
  accepted = false;
  readonly isAccepted = () => this.accepted;
  readonly onText = () => {};
  readonly onAnswered = () => {};
  readonly onChange = () => {
    const { state } = this.steps;
    if (state.kind === "writing" && state.model !== undefined) this.#writing.resolve();
  };

  /** Resolves when the next model writes. */
  writing() {
    this.#writing = Promise.withResolvers<void>();
    return this.#writing.promise;
  }

  /** Reports the check of the edit that is in the document. */
  async check(result: EditCheck = this.#result()) {
    await this.steps.checked(this.steps.id ?? 0, result);
    return this.steps.state;
  }

  #result(): EditCheck {
    return this.text.includes("not a number") ? twoErrors : PASSED;
  }
}

const requests = () => edits.simulator.requests();
const lastRequest = () => JSON.stringify(requests().at(-1));

describe("an edit that was rejected, and is asked for again", () => {
  it("goes to a stronger model, and to the same one where there is none", async () => {
    const first = new Document(DIRECTIVE);
    await first.steps.start();
    const rejected = (document: Document) => {
      const decision = document.steps.tries.at(-1)?.decision;
      return decision && ({ decision, reason: "discarded-edit" } as const);
    };
    const second = new Document(DIRECTIVE);
    await second.steps.start(undefined, rejected(first));
    const third = new Document(DIRECTIVE);
    await third.steps.start(undefined, rejected(second));
    const fourth = new Document(DIRECTIVE);
    await fourth.steps.start(undefined, rejected(third));
    const models = [first, second, third, fourth].flatMap((document) => document.models);
    expect(models).toEqual(["east/sim-cheap", "west/sim-balanced", "east/sim-premium", "east/sim-premium"]);
    expect(second.steps.tries[0]?.decision.attributes.escalation).toMatchObject({
      from: "east/sim-cheap",
      reason: "discarded-edit",
    });
  });
});

describe("an edit that failed its check", () => {
  it("is offered to a stronger model with its expected cost, which edits the original text", async () => {
    const document = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`);
    await document.steps.start();
    expect(document.text).toContain("not a number");
    const state = await document.check();
    expect(state).toMatchObject({
      kind: "placed",
      check: twoErrors,
      next: { kind: "stronger", ref: "west/sim-balanced", expectedNanoUsd: expect.any(Number) },
    });
    expect(document.models).toEqual(["east/sim-cheap"]);
    await document.steps.tryNext();
    expect(document).toMatchObject({ text: RIGHT, models: ["east/sim-cheap", "west/sim-balanced"] });
    expect(await document.check()).toEqual({ kind: "placed", check: PASSED });
    const [first, second] = document.steps.tries;
    expect(second?.decision.attributes.escalation).toMatchObject({
      decisionId: first?.decision.id,
      from: "east/sim-cheap",
      to: { ref: "west/sim-balanced" },
      reason: "new-errors",
      newErrors: 2,
    });
    expect((await edits.ledger.history.decision(second?.decision.id ?? ""))?.summary?.cost).toMatchObject({
      kind: "exact",
    });
  });

  it("is sent with what the check found", async () => {
    const document = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`);
    await document.steps.start();
    const command: CheckFailure = {
      kind: "command-failed",
      command: "npm test",
      exit: { kind: "exited", code: 1 },
      lastLines: ["expected 2"],
    };
    await document.check(
      failedWith({ kind: "new-errors", problems: [problem("wrong"), problem("hidden", true)] }, command),
    );
    await document.steps.tryNext();
    expect(lastRequest()).toContain("not a number");
    expect(lastRequest()).toContain("error ts(2322): wrong");
    expect(lastRequest()).toContain("expected 2");
    // A private file stays on this machine, and the next try need not.
    expect(lastRequest()).not.toContain("hidden");
    expect(lastRequest()).toContain("1 problem in files that are not shown to you");
  });

  it("keeps what is blanked out from the next model, also in the failed edit of one that has read it", async () => {
    const masks = [{ value: "hunter2", placeholder: "[removed: Password A]" }];
    const document = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`, {
      text: 'const key = "hunter2";\nexport const size = 1;\n',
      range: { lines: { start: 0, end: 2 }, isRestOpen: false },
    });
    await document.steps.start();
    expect(lastRequest()).toContain("hunter2");
    await document.check(failedWith({ kind: "not-fixed", problems: [problem('"hunter2" is wrong')] }));
    document.permitted = (target) => ({ ...target, masks });
    await document.steps.tryNext();
    expect(document.text).toBe('const key = "hunter2";\nexport const size = 2;\n');
    expect(lastRequest()).not.toContain("hunter2");
    expect(lastRequest()).toContain("[removed: Password A]");
    await document.check(failedWith({ kind: "not-fixed", problems: [problem('"hunter2" is wrong')] }));
    await document.steps.tryNext();
    expect(lastRequest()).not.toContain("hunter2");
  });

  it("is not sent if the user cancels when asked about secrets", async () => {
    const document = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`);
    await document.steps.start();
    const state = await document.check();
    const sent = requests().length;
    document.permitted = () => undefined;
    await document.steps.tryNext();
    expect(requests()).toHaveLength(sent);
    expect(document.steps.state).toEqual(state);
  });

  it("is sent once, however often the next try is started, and not once the user has taken it back", async () => {
    const document = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`);
    await document.steps.start();
    await document.check();
    const sent = requests().length;
    await Promise.all([document.steps.tryNext(), document.steps.tryNext()]);
    expect(requests()).toHaveLength(sent + 1);
    const other = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`);
    await other.steps.start();
    await other.check();
    const starting = other.steps.tryNext();
    other.steps.ended();
    await starting;
    expect(requests()).toHaveLength(sent + 2);
    expect(other.steps.state).toEqual({ kind: "none" });
  });

  it("goes to a stronger model by itself with auto, up to the most steps", async () => {
    edits.change({ "switchyard.escalate": "auto" });
    const document = new Document(`[edit: wrong] ${DIRECTIVE}`);
    await document.steps.start();
    await document.check();
    expect(document.models).toEqual(["east/sim-cheap", "west/sim-balanced"]);
    await document.check();
    expect(document.models).toEqual(["east/sim-cheap", "west/sim-balanced", "east/sim-premium"]);
    expect(await document.check()).toMatchObject({ next: { kind: "most-steps", maxSteps: 2 } });
    edits.change({ "switchyard.escalate": "auto", "switchyard.escalation.maxSteps": 3 });
    await document.steps.refresh();
    expect(document.steps.state).toMatchObject({ next: { kind: "no-stronger-model" } });
  });

  it("is not replaced by itself once a part of it is accepted, unless the command failed that runs then", async () => {
    edits.change({ "switchyard.escalate": "auto" });
    const document = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`);
    await document.steps.start();
    document.accepted = true;
    expect(await document.check()).toMatchObject({ next: { kind: "stronger" } });
    const exit = { kind: "exited", code: 1 } as const;
    const failure = { kind: "command-failed", command: "npm test", exit, lastLines: [] } as const;
    await document.check({ kind: "failed", by: "command", failures: [failure] });
    expect(document.text).toBe(RIGHT);
    expect(document.steps.tries.at(-1)?.decision.attributes.escalation?.reason).toBe("failed-test");
  });

  it("stays failed where the editor's check or one that did not run follows the command's", async () => {
    const document = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`);
    await document.steps.start();
    const exit = { kind: "exited", code: 1 } as const;
    const failure = { kind: "command-failed", command: "npm test", exit, lastLines: [] } as const;
    const failed: EditCheck = { kind: "failed", by: "command", failures: [failure] };
    await document.check(failed);
    const offered = { kind: "placed", check: failed, next: { kind: "stronger" } };
    expect(await document.check(PASSED)).toMatchObject(offered);
    const notRun = { kind: "unchecked", by: "command", reason: "command-not-run" } as const;
    expect(await document.check(notRun)).toMatchObject(offered);
    expect(await document.check(twoErrors)).toMatchObject({
      check: { failures: [{ kind: "new-errors" }, failure] },
    });
    // It ran on what the user has corrected.
    const passed: EditCheck = { kind: "passed", by: "command" };
    expect(await document.check(passed)).toEqual({ kind: "placed", check: passed });
  });

  it("is not written any more if its document cannot be opened", async () => {
    const document = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`);
    document.isDeleted = true;
    await expect(document.steps.start()).rejects.toThrow("no such file");
    expect(document.steps.state).toEqual({ kind: "none" });
  });

  it("stays as it is with off", async () => {
    edits.change({ "switchyard.escalate": "off" });
    const document = new Document(`[edit: wrong] ${DIRECTIVE}`);
    await document.steps.start();
    expect(await document.check()).toEqual({ kind: "placed", check: twoErrors });
  });

  it("waits for a higher budget where a stronger model is not covered", async () => {
    edits.change({ "switchyard.budget.perModelUsd": { "west/sim-balanced": 0, "east/sim-balanced": 0 } });
    const document = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`);
    await document.steps.start();
    // A better model that is covered comes before one that is not.
    expect(await document.check()).toMatchObject({ next: { kind: "stronger", ref: "west/sim-premium" } });
    edits.change({ "switchyard.budget.perProviderUsd": { west: 0, east: 0.005 } });
    await document.steps.refresh();
    expect(document.steps.state).toMatchObject({
      next: { kind: "over-budget", limit: { kind: "provider" } },
    });
    const sent = requests().length;
    await document.steps.tryNext();
    expect(requests()).toHaveLength(sent);
    edits.change({});
    await document.steps.refresh();
    expect(document.steps.state).toMatchObject({ next: { kind: "stronger", ref: "west/sim-balanced" } });
  });

  it("stays in place if the next try is cancelled, and can be tried again", async () => {
    edits.change({ "switchyard.escalate": "auto" });
    const document = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`);
    await document.steps.start();
    const failed = document.text;
    edits.simulator.injectFault({ fault: { kind: "slowFirstToken", ms: 2_000 } });
    const writing = document.writing();
    const checked = document.check();
    await writing;
    expect(document.steps.state).toMatchObject({ kind: "writing", model: "west/sim-balanced" });
    document.steps.cancel();
    await checked;
    expect(document.text).toBe(failed);
    expect(document.reports).toEqual([]);
    expect(document.steps.state).toMatchObject({ kind: "placed", next: { kind: "stronger" } });
    edits.simulator.clear();
    await document.steps.tryNext();
    expect(document.text).toBe(RIGHT);
    expect(document.steps.tries).toHaveLength(3);
  });

  it("stops the next try when the user decides on it, and says so", async () => {
    const document = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`);
    await document.steps.start();
    await document.check();
    const failed = document.text;
    edits.simulator.injectFault({ fault: { kind: "slowFirstToken", ms: 2_000 }, times: "always" });
    const writing = document.writing();
    const next = document.steps.tryNext();
    await writing;
    document.steps.decided();
    await next;
    expect(document).toMatchObject({ text: failed, reports: ["stopped west/sim-balanced"] });
    expect(document.steps.state).toMatchObject({ kind: "placed", next: { kind: "stronger" } });
    const again = document.writing();
    const last = document.steps.tryNext();
    await again;
    document.steps.ended();
    await last;
    expect(document.text).toBe(failed);
    expect(document.steps.state).toEqual({ kind: "none" });
  });

  it("stays where its lines were changed meanwhile, and so does its failed check", async () => {
    const document = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`);
    await document.steps.start();
    const failed = document.text;
    await document.check();
    document.isTaken = true;
    await document.steps.tryNext();
    expect(document.text).toBe(failed);
    expect(document.steps.state).toEqual({ kind: "placed", check: twoErrors });
  });

  it("goes one model further where the stronger one gives no edit", async () => {
    const document = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`);
    await document.steps.start();
    await document.check();
    edits.simulator.answerNext("It is right as it is.");
    await document.steps.tryNext();
    expect(document.reports).toEqual(["no-edit"]);
    expect(document.steps.state).toMatchObject({ next: { kind: "stronger", ref: "east/sim-premium" } });
  });

  it("stays where the stronger model breaks off, and the same model can be tried again", async () => {
    const document = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`);
    await document.steps.start();
    await document.check();
    edits.simulator.injectFault({ fault: { kind: "cut", afterTokens: 3, how: "reset" }, times: "always" });
    await document.steps.tryNext();
    expect(document.reports).toEqual(["unanswered"]);
    edits.simulator.clear();
    await document.again?.();
    expect(document.models).toEqual(["east/sim-cheap", "west/sim-balanced"]);
  });

  it("is forgotten once another edit is in its place", async () => {
    const document = new Document(`[edit: wrong sim-cheap] ${DIRECTIVE}`);
    await document.steps.start();
    await document.check();
    await document.steps.tryNext();
    await document.steps.checked(1, twoErrors);
    expect(document.steps.state).toEqual({ kind: "placed" });
  });
});
