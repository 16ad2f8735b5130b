import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { roving } from "./roving.ts";

type ToolbarProps = {
  readonly name: string;
  readonly class?: string;
  readonly children: ComponentChildren;
};

/** Tools behind one tab stop. */
export function Toolbar({ name, class: className = "sy-tools", children }: ToolbarProps) {
  const bar = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (bar.current !== null) roving(bar.current);
  });
  return (
    <span ref={bar} class={className} role="toolbar" aria-label={name}>
      {children}
    </span>
  );
}
