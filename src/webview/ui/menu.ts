export type MenuItem = { readonly name: string; readonly icon: string; readonly run: () => void };

/** Between a menu and its button, and between a menu and the edge of the view, in pixels. */
const GAP = 2;

/** Closes the menu that is open, without moving the focus. */
let closeOpen: (() => void) | undefined;

/**
 * Opens a menu at a button, with its first item focused; closes it if it is open. The arrow keys, Home and End move;
 * Escape and Tab close. The button has `aria-haspopup="menu"`.
 */
export function toggleMenu(button: HTMLElement, name: string, items: readonly MenuItem[]): void {
  const wasOpen = button.getAttribute("aria-expanded") === "true";
  closeOpen?.();
  if (wasOpen) return;
  const menu = document.createElement("div");
  menu.className = "sy-menu";
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", name);
  const moveToButton = () => place(menu, button);
  let isOpen = true;
  const close = () => {
    // Removing the focused item moves the focus, which closes the menu as well.
    if (!isOpen) return;
    isOpen = false;
    closeOpen = undefined;
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("scroll", close, true);
    window.removeEventListener("resize", moveToButton);
    menu.remove();
  };
  const closeToButton = () => {
    close();
    button.focus({ preventScroll: true });
  };
  menu.append(
    ...items.map(({ name: itemName, icon, run }) =>
      menuItem(itemName, icon, () => {
        closeToButton();
        run();
      }),
    ),
  );
  menu.addEventListener("keydown", (event) => handleKey(event, menu, closeToButton));
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    // A press on the button closes the menu by itself.
    const isInside =
      relatedTarget instanceof Node && (menu.contains(relatedTarget) || button.contains(relatedTarget));
    if (!isInside) close();
  });
  closeOpen = close;
  button.setAttribute("aria-expanded", "true");
  (button.closest("main") ?? document.body).append(menu);
  moveToButton();
  menu.querySelector("button")?.focus({ preventScroll: true });
  document.addEventListener("scroll", close, true);
  window.addEventListener("resize", moveToButton);
}

function menuItem(name: string, icon: string, run: () => void): HTMLElement {
  const item = document.createElement("button");
  item.type = "button";
  item.setAttribute("role", "menuitem");
  item.tabIndex = -1;
  const glyph = document.createElement("span");
  glyph.className = `codicon codicon-${icon}`;
  glyph.setAttribute("aria-hidden", "true");
  item.append(glyph, name);
  item.addEventListener("click", (event) => {
    event.stopPropagation();
    run();
  });
  return item;
}

function handleKey(event: KeyboardEvent, menu: HTMLElement, closeToButton: () => void): void {
  const items = [...menu.querySelectorAll("button")];
  const index = items.findIndex((item) => item.matches(":focus"));
  const target = targetIndex(event.key, index, items.length);
  if (target === undefined && event.key !== "Escape" && event.key !== "Tab") return;
  event.preventDefault();
  event.stopPropagation();
  if (target === undefined) closeToButton();
  else items[target]?.focus();
}

function targetIndex(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case "ArrowDown":
      return (index + 1) % count;
    case "ArrowUp":
      return (index + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

/** Below the button, with the same end; above it where there is no room below. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const isRtl = getComputedStyle(button).direction === "rtl";
  const left = isRtl ? at.left : at.right - width;
  const below = at.bottom + GAP;
  const hasRoom = below + height <= window.innerHeight;
  menu.style.left = `${Math.max(GAP, Math.min(left, window.innerWidth - width - GAP))}px`;
  menu.style.top = `${hasRoom ? below : Math.max(GAP, at.top - height - GAP)}px`;
}
