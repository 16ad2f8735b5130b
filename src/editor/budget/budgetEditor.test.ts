import { beforeEach, describe, expect, it, vi } from "vitest";
import { configuration, user } from "../../../test/support/views/fakeVscode.ts";
import { readSettings } from "../../settings/read.ts";
import { BudgetEditor } from "./budgetEditor.ts";

vi.mock("vscode", () => import("../../../test/support/views/fakeVscode.ts"));

const DAILY = "switchyard.budget.dailyUsd";
const settings = () => readSettings({ [DAILY]: configuration.get(DAILY)?.globalValue }).settings;

describe("BudgetEditor", () => {
  let editor: BudgetEditor;

  beforeEach(() => {
    configuration.clear();
    editor = new BudgetEditor(settings, async () => {
      throw new Error("The ledger is busy.");
    });
  });

  it.each([5, 100, 2.5, 12.34, 0.004, 0.000000001, 0, 1_000_000])(
    "offers the current budget for editing without loss: $%d",
    async (usd) => {
      configuration.set(DAILY, { globalValue: usd });
      let offered = "";
      user.input = ({ value = "" }) => {
        offered = value;
        return value;
      };
      expect(await editor.change({ kind: "day" })).toBe(false);
      expect(offered).toMatch(/^\d+(\.\d*[1-9])?$/);
      expect(configuration.get(DAILY)?.globalValue).toBe(usd);
    },
  );

  it("reads an amount as people write it, and an empty text as no limit", async () => {
    user.input = () => " $ 2,50 ";
    expect(await editor.change({ kind: "day" })).toBe(true);
    expect(settings().budget.dailyUsd).toBe(2.5);
    user.input = () => "  ";
    expect(await editor.change({ kind: "day" })).toBe(true);
    expect(settings().budget.dailyUsd).toBeNull();
  });

  it.each(["five", "-1", "1e3", "1.2.3", ".", "1,000"])("rejects %s", async (text) => {
    let error: string | undefined;
    user.input = ({ validateInput }) => {
      error = validateInput?.(text);
      return text;
    };
    expect(await editor.change({ kind: "day" })).toBe(false);
    expect(error).toBe("Enter an amount such as 5 or 2.50, or leave it empty.");
    expect(configuration.size).toBe(0);
  });

  it("changes nothing where the user cancels", async () => {
    user.input = () => undefined;
    expect(await editor.change({ kind: "month" })).toBe(false);
    expect(configuration.size).toBe(0);
  });
});
