import { t } from "@vscode/l10n";
import { useStore } from "./services.ts";
import { Tool } from "./Tool.tsx";
import { Toolbar } from "./Toolbar.tsx";

/** The prompt that is sent when this answer ends. */
export function Queued() {
  const store = useStore();
  const text = store.queued.value;
  if (text === null) return null;
  return (
    <article class="sy-turn sy-turn--user" aria-label={t("You, queued")}>
      <div class="sy-prompt sy-prompt--queued">
        <p class="sy-prompt-text">{text}</p>
      </div>
      <div class="sy-queued">
        <span class="sy-quiet-text">{t("Sent when this answer ends")}</span>
        <Toolbar name={t("Queued prompt")}>
          <Tool icon="edit" name={t("Edit queued prompt")} onClick={() => store.editQueued()} />
          <Tool icon="send" name={t("Stop the answer and send now")} onClick={() => store.sendQueuedNow()} />
          <Tool icon="close" name={t("Remove from queue")} onClick={() => store.removeQueued()} />
        </Toolbar>
      </div>
    </article>
  );
}
