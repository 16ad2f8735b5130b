import type { EditCheck } from "../../../contract/editCheck.ts";
import type { OutcomeKind } from "../../../contract/history.ts";
import type { Engine } from "../../../engine/engine.ts";
import type { EditOutcome } from "./openEdits.ts";

type Outcomes = readonly (readonly [OutcomeKind, number])[];

/**
 * Writes what became of edits with their decisions. An edit's decision is that of its last try; a try that another model's
 * took the place of has a decision, and outcomes, of its own.
 */
export class EditRecord {
  readonly #engine: () => Promise<Pick<Engine, "outcome">>;
  readonly #onError: (error: unknown) => void;
  /** The decisions of edits that failed a check. */
  readonly #failed = new Set<string>();
  #written: Promise<void> = Promise.resolve();

  /** @param onError receives errors of the ledger */
  constructor(engine: () => Promise<Pick<Engine, "outcome">>, onError: (error: unknown) => void) {
    this.#engine = engine;
    this.#onError = onError;
  }

  /** Records how an edit ended. */
  ended(decisionId: string, outcome: EditOutcome): void {
    this.#write(decisionId, outcomesOf(outcome));
  }

  /** Records the result of a check. An edit passes if a check passed, and none failed. */
  checked(decisionId: string, { kind }: EditCheck): void {
    if (kind === "failed") this.#failed.add(decisionId);
    if (kind !== "unchecked") this.#write(decisionId, [["check", this.#failed.has(decisionId) ? 0 : 1]]);
  }

  /** Resolves when everything is written. */
  async written(): Promise<void> {
    await this.#written;
  }

  #write(decisionId: string, outcomes: Outcomes): void {
    const write = async () => {
      const engine = await this.#engine();
      for (const [kind, score] of outcomes) await engine.outcome(decisionId, kind, score);
    };
    this.#written = this.#written.then(write).catch(this.#onError);
  }
}

/** What took the place of an edit is the outcome `escalated:…`, which the engine writes. */
function outcomesOf(outcome: EditOutcome): Outcomes {
  switch (outcome) {
    case "kept":
      return [["kept", 1]];
    case "replaced":
      return [["kept", 0]];
    case "discarded":
    case "undone":
      return [
        ["kept", 0],
        [outcome, 1],
      ];
  }
}
