import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { useEffect } from "preact/hooks";
import { IconButton } from "../../../ui/buttons.tsx";
import { useStore } from "../../state/store.ts";

/** How long the button shows that it has copied. */
const COPIED_MS = 1_500;

type CopyButtonProps = { readonly name: string; readonly text: () => string };

/** Copies a text, and shows for a moment that it did. */
export function CopyButton({ name, text }: CopyButtonProps) {
  const store = useStore();
  const copies = useSignal(0);
  const isCopied = useSignal(false);
  useEffect(() => {
    if (copies.value === 0) return undefined;
    isCopied.value = true;
    return store.scheduler.after(COPIED_MS, () => {
      isCopied.value = false;
    });
  }, [copies.value]);
  const copy = () => {
    store.post({ type: "copy", text: text() });
    store.announcement.value = l10n.t("Copied");
    copies.value++;
  };
  return <IconButton icon={isCopied.value ? "check" : "copy"} name={name} onClick={copy} />;
}
