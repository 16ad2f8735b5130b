import { t } from "@vscode/l10n";
import { useEffect } from "preact/hooks";
import { LinkButton } from "./LinkButton.tsx";
import { useStore } from "./services.ts";

/** Long enough to be read, reached by Tab and thought over. */
const shownMs = 12_000;

/** A conversation was deleted, and can be taken back for a while. */
export function Toast() {
  const store = useStore();
  const { deleted } = store.shell.value;
  useEffect(() => {
    if (deleted === null) return;
    const timer = window.setTimeout(() => store.dismissDeleted(), shownMs);
    return () => window.clearTimeout(timer);
  }, [deleted]);
  if (deleted === null) return null;
  const undo = () => {
    store.post({ type: "undelete", id: deleted.id });
    store.dismissDeleted();
  };
  return (
    <div class="sy-toast">
      <span>{t("“{title}” deleted", { title: deleted.title })}</span>
      <LinkButton onClick={undo}>{t("Undo")}</LinkButton>
    </div>
  );
}
