// The board of numbers: pages of a hundred, asked for again while somebody looks, and a choice to take to the chat.

const EVERY_MS = 10_000;
const board = document.querySelector("[data-board]");
const words = JSON.parse(document.getElementById("board-words").textContent);
const find = (name) => board.querySelector(`[data-${name}]`);
const cells = find("cells");
const [first, last, width] = ["first", "last", "width"].map((name) => Number(board.dataset[name]));
const PAGE = 100;
const SIGNS = { s: "sold", h: "held" };
const picked = new Set();
let shown = Number(board.dataset.shown);
let asked = board.dataset.asked === undefined ? null : Number(board.dataset.asked);
let signs = "";
let tag = "";
let isOpen = true;

const label = (number) => String(number).padStart(width, "0");
const counted = (number) => new Intl.NumberFormat(document.documentElement.lang, { useGrouping: "always" }).format(number);

function filled(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

function say(text) {
  find("said").textContent = text;
  find("said").hidden = !text;
}

/** One cell: a button where the number is free, its state in words where it is not. */
function cell(number, sign) {
  const item = document.createElement("li");
  item.className = `n${sign in SIGNS ? ` ${sign}` : ""}${number === asked ? " asked" : ""}`;
  item.dataset.number = number;
  if (sign in SIGNS || !isOpen) {
    item.append(label(number));
    const state = document.createElement("i");
    state.textContent = words[SIGNS[sign] || "free"];
    item.append(state);
    return item;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label(number);
  button.setAttribute("aria-pressed", String(picked.has(number)));
  item.append(button);
  return item;
}

/** Only what changed is drawn anew, so that a finger or a screen reader does not lose its place. */
function draw(fresh) {
  const whole = cells.childElementCount !== fresh.length || cells.dataset.shown !== String(shown);
  if (whole) cells.replaceChildren(...[...fresh].map((sign, place) => cell(shown + place, sign)));
  else [...fresh].forEach((sign, place) => sign !== signs[place] && cells.children[place].replaceWith(cell(shown + place, sign)));
  cells.dataset.shown = shown;
  signs = fresh;
}

function dropTaken() {
  const gone = [...picked].filter((number) => SIGNS[signs[number - shown]] && number >= shown && number < shown + PAGE);
  gone.forEach((number) => picked.delete(number));
  if (gone.length) say(filled(words.gone, { numbers: gone.map(label).join(", ") }));
  drawPicked();
}

function drawPicked() {
  find("picked").hidden = picked.size === 0;
  find("list").textContent = [...picked].sort((a, b) => a - b).map(label).join(", ");
}

function drawStock({ free, held, sold }) {
  const taken = held + sold;
  const size = taken + free;
  const text = filled(words.stock, { taken: counted(taken), size: counted(size) });
  const share = taken === 0 ? 0 : Math.max(1, Math.floor((taken * 100) / size));
  for (const element of document.querySelectorAll("[data-stock]")) {
    element.textContent = text;
    element.previousElementSibling.value = share;
    element.previousElementSibling.setAttribute("aria-label", text);
  }
}

function drawLeaf() {
  const end = Math.min(shown + PAGE - 1, last);
  find("range").textContent = `${label(shown)}–${label(end)}`;
  const [back, on] = ["back", "on"].map((name) => board.querySelector(`[data-leaf=${name}]`));
  back.hidden = shown <= first;
  on.hidden = end >= last;
  back.href = `?number=${shown - PAGE}#numbers`;
  on.href = `?number=${end + 1}#numbers`;
}

async function load() {
  const wanted = shown;
  const answer = await fetch(`${board.dataset.board}?number=${wanted}`, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
  if (answer.status === 304 || wanted !== shown) return;
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = await answer.json();
  if (wanted !== shown) return;
  tag = answer.headers.get("ETag") || "";
  show(fresh);
}

function show(fresh) {
  const wasOpen = isOpen;
  isOpen = fresh.open;
  if (wasOpen !== isOpen) cells.dataset.shown = "";
  if (wasOpen && !isOpen) close();
  draw(fresh.signs);
  drawStock(fresh);
  drawLeaf();
  dropTaken();
}

function close() {
  const state = document.querySelector("[data-state]");
  if (state.classList.contains("good")) state.textContent = words.over;
  state.classList.remove("good");
  document.querySelector("[data-chat]")?.setAttribute("hidden", "");
  picked.clear();
}

async function refresh() {
  if (document.visibilityState !== "visible") return;
  try {
    await load();
    if (find("said").textContent === words.stale) say("");
  } catch {
    say(words.stale);
  }
}

function turnTo(number) {
  shown = number - ((number - first) % PAGE);
  tag = "";
  say("");
  return refresh();
}

board.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = event.target.number.value.trim();
  const number = Number(text);
  if (!/^\d{1,9}$/.test(text) || number < first || number > last) return say(words.outside);
  asked = number;
  cells.dataset.shown = "";
  return turnTo(number);
});

board.querySelectorAll("[data-leaf]").forEach((link) => link.addEventListener("click", (event) => {
  event.preventDefault();
  const to = shown + (link.dataset.leaf === "on" ? PAGE : -PAGE);
  if (to >= first && to <= last) turnTo(to);
}));

cells.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const number = Number(button.parentElement.dataset.number);
  picked[picked.has(number) ? "delete" : "add"](number);
  button.setAttribute("aria-pressed", String(picked.has(number)));
  drawPicked();
});

find("copy").addEventListener("click", async (event) => {
  await navigator.clipboard?.writeText(find("list").textContent);
  event.target.textContent = words.copied;
});

setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
await refresh();
