// The draw on a screen in the hall: one step after another, each once its data is there.

const EVERY_MS = 3_000;
const hall = document.getElementById("hall");
const find = (name, within = hall) => within.querySelector(`[data-${name}]`);
const scenes = [...hall.querySelectorAll("[data-scene]")];
let known = { status: "", winners: [], scenes: hall.dataset.scenes.split(" ") };
let place = 0;
let tag = "";

/** What takes part, in its order; the scene of a winner once for each, the least prize first so that the hall waits. */
function steps() {
  return scenes.filter(({ dataset }) => known.scenes.includes(dataset.scene)).flatMap((scene) => {
    if (scene.dataset.scene !== "winner") return [{ scene }];
    if (known.status === "DRAWN") return [...known.winners].reverse().map((winner) => ({ scene, winner }));
    return [{ scene }];
  });
}

const isThere = ({ scene }) => !scene.dataset.needs || known[scene.dataset.needs] !== null && known[scene.dataset.needs] !== undefined;

function fill(scene, winner) {
  for (const element of scene.querySelectorAll("[data-fill]")) {
    const name = element.dataset.fill;
    if (name === "winners") element.replaceChildren(...known.winners.map(row));
    else if (name === "nobody") element.hidden = known.winners.length > 0;
    else if (winner && name === "place") element.textContent = hall.dataset.prize.replace("%(rank)s", winner.rank);
    else if (winner) element.textContent = winner[name] ?? known[name] ?? "";
    else element.textContent = name === "count" && known.count !== null ? new Intl.NumberFormat(document.documentElement.lang, { useGrouping: "always" }).format(known[name]) : known[name] ?? "";
  }
}

function row({ prize, number }) {
  const item = document.createElement("li");
  const won = Object.assign(document.createElement("b"), { className: "won", textContent: number });
  item.append(won, Object.assign(document.createElement("div"), { textContent: prize }));
  return item;
}

function show() {
  const all = steps();
  place = Math.min(place, all.length - 1);
  const step = all[place];
  const ready = isThere(step);
  scenes.forEach((scene) => (scene.hidden = scene !== step.scene || !ready));
  if (ready) fill(step.scene, step.winner);
  find("waiting").hidden = ready || known.status === "CALLED_OFF";
  find("called").hidden = known.status !== "CALLED_OFF";
  find("place").textContent = `${place + 1} / ${all.length}`;
  hall.querySelector("[data-go='-1']").disabled = place === 0;
  hall.querySelector("[data-go='1']").disabled = !ready || place === all.length - 1;
}

function go(by) {
  const all = steps();
  if (by > 0 && !isThere(all[place])) return;
  place = Math.max(0, Math.min(all.length - 1, place + by));
  show();
}

async function load() {
  const answer = await fetch(hall.dataset.steps, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
  if (!answer.ok) return;
  tag = answer.headers.get("ETag") || "";
  known = await answer.json();
  show();
}

hall.addEventListener("click", (event) => {
  const button = event.target.closest("[data-go]");
  if (button) go(Number(button.dataset.go));
  else if (!event.target.closest("a, button")) go(1);
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("button, a") && [" ", "Enter"].includes(event.key)) return;
  if (["ArrowRight", "PageDown", " ", "Enter"].includes(event.key)) event.preventDefault(), go(1);
  else if (["ArrowLeft", "PageUp"].includes(event.key)) event.preventDefault(), go(-1);
  else if (event.key.toLowerCase() === "f") document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.();
});

setInterval(() => document.visibilityState === "visible" && load().catch(() => {}), EVERY_MS);
show();
await load().catch(() => {});
