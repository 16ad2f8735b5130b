import * as l10n from "@vscode/l10n";
import type { ContextChip } from "../../../contract/view/types.ts";
import { Icon } from "../../ui/buttons.tsx";
import { chipIcon, chipName, chipSize, chipTitle } from "./chipText.ts";

type ContextChipsProps = {
  readonly context: readonly ContextChip[];
  /** Indexes of the items that make the prompt too long. */
  readonly tooLong?: ReadonlySet<number> | undefined;
  /** The most tokens that one image can have; undefined: unknown. */
  readonly imageTokens?: number | undefined;
  readonly onOpen: (index: number) => void;
  readonly onRemove?: ((index: number) => void) | undefined;
};

/** What is attached to a prompt: its name, its tokens, and a button that removes it. A click on the name opens it. */
export function ContextChips({ context, tooLong, imageTokens, onOpen, onRemove }: ContextChipsProps) {
  if (context.length === 0) return null;
  return (
    <ul class="sy-chips" aria-label={l10n.t("Context")}>
      {context.map((chip, index) => {
        const name = chipName(chip);
        const isOut = tooLong?.has(index) === true;
        return (
          // Two items may have the same name. The editor removes items by their index.
          <li class={isOut ? "sy-chip sy-chip--out" : "sy-chip"} key={index}>
            <button type="button" class="sy-chip-open" title={chipTitle(chip)} onClick={() => onOpen(index)}>
              {chip.kind === "image" && !chip.isPrivate ? (
                <img class="sy-chip-thumbnail" src={chip.thumbnail} alt="" />
              ) : (
                <Icon name={chipIcon(chip)} />
              )}
              <span class="sy-chip-name">{name}</span>
              <span class="sy-chip-tokens">{chipSize(chip, isOut, imageTokens)}</span>
            </button>
            {onRemove && (
              <button
                type="button"
                class="sy-tool"
                aria-label={l10n.t("Remove {name}", { name })}
                title={l10n.t("Remove {name}", { name })}
                onClick={() => onRemove(index)}
              >
                <Icon name="close" />
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
