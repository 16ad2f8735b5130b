import type { Escalation, EscalationCause } from "../contract/decision.ts";
import type { DecisionRecord } from "../contract/history.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { nextTry, type UncoveredTry, uncoveredTry } from "../routing/decide/escalate.ts";
import type { Settings } from "../settings/schema.ts";
import type { Worlds } from "./worlds.ts";

type Deps = {
  readonly ledger: () => Promise<Pick<Ledger, "history">>;
  readonly settings: () => Settings;
};

/** The next try after an answer that was not good enough, as `Engine` documents its methods. */
export class Escalations {
  readonly #deps: Deps;
  readonly #worlds: Worlds;

  constructor(deps: Deps, worlds: Worlds) {
    this.#deps = deps;
    this.#worlds = worlds;
  }

  async escalate(decisionId: string, cause: EscalationCause): Promise<Escalation | undefined> {
    const { history } = await this.#deps.ledger();
    const record = await history.decision(decisionId);
    if (record === undefined) return undefined;
    await history.saveOutcome(decisionId, `escalated:${cause.reason}`, 1);
    return this.#next(record, cause);
  }

  async stronger(decisionId: string): Promise<Escalation | undefined> {
    const record = await this.#record(decisionId);
    return record && this.#next(record, { reason: "stronger" });
  }

  async uncovered(decisionId: string): Promise<UncoveredTry | undefined> {
    const record = await this.#record(decisionId);
    const answered = record && (await this.#answered(record));
    return answered && uncoveredTry(record.decision, answered.from, answered.settings, answered.world);
  }

  async #record(decisionId: string): Promise<DecisionRecord | undefined> {
    return (await this.#deps.ledger()).history.decision(decisionId);
  }

  async #next(record: DecisionRecord, cause: EscalationCause): Promise<Escalation | undefined> {
    const { decision } = record;
    const answered = await this.#answered(record);
    const next = answered && nextTry(decision, answered.from, answered.settings, answered.world);
    const before = decision.attributes.escalation;
    const earlier = before && [...(before.earlier ?? []), before.from];
    return next && { decisionId: decision.id, from: answered.from, earlier, ...cause, ...next };
  }

  /** The model that answered, and what the next try is decided in; undefined if no model was called. */
  async #answered({ decision, summary }: DecisionRecord) {
    const first = decision.outcome.kind === "chosen" ? decision.outcome.chain[0].ref : undefined;
    const from = summary?.modelUsed ?? first;
    if (from === undefined) return undefined;
    const settings = this.#deps.settings();
    const { command, conversation } = decision.attributes;
    const world = await this.#worlds.read({ explicitModel: from, command, conversation }, settings);
    return { from, settings, world };
  }
}
