import type { Topic } from "../changes.ts";
import { text } from "./rows.ts";
import type { Sql } from "./sql.ts";

/**
 * What differs once a topic has changed, by topic. It is made of what is written anyway: a counter of changes would be
 * one page more in every commit, and a commit's pages are most of what it costs.
 */
export function topicMarks(sql: Sql): ReadonlyMap<Topic, string> {
  return new Map([
    ["budget", budgetMark(sql)],
    ["health", healthMark(sql)],
  ]);
}

/** Every reservation has a new id, every end of one makes them fewer, and every booking is counted with its day. */
function budgetMark(sql: Sql): string {
  const held = sql.get(
    "SELECT count(*) || ' ' || coalesce(max(id), '') || ' ' || coalesce(sum(held_nano), 0) AS mark FROM reservation",
  );
  const booked = sql.get("SELECT coalesce(sum(bookings), 0) || '' AS mark FROM day_total");
  return [held, booked].map((row) => (row === undefined ? "" : text(row, "mark"))).join(" ");
}

/** How fast the last answers were is not in it: nobody who listens shows it. */
function healthMark(sql: Sql): string {
  return JSON.stringify(sql.all("SELECT subject, breaker, block, switched_off FROM health"));
}
