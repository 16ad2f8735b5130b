import type { ComponentChildren } from "preact";
import { Icon } from "./Icon.tsx";

type BoxProps = {
  readonly kind: "error" | "warning" | "info";
  /** What a screen reader calls the group. */
  readonly name: string;
  readonly title?: string;
  readonly children: ComponentChildren;
};

/** A notice that stands on its own: what happened, and what to do. */
export function Box({ kind, name, title, children }: BoxProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a frame and a legend of its own
    <div class={`sy-box sy-is-${kind}`} role="group" aria-label={name}>
      <Icon name={kind} />
      {title !== undefined && <h2>{title}</h2>}
      {children}
    </div>
  );
}
