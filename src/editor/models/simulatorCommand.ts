import * as vscode from "vscode";

/** What the simulator can be told to do wrong: the part of it that this command uses. */
export type Misbehaving = {
  misbehave(rule: { readonly times: number; readonly fault: Fault }): void;
  clear(): void;
};

type Fault =
  | { readonly kind: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: "slowFirstToken"; readonly ms: number }
  | { readonly kind: "stall" | "malformedEvent"; readonly afterTokens: number }
  | { readonly kind: "cut"; readonly afterTokens: number; readonly how: "reset" };

type Choice = vscode.QuickPickItem & { readonly rule?: Parameters<Misbehaving["misbehave"]>[0] };

/** Makes the simulator's next answer fail in a chosen way, to see what Switchyard does then. */
export async function misbehave(simulator: Misbehaving): Promise<void> {
  const choices: readonly Choice[] = [
    {
      label: vscode.l10n.t("Overloaded (529), three times"),
      rule: { times: 3, fault: { kind: "status", status: 529 } },
    },
    {
      label: vscode.l10n.t("Rate limited (429), asked to come back in 2 s"),
      rule: { times: 1, fault: { kind: "status", status: 429, headers: { "retry-after": "2" } } },
    },
    { label: vscode.l10n.t("A wrong key (401)"), rule: { times: 1, fault: { kind: "status", status: 401 } } },
    {
      label: vscode.l10n.t("Thinks for 30 s before the first word"),
      rule: { times: 1, fault: { kind: "slowFirstToken", ms: 30_000 } },
    },
    {
      label: vscode.l10n.t("Stalls in the middle"),
      rule: { times: 1, fault: { kind: "stall", afterTokens: 40 } },
    },
    {
      label: vscode.l10n.t("Breaks off in the middle"),
      rule: { times: 1, fault: { kind: "cut", afterTokens: 40, how: "reset" } },
    },
    {
      label: vscode.l10n.t("Sends one malformed event"),
      rule: { times: 1, fault: { kind: "malformedEvent", afterTokens: 10 } },
    },
    { label: vscode.l10n.t("Behaves well again") },
  ];
  const chosen = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t("Simulator"),
    placeHolder: vscode.l10n.t("What shall go wrong with its next answer?"),
  });
  if (chosen === undefined) return;
  if (chosen.rule === undefined) simulator.clear();
  else simulator.misbehave(chosen.rule);
}
