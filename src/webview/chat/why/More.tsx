import { useSignal } from "@preact/signals";
import { t } from "@vscode/l10n";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Icon } from "../Icon.tsx";
import { openedEvent } from "../reveal.ts";

type MoreProps = { readonly count: number; readonly children: ComponentChildren };

/** The rest of a list, opened in place. The button stays where it is, and so does the focus on it. */
export function More({ count, children }: MoreProps) {
  const isOpen = useSignal(false);
  const id = useId();
  return (
    <>
      <button
        type="button"
        class="sy-why-rest"
        aria-expanded={isOpen.value}
        aria-controls={isOpen.value ? id : undefined}
        onClick={(event) => {
          event.currentTarget.dispatchEvent(new CustomEvent(openedEvent, { bubbles: true }));
          isOpen.value = !isOpen.value;
        }}
      >
        <span>{t("and {count} more", { count })}</span>
        <Icon name={isOpen.value ? "chevron-up" : "chevron-down"} />
      </button>
      {isOpen.value && <div id={id}>{children}</div>}
    </>
  );
}
