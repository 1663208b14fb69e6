// While the rule is being written: which number can win by it, and only the fields that its method has.
(() => {
  const panel = document.getElementById("draw-coverage");
  const method = document.getElementById("id_method");
  if (!panel || !method) return;
  const names = ["method", "lottery_digits", "lottery_mapping"];
  const fields = names.map((name) => document.getElementById(`id_${name}`)).filter(Boolean);
  let asked = 0, waiting = 0;

  const show = () => document.querySelectorAll(".draw-lottery").forEach((card) => {
    card.hidden = method.value !== "LOTTERY";
  });
  const ask = async () => {
    const mine = ++asked;
    const given = new URLSearchParams(fields.map((field) => [field.name, field.value]));
    const answer = await fetch(`${panel.dataset.ask}?${given}`, { headers: { "X-Requested-With": "fetch" } });
    if (answer.ok && !answer.redirected && mine === asked) panel.innerHTML = await answer.text();
  };
  const changed = () => {
    show();
    clearTimeout(waiting);
    waiting = setTimeout(() => ask().catch(() => {}), 250);
  };

  // Select2, which the theme puts over a list, tells of a choice by an event of jQuery only.
  if (window.jQuery) window.jQuery(method).on("change", changed);
  fields.forEach((field) => ["input", "change"].forEach((kind) => field.addEventListener(kind, changed)));
  if (window.jQuery) fields.slice(1).forEach((field) => window.jQuery(field).on("change", changed));
  show();
})();
