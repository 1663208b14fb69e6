// The bell in the top bar: moves itself there and asks now and then how many nobody has looked at.
(() => {
  "use strict";

  const PAUSE = 20000;
  const bell = document.getElementById("desk-bell");
  const bar = document.querySelector("#jazzy-navbar .navbar-nav.ms-auto");
  if (!bell || !bar) return;

  const place = document.createElement("li");
  place.className = "nav-item";
  place.append(bell);
  bar.prepend(place);
  bell.hidden = false;

  let etag = "";

  const show = ({ count, words }) => {
    bell.querySelector(".badge").textContent = count;
    bell.title = words;
    bell.setAttribute("aria-label", words);
  };

  const ask = async () => {
    if (document.hidden) return;
    try {
      const headers = etag ? { "If-None-Match": etag } : {};
      const answer = await fetch(bell.dataset.ask, { headers, cache: "no-store", redirect: "error" });
      if (answer.status !== 200) return;
      etag = answer.headers.get("ETag") || "";
      show(await answer.json());
    } catch {
      // Offline or signed out: the number stays as it was.
    }
  };

  document.addEventListener("visibilitychange", ask);
  setInterval(ask, PAUSE);
  ask();
})();
