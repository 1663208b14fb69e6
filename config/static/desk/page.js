// What the theme leaves without a name gets one, so that a screen reader says what a button does,
// and its lists are lists. In the narrow lists a cell says which column it is.
(() => {
  "use strict";

  const words = document.getElementById("desk-words");
  if (!words) return;
  const all = (where, deed) => document.querySelectorAll(where).forEach(deed);
  const name = (element, text) => element.hasAttribute("aria-label") || element.setAttribute("aria-label", text);

  // Before the theme's own script, which would make them navigations and their entries nothing.
  all(".navbar-nav, .pagination, .nav", (list) => {
    if (!list.hasAttribute("role")) list.setAttribute("role", "list");
    name(list, words.dataset.bar);
  });
  all("[data-lte-toggle=sidebar]", (button) => name(button, words.dataset.menu));
  all(".btn-navbar", (button) => name(button, words.dataset.search));
  all("a:has(> .fa-globe)", (button) => {
    button.title = words.dataset.language;
  });
  // The theme cuts the language's code out of any address: of "/raffles/" it leaves "/raffl".
  all("#jazzy-languagemenu [name=next]", (field) => {
    field.value = location.pathname + location.search;
  });
  all("#searchbar", (field) => name(field, field.placeholder || words.dataset.search));
  all("#result_list th a:has(> .fa-times)", (link) => name(link, words.dataset.unsort));

  const labelOf = (field) => field.closest(".form-group")?.querySelector("label");
  const nameFields = () => {
    all(".form-group :is(input, select, textarea), .select2-selection, .select2-selection__rendered", (field) => {
      const label = labelOf(field);
      if (label && !field.labels?.length) name(field, label.textContent.replace("*", "").trim());
    });
  };
  nameFields();
  window.addEventListener("load", nameFields); // what scripts draw instead of a field is there only now

  // The boxes to choose from ask themselves whether something is chosen; the theme takes a no for a mistake.
  const isBox = (event) => event.target.closest?.(".selector");
  document.addEventListener("invalid", (event) => isBox(event) && event.stopImmediatePropagation(), true);

  const headings = [...document.querySelectorAll("#result_list thead th")].map((cell) => cell.textContent.trim());
  all("#result_list tbody tr", (row) => {
    [...row.children].forEach((cell, place) => {
      const isBare = !cell.children.length && cell.textContent.trim();
      if (cell.tagName === "TD" && isBare) cell.dataset.name = headings[place] || "";
    });
  });

  const mode = document.getElementById("desk-mode");
  const account = document.getElementById("jazzy-usermenu");
  if (mode && account) {
    account.append(mode);
    mode.hidden = false;
    mode.querySelector("select").value = localStorage.getItem("jazzmin-theme-mode") || "auto";
  }
})();
