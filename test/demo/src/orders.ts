import { retry } from "./retry.ts";

/** An order as the shop's server sends it. */
export type Order = { id: string; items: { name: string; priceCents: number; count: number }[] };

/** Fetches one order; the server is sometimes busy. */
export function fetchOrder(id: string): Promise<Order> {
  return retry(
    async () => {
      const response = await fetch(`https://shop.example/orders/${id}`);
      if (!response.ok) throw new Error(`the shop answered ${response.status}`);
      return (await response.json()) as Order;
    },
    { attempts: 3, firstDelayMs: 200 },
  );
}
