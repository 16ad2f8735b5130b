import * as l10n from "@vscode/l10n";
import type { ContextChip } from "../../../contract/view/conversationMessages.ts";
import { formatTokens } from "../../../explain/format.ts";
import { Icon } from "../../ui/buttons.tsx";

type ContextChipsProps = {
  readonly context: readonly ContextChip[];
  readonly onRemove?: ((index: number) => void) | undefined;
};

/** The code attached to a prompt: file, lines and tokens. */
export function ContextChips({ context, onRemove }: ContextChipsProps) {
  if (context.length === 0) return null;
  return (
    <ul class="sy-chips" aria-label={l10n.t("Context")}>
      {context.map((chip, index) => {
        const name = chipName(chip);
        const place = l10n.t("{path}, lines {start} to {end}", {
          path: chip.path,
          start: chip.startLine,
          end: chip.endLine,
        });
        return (
          <li class="sy-chip" key={`${chip.path}:${chip.startLine}:${chip.endLine}`} title={place}>
            <Icon
              name={chip.isPrivate ? "lock" : chip.kind === "selection" ? "list-selection" : "file-code"}
            />
            <span class="sy-chip-name">{name}</span>
            <span class="sy-chip-tokens">
              {chip.isPrivate ? l10n.t("local models only") : formatTokens(chip.tokens)}
              {!chip.isPrivate && <span class="sy-hidden-text"> {l10n.t("tokens")}</span>}
            </span>
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

function chipName({ kind, path, startLine, endLine }: ContextChip): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (kind === "file") return name;
  return startLine === endLine ? `${name}:${startLine}` : `${name}:${startLine}–${endLine}`;
}
