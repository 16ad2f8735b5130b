import { t } from "@vscode/l10n";
import type { ConversationRow } from "../../../contract/view/shown.ts";

/** Rows under the day they belong to; the order stays the host's. */
export type Group = { readonly name: string; readonly rows: readonly ConversationRow[] };

/** Today, yesterday, older: by the calendar, not by hours. */
export function grouped(rows: readonly ConversationRow[], nowMs: number): Group[] {
  const today = new Date(nowMs).setHours(0, 0, 0, 0);
  const before = new Date(today);
  const yesterday = before.setDate(before.getDate() - 1);
  const groups: Group[] = [
    { name: t("Today"), rows: rows.filter(({ updatedAtMs }) => updatedAtMs >= today) },
    {
      name: t("Yesterday"),
      rows: rows.filter(({ updatedAtMs }) => updatedAtMs >= yesterday && updatedAtMs < today),
    },
    { name: t("Older"), rows: rows.filter(({ updatedAtMs }) => updatedAtMs < yesterday) },
  ];
  return groups.filter((group) => group.rows.length > 0);
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** “12 min”, “2 h”, “Thu”, “3 Nov”. */
export function ageWords(atMs: number, nowMs: number): string {
  const age = nowMs - atMs;
  if (age < minuteMs) return t("now");
  if (age < hourMs) return t("{minutes}\u00a0min", { minutes: Math.floor(age / minuteMs) });
  if (age < dayMs) return t("{hours}\u00a0h", { hours: Math.floor(age / hourMs) });
  const at = new Date(atMs);
  if (age < 6 * dayMs) return at.toLocaleDateString(undefined, { weekday: "short" });
  const sameYear = at.getFullYear() === new Date(nowMs).getFullYear();
  return at.toLocaleDateString(undefined, {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}
