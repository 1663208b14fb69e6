import { el, iconButton } from "./dom.js";
import { word } from "./words.js";

/** A native dialog: Esc closes, focus is kept inside and given back. */
export function openSheet(title, body, { kind = "", onclose } = {}) {
  const heading = el("h2", { id: "sheet-title" }, title);
  const head = el("header", { class: "sheet-head" }, heading, iconButton("close", word("close"), () => dialog.close()));
  const dialog = el("dialog", { class: kind, "aria-labelledby": "sheet-title" }, head, el("div", { class: "sheet-body" }, body));
  const opener = document.activeElement;
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    onclose?.();
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function chooseRow(action, choose) {
  const body = el("div", { role: "radiogroup", "aria-label": action.button });
  for (const section of action.sections) {
    if (section.title) body.append(el("h3", { class: "section", dir: "auto" }, section.title));
    body.append(...section.rows.map((row) => rowButton(row, pick)));
  }
  const dialog = openSheet(action.button, body, { kind: "bottom" });
  const rows = [...body.querySelectorAll(".list-row")];
  body.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    rows[(rows.indexOf(document.activeElement) + step + rows.length) % rows.length].focus();
  });
  rows[0]?.focus();

  let isChosen = false;
  function pick(button, row) {
    if (isChosen) return;
    isChosen = true;
    button.classList.add("chosen");
    button.setAttribute("aria-checked", "true");
    setTimeout(() => (dialog.close(), choose(row.id)), 140);
  }
}

function rowButton(row, pick) {
  const text = el("span", { dir: "auto" }, el("b", {}, row.title), row.description ? el("small", {}, row.description) : null);
  const radio = el("i", { class: "radio", "aria-hidden": "true" });
  const button = el("button", { type: "button", class: "list-row", role: "radio", "aria-checked": "false", "data-testid": "list-row", "data-reply-id": row.id }, text, radio);
  button.addEventListener("click", () => pick(button, row));
  return button;
}

export function showPicture(source, caption) {
  openSheet(caption || word("photo"), el("img", { src: source, alt: caption || word("photo") }), { kind: "lightbox" });
}

export function field(label, name, attributes = {}) {
  return el("label", {}, label, el("input", { name, autocomplete: "off", ...attributes }));
}

export function select(label, name, choices, chosen) {
  const options = choices.map(([value, text]) => el("option", { value, selected: value === chosen }, text));
  return el("label", {}, label, el("select", { name }, options));
}

/** A form in a sheet; `submit` gets the values and says what is wrong by throwing. */
export function openForm(title, parts, action, submit, options = {}) {
  const wrong = el("p", { class: "wrong", role: "alert", hidden: true });
  const form = el("form", { class: "form" }, parts, wrong, el("button", { class: "primary", "data-testid": options.testid }, action));
  const dialog = openSheet(title, form, options);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector(".primary");
    button.disabled = true;
    try {
      await submit(Object.fromEntries(new FormData(form)), form);
      dialog.close();
    } catch (problem) {
      wrong.textContent = problem.message;
      wrong.hidden = false;
      button.disabled = false;
    }
  });
  (form.querySelector("[autofocus]") || form.querySelector("input:not([type=hidden]), select, button"))?.focus();
  return { dialog, form };
}

