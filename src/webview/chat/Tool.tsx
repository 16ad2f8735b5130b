import type { ComponentChildren } from "preact";
import { Icon } from "./Icon.tsx";

type ToolProps = {
  readonly icon: string;
  readonly name: string;
  /** The tooltip, where it says more than the name: a key. */
  readonly title?: string;
  readonly class?: string;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children?: ComponentChildren;
};

/** An icon button. */
export function Tool({
  icon,
  name,
  title,
  class: extra = "",
  pressed,
  disabled,
  onClick,
  children,
}: ToolProps) {
  return (
    <button
      type="button"
      class={`sy-tool ${extra}`.trimEnd()}
      aria-label={name}
      title={title ?? name}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
      {children}
    </button>
  );
}
