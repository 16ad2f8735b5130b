import type { EditCheck } from "../../../contract/edit/editCheck.ts";
import type { OutcomeKind } from "../../../contract/history.ts";
import type { Engine } from "../../../engine/engine.ts";
import type { Settings } from "../../../settings/schema.ts";
import type { EditOutcome } from "./openEdits.ts";

type RecordEngine = Pick<Engine, "outcome" | "stronger">;

type Outcomes = readonly (readonly [OutcomeKind, number | null])[];

export type EditRecordDeps = {
  readonly engine: () => Promise<RecordEngine>;
  readonly settings: () => Pick<Settings, "escalate">;
  /** Receives errors of the ledger. */
  readonly onError: (error: unknown) => void;
};

/**
 * Writes what became of edits with their decisions. An edit's decision is that of its last try; a try that another model's
 * took the place of has a decision, and outcomes, of its own.
 */
export class EditRecord {
  readonly #deps: EditRecordDeps;
  /** The decisions of edits that failed a check. */
  readonly #failed = new Set<string>();
  #written: Promise<void> = Promise.resolve();

  constructor(deps: EditRecordDeps) {
    this.#deps = deps;
  }

  /** Records how an edit ended. */
  ended(decisionId: string, outcome: EditOutcome): void {
    this.#write(decisionId, async () => outcomesOf(outcome));
  }

  /** Removes the outcome of an edit that was discarded or undone, because Redo has restored it. */
  restored(decisionId: string): void {
    this.#write(decisionId, async () => [
      ["kept", null],
      ["discarded", null],
      ["undone", null],
    ]);
  }

  /** Records the result of a check. An edit passes if a check passed, and none failed. */
  checked(decisionId: string, { kind }: EditCheck): void {
    if (kind === "unchecked") return;
    if (kind === "failed") this.#failed.add(decisionId);
    const passed = this.#failed.has(decisionId) ? 0 : 1;
    const isAuto = this.#deps.settings().escalate === "auto";
    this.#write(decisionId, async (engine) => {
      const isFollowed = isAuto && (await engine.stronger(decisionId)) !== undefined;
      return [...(isFollowed ? [["auto", 1] as const] : []), ["check", passed]];
    });
  }

  /** Resolves when everything is written. */
  async written(): Promise<void> {
    await this.#written;
  }

  #write(decisionId: string, outcomes: (engine: RecordEngine) => Promise<Outcomes>): void {
    const write = async () => {
      const engine = await this.#deps.engine();
      for (const [kind, score] of await outcomes(engine)) await engine.outcome(decisionId, kind, score);
    };
    this.#written = this.#written.then(write).catch(this.#deps.onError);
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
    case "unknown":
      return [];
  }
}
