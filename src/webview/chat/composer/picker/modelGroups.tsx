import * as l10n from "@vscode/l10n";
import type { ModelPickerView } from "../../../../contract/view/modelMessages.ts";
import type { ModelChoice, ModelOption } from "../../../../contract/view/types.ts";
import { describeSkipped, formatQuality } from "../../../../explain/decision/skipped.ts";
import { formatTokens, upperFirst } from "../../../../explain/format.ts";
import { describePrices } from "../../../../explain/money.ts";
import { modelNames, type ProviderNames, providerName, providerOf } from "../../../../explain/names.ts";
import type { PopupEntry, PopupGroup } from "../../../ui/Popup.tsx";

/** An entry of the model picker: a model, Auto, or a provider to add a key of. */
export type PickerEntry = PopupEntry & {
  readonly takes:
    | { readonly kind: "model"; readonly model: string | null }
    | { readonly kind: "addKey"; readonly provider: string };
};

export type PickerGroup = Omit<PopupGroup, "entries"> & { readonly entries: readonly PickerEntry[] };

/**
 * What the model picker offers: Auto, the models that were picked before, those of each provider, and the providers without
 * a key. A query leaves the entries that contain each of its words in their model or provider.
 */
export function modelGroups(
  { options, recent }: ModelPickerView,
  choice: ModelChoice,
  providers: ProviderNames,
  query: string,
): readonly PickerGroup[] {
  const { models, keyless, nowMs } = options;
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const matches = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const names = modelNames(models.map(({ ref }) => ref));
  const entryOf = (option: ModelOption, id: string = option.ref): PickerEntry => ({
    id,
    label: names(option.ref),
    ...iconOf(option, choice.model === option.ref),
    figures: <Figures option={option} />,
    note: option.skipped === undefined ? undefined : describeSkipped(option.skipped, nowMs),
    description: describeModel(option),
    disabled: option.isBlocked,
    takes: { kind: "model", model: option.ref },
  });

  const auto: PickerEntry = {
    id: "auto",
    label: l10n.t("Auto"),
    icon: choice.model === undefined ? "check" : undefined,
    figures: l10n.t("your routes decide"),
    description: l10n.t("Your routes decide first, then the dial."),
    takes: { kind: "model", model: null },
  };
  const used = recent.flatMap((ref) => models.find((option) => option.ref === ref) ?? []);
  const found = models.filter(({ ref }) => matches(`${ref} ${providerName(providerOf(ref), providers)}`));
  const ofProvider = [...Map.groupBy(found, ({ ref }) => providerOf(ref))].map(
    ([id, each]): PickerGroup => ({
      name: groupName(
        providerName(id, providers),
        each.every(({ local }) => local),
      ),
      entries: each.map((option) => entryOf(option)),
    }),
  );
  const groups: readonly PickerGroup[] = [
    { name: auto.label, nameHidden: true, entries: matches(auto.label) ? [auto] : [] },
    {
      name: l10n.t("Recent"),
      entries: words.length > 0 ? [] : used.map((option) => entryOf(option, `recent ${option.ref}`)),
    },
    ...ofProvider,
    {
      name: l10n.t("Without a key"),
      entries: keyless
        .filter(({ id, name }) => matches(`${id} ${name}`))
        .map(({ id, name, models: count }) => ({
          id: `key ${id}`,
          label: l10n.t("Add a key for {provider}…", { provider: name }),
          icon: "key",
          figures: count === 1 ? l10n.t("1 model") : l10n.t("{count} models", { count }),
          takes: { kind: "addKey", provider: id },
        })),
    },
  ];
  const shown = groups.filter(({ entries }) => entries.length > 0);
  const first = shown.find(({ entries }) => entries.some(({ takes }) => isModel(takes)));
  const note = l10n.t("input / output per 1M tokens · window");
  return shown.map((group) => (group === first ? { ...group, note } : group));
}

function isModel(takes: PickerEntry["takes"]): boolean {
  return takes.kind === "model" && takes.model !== null;
}

function groupName(provider: string, isLocal: boolean): string {
  return isLocal ? l10n.t("{provider}, on this machine", { provider }) : provider;
}

function iconOf({ skipped }: ModelOption, isChosen: boolean): Pick<PopupEntry, "icon" | "iconState"> {
  if (isChosen) return { icon: "check" };
  switch (skipped?.reason) {
    case undefined:
      return {};
    case "breaker-open":
    case "rate-limit":
    case "quota":
      return { icon: "warning", iconState: "sy-is-warning" };
    case "private":
      return { icon: "lock" };
    default:
      return { icon: "circle-slash" };
  }
}

/** Prices per million tokens of input and output, and the context window. */
function Figures({ option }: { readonly option: ModelOption }) {
  const { maxInputTokens } = option;
  return (
    <>
      <span class="sy-fig-price">{describePrices(option)}</span>
      <span class="sy-fig-window">{maxInputTokens === undefined ? "–" : formatTokens(maxInputTokens)}</span>
    </>
  );
}

/** What a model can do, and its quality: “Images · tools · reasoning · quality 0.84 ± 0.12, an estimate”. */
function describeModel({ quality, capabilities }: ModelOption): string {
  const names = { vision: l10n.t("images"), tools: l10n.t("tools"), reasoning: l10n.t("reasoning") };
  const known =
    quality === undefined
      ? l10n.t("quality unknown")
      : l10n.t("quality {quality}", {
          quality: formatQuality(quality.value.toFixed(2), quality.basis, quality.standardError),
        });
  return upperFirst([...capabilities.map((capability) => names[capability]), known].join(" · "));
}
