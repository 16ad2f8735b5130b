import type { Order } from "./orders.ts";

/** What an order costs, in cents. */
export function totalCents(order: Order): number {
  return order.items.reduce((sum, item) => sum + item.priceCents * item.count, 0);
}

/** Writes cents as dollars. */
export function formatUsd(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`;
}
