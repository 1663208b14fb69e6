import { el, icon } from "./dom.js";

/** A small menu that opens from a button: arrows move, Esc closes and gives the focus back. */
export function menuOf(opener, menu, entries) {
  const close = (refocus = true) => {
    if (menu.hidden) return;
    menu.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    if (refocus) opener.focus();
  };
  const open = () => {
    menu.replaceChildren(...entries().map((entry, place) => item(entry, place, close)));
    menu.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    menu.querySelector("button").focus();
  };
  opener.addEventListener("click", () => (menu.hidden ? open() : close()));
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target) && !opener.contains(event.target)) close(false);
  });
  menu.addEventListener("keydown", (event) => move(event, menu, close));
  menu.addEventListener("focusout", (event) => event.relatedTarget && !menu.contains(event.relatedTarget) && close(false));
}

function item({ sign, label, act, testid }, place, close) {
  const tinted = sign ? el("span", { class: `tint-${place % 6}` }, icon(sign)) : null;
  const button = el("button", { type: "button", role: "menuitem", "data-testid": testid }, tinted, label);
  button.addEventListener("click", () => (close(), act()));
  return button;
}

function move(event, menu, close) {
  if (event.key === "Escape") return close();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return undefined;
  event.preventDefault();
  const items = [...menu.querySelectorAll("button")];
  return items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
}

