import * as vscode from "vscode";
import { registerCommands } from "../commands.ts";

/** The part of the simulator that makes its answers fail. */
export type FaultySimulator = {
  injectFault(rule: FaultRule): void;
  clear(): void;
};

type FaultRule = { readonly times: number; readonly fault: Fault };

type Fault =
  | { readonly kind: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: "slowFirstToken"; readonly ms: number }
  | { readonly kind: "stall" | "malformedEvent"; readonly afterTokens: number }
  | { readonly kind: "cut"; readonly afterTokens: number; readonly how: "reset" };

/** Registers the command that makes the simulator's next answer fail, to show what Switchyard does then. */
export function registerSimulatorCommands(simulator: () => Promise<FaultySimulator>): vscode.Disposable {
  return registerCommands({ injectFault: async () => chooseFault(await simulator()) });
}

async function chooseFault(simulator: FaultySimulator): Promise<void> {
  const once = (label: string, fault: Fault, times = 1) => ({ label, rule: { times, fault } });
  const choices: readonly (vscode.QuickPickItem & { readonly rule?: FaultRule })[] = [
    once(vscode.l10n.t("Overloaded (529), three times"), { kind: "status", status: 529 }, 3),
    once(vscode.l10n.t("Rate limited (429), retry after 2 s"), {
      kind: "status",
      status: 429,
      headers: { "retry-after": "2" },
    }),
    once(vscode.l10n.t("Key rejected (401)"), { kind: "status", status: 401 }),
    once(vscode.l10n.t("30 s until the first token"), { kind: "slowFirstToken", ms: 30_000 }),
    once(vscode.l10n.t("The stream stalls"), { kind: "stall", afterTokens: 40 }),
    once(vscode.l10n.t("The connection breaks"), { kind: "cut", afterTokens: 40, how: "reset" }),
    once(vscode.l10n.t("One malformed event"), { kind: "malformedEvent", afterTokens: 10 }),
    { label: vscode.l10n.t("No failure") },
  ];
  const chosen = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t("Simulator"),
    placeHolder: vscode.l10n.t("Choose how the simulator’s next answer fails"),
  });
  if (chosen === undefined) return;
  const { rule, label } = chosen;
  if (rule === undefined) simulator.clear();
  else simulator.injectFault(rule);
  await vscode.window.showInformationMessage(
    rule === undefined
      ? vscode.l10n.t("The simulator answers without failures.")
      : vscode.l10n.t("The simulator’s next answer fails: {failure}.", { failure: label }),
  );
}
