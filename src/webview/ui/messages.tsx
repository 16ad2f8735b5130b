import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { Scheduler } from "../scheduler.ts";
import { Icon, LinkButton } from "./buttons.tsx";

type MessageBoxProps = {
  readonly kind: "error" | "warning" | "info";
  /** The name of the group for screen readers. */
  readonly name: string;
  readonly title?: string | undefined;
  /** A codicon's name, where it is not that of the kind. */
  readonly icon?: string | undefined;
  readonly children: ComponentChildren;
};

/** A message with a frame: what happened and what to do. */
export function MessageBox({ kind, name, title, icon = kind, children }: MessageBoxProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has a frame and a legend of its own
    <div class={`sy-box sy-is-${kind}`} role="group" aria-label={name}>
      <Icon name={icon} />
      {title !== undefined && <h2>{title}</h2>}
      {children}
    </div>
  );
}

type NoteProps = {
  readonly icon: string;
  readonly warning?: boolean | undefined;
  readonly children: ComponentChildren;
};

/** One line above or below an answer, or inside it. */
export function Note({ icon, warning = false, children }: NoteProps) {
  return (
    <p class={warning ? "sy-note sy-is-warning" : "sy-note"}>
      <Icon name={icon} />
      <span>{children}</span>
    </p>
  );
}

/** Long enough to read the message and to reach its button by keyboard. */
const TOAST_MS = 12_000;

type ToastProps = {
  readonly text: string;
  readonly actionName: string;
  readonly scheduler: Scheduler;
  readonly onAction: () => void;
  readonly onTimeout: () => void;
};

/** A message with one action that disappears after a while. */
export function Toast({ text, actionName, scheduler, onAction, onTimeout }: ToastProps) {
  useEffect(() => scheduler.after(TOAST_MS, onTimeout), [text]);
  return (
    <div class="sy-toast">
      <span>{text}</span>
      <LinkButton onClick={onAction}>{actionName}</LinkButton>
    </div>
  );
}
