import { t } from "@vscode/l10n";
import { Icon } from "./Icon.tsx";
import { useStore } from "./services.ts";
import { Tool } from "./Tool.tsx";

/** Which conversation this is, and the way back to all of them. */
export function Head() {
  const store = useStore();
  const { conversation } = store.shell.value;
  if (conversation === null) return null;
  return (
    <header class="sy-head">
      <Tool
        icon="arrow-left"
        name={t("Conversations")}
        onClick={() => store.post({ type: "list", query: "" })}
      />
      <h1 class="sy-head-title" title={conversation.title}>
        {conversation.title}
      </h1>
      {conversation.isPrivate && (
        <span
          class="sy-head-lock"
          role="img"
          aria-label={t("Private: local models only")}
          title={t("Private: local models only")}
        >
          <Icon name="lock" />
        </span>
      )}
    </header>
  );
}
