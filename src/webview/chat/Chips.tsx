import { t } from "@vscode/l10n";
import type { ContextChip } from "../../contract/view/protocol.ts";
import { formatTokens } from "../../explain/format.ts";
import { Icon } from "./Icon.tsx";

type ChipsProps = {
  readonly context: readonly ContextChip[];
  readonly onRemove?: (index: number) => void;
};

/** The code that goes along with a prompt: what, where, and how many tokens. */
export function Chips({ context, onRemove }: ChipsProps) {
  if (context.length === 0) return null;
  return (
    <ul class="sy-chips" aria-label={t("Context")}>
      {context.map((chip, index) => {
        const name = chipName(chip);
        const place = t("{path}, lines {start} to {end}", {
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
              {chip.isPrivate ? t("local models only") : formatTokens(chip.tokens)}
              {!chip.isPrivate && <span class="sy-hidden-text"> {t("tokens")}</span>}
            </span>
            {onRemove && (
              <button
                type="button"
                class="sy-tool"
                aria-label={t("Remove {name}", { name })}
                title={t("Remove {name}", { name })}
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
