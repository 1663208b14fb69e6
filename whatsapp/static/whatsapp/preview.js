// The message as the player will read it, while it is typed.
"use strict";

document.querySelectorAll("[data-place]").forEach((place) => {
  const field = document.querySelector(`[name="${place.dataset.place}"]`);
  const show = () => { place.textContent = field.value.split(/\s+/).filter(Boolean).join(" ") || "…"; };
  field.addEventListener("input", show);
  show();
});
