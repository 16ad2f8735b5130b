import type { ComponentChildren } from "preact";
import { Icon } from "./Icon.tsx";

type NoteProps = {
  readonly icon: string;
  readonly warning?: boolean;
  readonly children: ComponentChildren;
};

/** One line in an answer, at its place: a fallback, a stop, a choice that the budget made. */
export function Note({ icon, warning = false, children }: NoteProps) {
  return (
    <p class={warning ? "sy-note sy-is-warning" : "sy-note"}>
      <Icon name={icon} />
      <span>{children}</span>
    </p>
  );
}
