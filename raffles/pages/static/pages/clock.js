// Instants in the visitor's own zone, and how long it is until then. Without this script the page says them
// in the zone of the raffle.

const language = document.documentElement.lang;
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function inWords(at, zone) {
  return new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short", timeZone: zone }).format(at);
}

export function untilThen(at, now = Date.now()) {
  const seconds = Math.max(0, Math.round((at - now) / 1000));
  const parts = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
  const from = parts.findIndex(([size], index) => seconds >= size || index === parts.length - 1);
  let rest = seconds;
  return parts.slice(from, from + 2).map(([size, unit]) => {
    const count = Math.floor(rest / size);
    rest %= size;
    return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count);
  }).join(" ");
}

function localise(element) {
  const at = new Date(element.dateTime);
  if (inWords(at, HERE) === inWords(at, element.dataset.zone)) return;
  element.title = element.textContent;
  element.textContent = `${inWords(at, HERE)} (${element.dataset.here})`;
}

function tick() {
  for (const element of document.querySelectorAll("[data-left]")) {
    const at = Date.parse(element.dataset.left);
    element.textContent = at > Date.now() ? untilThen(at) : "";
  }
}

try {
  document.querySelectorAll("time[data-zone]").forEach(localise);
} catch {
  // An old browser that does not know the zone keeps the text of the page.
}
tick();
if (document.querySelector("[data-left]")) setInterval(tick, 1000);
