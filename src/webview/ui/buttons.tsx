import type { ComponentChildren } from "preact";

/** One of VS Code's icons. It is hidden from screen readers: the text next to it or the button's name has the same meaning. */
export function Icon({ name, state = "" }: { readonly name: string; readonly state?: string }) {
  return <span class={`codicon codicon-${name} ${state}`.trimEnd()} aria-hidden="true" />;
}

type IconButtonProps = {
  readonly icon: string;
  readonly name: string;
  /** The tooltip where it differs from the name: with a keyboard shortcut. */
  readonly title?: string | undefined;
  readonly class?: string | undefined;
  readonly pressed?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  /** The DOM id of the popup that the button opens, and whether it is open. */
  readonly controls?: string | undefined;
  readonly expanded?: boolean | undefined;
  readonly onClick: () => void;
  readonly children?: ComponentChildren;
};

/** A button with an icon. Its name is also its tooltip, unless it has another one (`title`). */
export function IconButton(props: IconButtonProps) {
  const {
    icon,
    name,
    title = name,
    class: extra = "",
    pressed,
    disabled,
    controls,
    expanded,
    onClick,
    children,
  } = props;
  return (
    <button
      type="button"
      class={`sy-tool ${extra}`.trimEnd()}
      aria-label={name}
      title={title}
      aria-pressed={pressed}
      aria-haspopup={controls === undefined ? undefined : "listbox"}
      aria-controls={expanded ? controls : undefined}
      aria-expanded={expanded}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
      {children}
    </button>
  );
}

type LinkButtonProps = { readonly onClick: () => void; readonly children: string };

/** A button that looks like a link inside a sentence. */
export function LinkButton({ onClick, children }: LinkButtonProps) {
  return (
    <button type="button" class="sy-link-button" onClick={onClick}>
      {children}
    </button>
  );
}

export type Action = { readonly name: string; readonly run: () => void };

/** The buttons of a message, the main one first. */
export function ActionButtons({ actions }: { readonly actions: readonly Action[] }) {
  if (actions.length === 0) return null;
  return (
    <div class="sy-buttons">
      {actions.map(({ name, run }, index) => (
        <button
          key={name}
          type="button"
          class={index === 0 ? "sy-button" : "sy-button sy-button--second"}
          onClick={run}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
