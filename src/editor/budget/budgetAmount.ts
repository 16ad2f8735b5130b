import { NANO_PER_USD, type NanoUsd } from "../../contract/money.ts";

/** An amount as a person edits it: exact, and no longer than it must be. `5`, `2.5`, `0.004`. */
export function editableUsd(amount: NanoUsd): string {
  return (amount / NANO_PER_USD).toFixed(9).replace(/\.?0+$/, "");
}

/** Dollars as a person writes them; null for nothing (no limit), undefined for what is no amount. */
export function parseUsd(text: string): number | null | undefined {
  const trimmed = text.trim().replace(/^\$\s*/, "");
  if (trimmed === "") return null;
  return /^\d+([.,]\d+)?$/.test(trimmed) ? Number(trimmed.replace(",", ".")) : undefined;
}
