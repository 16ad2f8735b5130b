import type { Budget } from "../contract/budget.ts";
import type { Health } from "../contract/health.ts";
import type { History } from "../contract/history.ts";

/** Everything that Switchyard stores. */
export type Ledger = {
  readonly budget: Budget;
  readonly health: Health;
  readonly history: History;
  /** A message for the user, e.g. that a damaged file was replaced. It may appear while the ledger is in use. */
  readonly notice?: string | undefined;
  close(): Promise<void>;
};
