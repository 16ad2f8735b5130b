import type { Budget } from "../contract/budget.ts";
import type { Health } from "../contract/health.ts";
import type { History } from "../contract/history.ts";

/** Everything that is remembered. */
export type Ledger = {
  readonly budget: Budget;
  readonly health: Health;
  readonly history: History;
  /** Something that the user should know, e.g. that a damaged file was set aside; it may come while the ledger is in use. */
  readonly notice?: string | undefined;
  close(): Promise<void>;
};
