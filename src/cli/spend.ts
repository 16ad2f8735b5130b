import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { localDay } from "../base/time/calendar.ts";
import { nanoUsd } from "../contract/money.ts";
import { formatBudget, formatMoney } from "../explain/format.ts";
import { type PeriodReport, readSpendQuery, type SpendReport, spendReport } from "../ledger/spendReport.ts";
import { loadCatalogue } from "../models/catalogueFiles.ts";
import type { SpendOptions } from "./arguments.ts";
import { sumText, tableText } from "./decide/output.ts";
import { openNamedLedger } from "./ledger.ts";
import { readSettingsFile } from "./settingsFile.ts";
import { EXIT, type Terminal, UsageError } from "./terminal.ts";
import { writeText } from "./writer.ts";

/** Runs `switchyard spend`: prints what was spent. Returns the exit code. @throws UsageError */
export async function runSpend(options: SpendOptions, terminal: Terminal): Promise<number> {
  const query = readSpendQuery(options, localDay(terminal.nowMs));
  if ("problem" in query) throw new UsageError(`--${query.field} ${query.problem}.`);
  const settings = await readBudgetSettings(options, terminal);
  if (options.ledger !== undefined && !existsSync(options.ledger))
    throw new UsageError(`There is no ledger ${options.ledger}.`);
  const ledger = await openNamedLedger(options.ledger);
  try {
    const report = await spendReport(ledger.budget, query, settings);
    const text = options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report);
    await writeText(terminal.stdout, "stdout", text);
  } finally {
    await ledger.close();
  }
  return EXIT.ok;
}

/** The limits; undefined without `--settings`. Problems in the file are printed. */
async function readBudgetSettings({ settings: file }: SpendOptions, { stderr, dataDir }: Terminal) {
  if (file === undefined) return undefined;
  const { settings, problems } = await readSettingsFile(file, await loadCatalogue(fileURLToPath(dataDir)));
  for (const problem of problems) stderr.write(`${problem}\n`);
  return settings.budget;
}

function reportText({ today, month, by, from, to, total, rows }: SpendReport): string {
  const cells = [
    [by, "attempts", "spent"],
    ...[...rows, { ...total, name: "total" }].map(({ name, attempts, spentNanoUsd, unknownAttempts }) => [
      name ?? "(not recorded)",
      String(attempts),
      sumText(spentNanoUsd, unknownAttempts),
    ]),
  ];
  return (
    `Today (${today.period}): ${periodText(today)}\n` +
    `This month (${month.period}): ${periodText(month)}\n\n` +
    `From ${from} to ${to}:\n${tableText(cells, 1)}`
  );
}

function periodText({ spentNanoUsd, unknownAttempts, limitUsd, reservedNanoUsd }: PeriodReport): string {
  const limit = typeof limitUsd === "number" ? ` of ${formatBudget(nanoUsd(limitUsd))}` : "";
  const reserved = reservedNanoUsd > 0 ? `, ${formatMoney(reservedNanoUsd)} reserved` : "";
  return `${sumText(spentNanoUsd, unknownAttempts)}${limit}${reserved}`;
}
