import type { Ledger } from "../ledger/ledger.ts";

/**
 * Shows what the ledger wants the user to know, each notice once: what it found on opening, and damage that it meets
 * while it is in use. Another file in its place is another budget, so the budget's changes tell when to look. Returns
 * how to stop.
 */
export function tellNotices(
  ledger: Pick<Ledger, "notice"> & { readonly budget: Pick<Ledger["budget"], "onDidChange"> },
  show: (notice: string) => void,
): () => void {
  let told: string | undefined;
  const look = () => {
    const { notice } = ledger;
    if (notice === undefined || notice === told) return;
    told = notice;
    show(notice);
  };
  look();
  return ledger.budget.onDidChange(look);
}
