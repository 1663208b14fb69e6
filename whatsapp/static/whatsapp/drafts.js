// What was typed in a chat and has not been sent survives another button, a lost line and a session that ended.
// A draft is forgotten once the timeline shows what was written with the token of its page.
"use strict";

document.querySelectorAll("textarea[form]").forEach((box) => {
  const key = `draft:${location.pathname.match(/contact\/\d+/)}:${box.name}`;
  const token = box.parentElement.querySelector("input[name$=token]");
  const draft = JSON.parse(sessionStorage.getItem(key) || "null");
  if (draft && document.querySelector(`[data-token="${CSS.escape(draft.token)}"]`)) sessionStorage.removeItem(key);
  else if (draft && !box.value) box.value = draft.words;
  const keep = () => sessionStorage.setItem(key, JSON.stringify({ words: box.value, token: token.value }));
  if (box.value) keep();
  box.addEventListener("input", () => (box.value ? keep() : sessionStorage.removeItem(key)));
});
const wrong = document.querySelector(".errorlist");
if (wrong) wrong.parentElement.querySelector("textarea")?.focus();
