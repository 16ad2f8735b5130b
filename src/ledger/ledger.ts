import type { Budget } from "./budget.ts";
import type { Health } from "./health.ts";
import type { History } from "./history.ts";

/** Everything that is remembered. */
export type Ledger = {
  readonly budget: Budget;
  readonly health: Health;
  readonly history: History;
  /** Something that the user should know, e.g. that a damaged file was set aside; undefined when all is well. */
  readonly notice?: string;
  close(): Promise<void>;
};
