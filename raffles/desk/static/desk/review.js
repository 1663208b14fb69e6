// The payment desk: a queue that keeps itself fresh, one card, and keys for everything.
"use strict";

const desk = document.getElementById("review");
const rowsList = document.getElementById("review-rows");
const cardBox = document.getElementById("review-card");
const toldBox = document.getElementById("review-told");
const POLL_MS = 3000;
const KEEP_MS = 30000;
const ZOOM_STEP = 1.25;
const AGAIN_MS = 3000;
// A keyboard on the glass would hide the receipt: it comes when a field is touched.
const TOUCH = window.matchMedia("(pointer: coarse)");

const state = { order: null, tag: null, ahead: new Map(), zoom: 1, turn: 0, mine: new Map(), busy: false };

// Signing in makes a new one; the cookie has it, whichever tab it was done in.
function token() {
  const kept = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return kept ? kept[1] : desk.querySelector("[name=csrfmiddlewaretoken]").value;
}

async function ask(url, form) {
  const headers = { "X-Requested-With": "fetch" };
  const options = { headers, credentials: "same-origin", redirect: "manual" };
  if (form) {
    options.method = "POST";
    options.body = form;
    headers["X-CSRFToken"] = token();
  }
  if (url.startsWith(desk.dataset.queue) && state.tag) headers["If-None-Match"] = state.tag;
  let response;
  try {
    response = await fetch(url, options);
  } catch (error) {
    tell(desk.dataset.offline, "bad");
    throw error;
  }
  if (response.type === "opaqueredirect") {
    tell(desk.dataset.signedOut, "bad");
    throw new Error("signed out");
  }
  if (response.status === 403) {
    tell(desk.dataset.forbidden, "bad");
    throw new Error("not allowed");
  }
  return response;
}

// The queue

async function refresh() {
  const response = await ask(`${desk.dataset.queue}?sort=${desk.dataset.sort}`);
  if (response.status !== 200) return;
  const told = await response.json();
  state.tag = response.headers.get("ETag");
  rowsList.innerHTML = told.html;
  document.getElementById("review-count").textContent = told.waiting;
  state.mine = new Map(told.mine.map((one) => [one.id, one]));
  mark();
  showMine();
  if (state.order === null) openFirst();
  if (state.order === null) cardBox.textContent = rowsList.children.length ? desk.dataset.awaited : desk.dataset.empty;
}

function mark() {
  for (const row of rowsList.querySelectorAll(".review-row")) {
    row.classList.toggle("review-current", Number(row.dataset.order) === state.order);
  }
}

// `isFree`: those that are the reviewer's turn. The others are opened by who wants to see them.
function orders(isFree) {
  const found = [...rowsList.querySelectorAll(isFree ? ".review-row:not(.review-taken, .review-awaited)" : ".review-row")];
  return found.map((row) => Number(row.dataset.order));
}

// The queue scrolls in a box of its own, downwards or sideways; the page stays where it is.
function reveal() {
  const item = rowsList.querySelector(".review-current")?.parentElement;
  if (!item) return;
  const [left, top] = [item.offsetLeft, item.offsetTop];
  const isSeen = left >= rowsList.scrollLeft && left + item.offsetWidth <= rowsList.scrollLeft + rowsList.clientWidth
    && top >= rowsList.scrollTop && top + item.offsetHeight <= rowsList.scrollTop + rowsList.clientHeight;
  if (!isSeen) rowsList.scrollTo(left, top);
}

function neighbour(step) {
  const all = orders(false);
  const at = all.indexOf(state.order);
  return all[(at + step + all.length) % all.length];
}

function openFirst() {
  const [first] = orders(true);
  if (first !== undefined) open(first);
}

// The card

async function open(order) {
  if (state.order !== null && state.order !== order) leave(state.order);
  state.order = order;
  mark();
  reveal();
  const early = state.ahead.get(order);
  if (early) show(early, true);
  const response = await ask(`${desk.dataset.cards}${order}/open/`, new FormData());
  if (state.order !== order || response.status !== 200) return;
  show((await response.json()).html, false);
  loadAhead();
}

function show(html, isEarly) {
  const before = cardBox.querySelector("article")?.dataset.order;
  cardBox.innerHTML = html;
  setTyping(false);
  const isAnother = before !== cardBox.querySelector("article").dataset.order;
  if (isAnother && cardBox.getBoundingClientRect().top < 0) cardBox.scrollIntoView({ block: "start" });
  cardBox.classList.toggle("review-early", isEarly);
  state.zoom = 1;
  state.turn = 0;
  if (!isEarly) cardBox.focus({ preventScroll: true });
}

async function loadAhead() {
  const next = orders(true).find((order) => order !== state.order);
  if (next === undefined || state.ahead.has(next)) return;
  const response = await ask(`${desk.dataset.cards}${next}/`);
  if (response.status !== 200) return;
  const { html } = await response.json();
  state.ahead = new Map([[next, html]]);
  const early = document.createElement("template");
  early.innerHTML = html;
  for (const picture of early.content.querySelectorAll("img")) new Image().src = picture.getAttribute("src");
}

function leave(order) {
  ask(`${desk.dataset.cards}${order}/leave/`, new FormData()).catch(() => {});
}

async function keep() {
  const article = cardBox.querySelector("[data-mine='1']");
  if (!article || state.busy) return;
  const response = await ask(`${desk.dataset.cards}${article.dataset.order}/open/`, new FormData());
  if (response.status !== 200) return;
  const told = await response.json();
  const isTyping = cardBox.querySelector(".review-form:not([hidden])");
  if (state.order === Number(article.dataset.order) && (!told.mine || (told.seen !== article.dataset.seen && !isTyping))) show(told.html, false);
}

async function takeOver(from) {
  const form = new FormData();
  form.set("from", from);
  const response = await ask(`${desk.dataset.cards}${state.order}/take-over/`, form);
  if (response.status === 200) show((await response.json()).html, false);
  refresh();
}

// Deciding

function openForm(kind) {
  for (const form of cardBox.querySelectorAll(".review-form")) form.hidden = form.dataset.kind !== kind;
  const form = cardBox.querySelector(`.review-form[data-kind="${kind}"]`);
  if (!form) return;
  setTyping(true);
  // A ready sentence is one key away; the box takes the focus once there is something to change in it.
  const field = form.querySelector(".review-sentences button, input:not([type=hidden]), textarea") || form.querySelector("button");
  const isTouched = TOUCH.matches && field.matches("input");
  (isTouched ? form.querySelector("[type=submit]") : field).focus({ preventScroll: TOUCH.matches });
  if (field.select && !isTouched) field.select();
}

function setTyping(isOpen) {
  desk.classList.toggle("review-typing", isOpen);
  const bar = cardBox.querySelector(".review-bar");
  if (bar) bar.hidden = isOpen;
}

function closeForms() {
  for (const form of cardBox.querySelectorAll(".review-form")) form.hidden = true;
  setTyping(false);
  cardBox.focus({ preventScroll: true });
}

async function decide(form) {
  if (state.busy) return;
  state.busy = true;
  const order = state.order;
  const article = form.closest("article");
  const typed = new FormData(form);
  typed.set("kind", form.dataset.kind);
  typed.set("seen", article.dataset.seen);
  if (form.dataset.agreed) typed.set("agreed", form.dataset.agreed);
  let told;
  try {
    const response = await ask(`${desk.dataset.cards}${order}/decide/`, typed);
    told = await response.json();
  } finally {
    state.busy = false;  // the next card may be decided while the queue is still being read
  }
  if (!told.verdict && !told.told) return complain(form, told);
  if (told.told) tell(told.told, "good");
  if (told.verdict) state.mine.set(told.verdict.id, told.verdict);
  showMine();
  return goOn(order);
}

function complain(form, told) {
  for (const place of form.querySelectorAll(".review-error")) place.textContent = (told.errors[place.dataset.field] || []).join(" ");
  const question = form.querySelector(".review-question");
  if (told.question && question) {
    question.textContent = told.question;
    question.hidden = false;
    question.scrollIntoView({ block: "nearest" });
    form.dataset.agreed = told.agreed;
  }
  if (told.refused) {
    tell(told.refused, "bad");
    open(state.order);
  }
}

async function goOn(decided) {
  const after = orders(true).slice(orders(true).indexOf(decided) + 1);
  const next = after[0] ?? orders(true).find((order) => order !== decided);
  for (const row of rowsList.querySelectorAll(`[data-order="${decided}"]`)) row.parentElement.remove();
  leave(decided);
  state.order = null;
  cardBox.textContent = "";
  setTyping(false);
  if (next !== undefined) await open(next);
  await refresh();
}

async function undo(id) {
  const response = await ask(`${desk.dataset.verdicts}${id}/undo/`, new FormData());
  const told = await response.json();
  if (told.refused) {
    tell(told.refused, "bad");
  } else {
    state.mine.delete(id);
    tell(desk.dataset.undone, "good");
    showMine();
    open(told.order);
  }
  refresh();
}

// What was told and what can be undone

function tell(words, tone) {
  const line = document.createElement("p");
  line.className = `review-toast desk-${tone}`;
  line.textContent = words;
  toldBox.prepend(line);
  setTimeout(() => line.remove(), 8000);
}

function showMine() {
  const known = new Set();
  for (const one of state.mine.values()) {
    known.add(`v${one.id}`);
    let line = document.getElementById(`v${one.id}`);
    if (!line) {
      line = document.createElement("p");
      line.id = `v${one.id}`;
      line.className = "review-toast review-verdict";
      line.append(document.createElement("span"), document.createElement("button"));
      line.lastChild.className = "btn btn-sm btn-light";
      line.lastChild.type = "button";
      line.lastChild.addEventListener("click", () => undo(one.id));
      toldBox.prepend(line);
    }
    const left = Math.ceil((Date.parse(one.due) - Date.now()) / 1000);
    const isPlanned = one.status === "PLANNED";
    line.classList.toggle("desk-bad", !isPlanned);
    line.firstChild.textContent = one.words;
    line.lastChild.hidden = !isPlanned || left < 0;
    line.lastChild.textContent = `${desk.dataset.undo} ${Math.max(left, 0)}`;
  }
  for (const line of toldBox.querySelectorAll(".review-verdict")) if (!known.has(line.id)) line.remove();
}

function lastPlanned() {
  return [...state.mine.values()].filter((one) => one.status === "PLANNED").pop();
}

// The picture

function look() {
  for (const picture of cardBox.querySelectorAll(".review-picture")) {
    picture.style.width = state.zoom === 1 ? "" : `${state.zoom * 100}%`;
    picture.style.maxWidth = state.zoom === 1 ? "" : "none";
    picture.style.maxHeight = state.zoom === 1 ? "" : "none";
    picture.style.transform = state.turn ? `rotate(${state.turn}deg)` : "";
  }
}

// A picture that is not there yet: 503 while the worker prepares it, anything else for good.
async function lookAgain(picture) {
  const frame = picture.closest(".review-frame");
  const response = await ask(picture.src).catch(() => null);
  if (!picture.isConnected) return;
  const isComing = response === null || response.status === 503;
  const words = frame.querySelector(".review-note") || Object.assign(document.createElement("p"), { className: "review-note" });
  const wasComing = words.textContent === desk.dataset.preparing;
  words.textContent = isComing ? desk.dataset.preparing : desk.dataset.unshown;
  frame.append(words);
  picture.hidden = true;
  if (isComing) setTimeout(() => lookAgain(picture), AGAIN_MS);
  else if (wasComing && !desk.classList.contains("review-typing")) open(state.order);  // with all of its pages
  else if (response.ok) { words.remove(); picture.hidden = false; picture.src = picture.getAttribute("src"); }
}

const acts = {
  larger: () => { state.zoom = Math.min(state.zoom * ZOOM_STEP, 6); look(); },
  smaller: () => { state.zoom = Math.max(state.zoom / ZOOM_STEP, 0.4); look(); },
  fit: () => { state.zoom = 1; state.turn = 0; look(); },
  rotate: () => { state.turn = (state.turn + 90) % 360; look(); },
  help: () => document.getElementById("review-keys").showModal(),
  open: () => open(state.order),
  close: closeForms,
  "take-over": (button) => takeOver(button.dataset.from),
  form: (button) => openForm(button.dataset.kind),
  sentence: (button) => {
    const words = button.closest("form").querySelector("textarea");
    words.value = button.dataset.words;
    words.scrollIntoView({ block: "nearest" });
    (TOUCH.matches ? button.closest("form").querySelector("[type=submit]") : words).focus();
  },
};

const keys = {
  n: () => open(neighbour(1)),
  j: () => open(neighbour(1)),
  p: () => open(neighbour(-1)),
  k: () => open(neighbour(-1)),
  c: () => openForm("CONFIRM"),
  r: () => openForm("REJECT"),
  a: () => openForm("ASK"),
  m: () => openForm("CREDIT"),
  o: acts.rotate,
  "+": acts.larger,
  "-": acts.smaller,
  0: acts.fit,
  "?": acts.help,
  t: () => { const button = cardBox.querySelector("[data-act='take-over']"); if (button) takeOver(button.dataset.from); },
  z: () => { const last = lastPlanned(); if (last) undo(last.id); },
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return closeForms();
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const form = event.target.closest(".review-form");
  if (form && event.target.tagName === "TEXTAREA" && event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    return decide(form);
  }
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) || document.querySelector("dialog[open]")) return undefined;
  const sentence = cardBox.querySelector(`.review-form:not([hidden]) .review-sentences button:nth-child(${Number(event.key) || 99})`);
  if (sentence) { event.preventDefault(); return acts.sentence(sentence); }
  const act = keys[event.key];
  if (act && (state.order !== null || event.key === "z" || event.key === "?")) {
    event.preventDefault();
    act();
  }
  return undefined;
});

desk.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button) acts[button.dataset.act](button);
  const row = event.target.closest(".review-row");
  if (row) open(Number(row.dataset.order));
});

cardBox.addEventListener("error", (event) => { if (event.target.matches(".review-picture")) lookAgain(event.target); }, true);

desk.addEventListener("submit", (event) => {
  const form = event.target.closest(".review-form");
  if (form) { event.preventDefault(); decide(form); }
});

desk.addEventListener("input", (event) => {
  const form = event.target.closest(".review-form");
  if (form) { delete form.dataset.agreed; const question = form.querySelector(".review-question"); if (question) question.hidden = true; }
});

window.addEventListener("pagehide", () => {
  const form = new FormData();
  form.set("csrfmiddlewaretoken", token());
  if (state.order !== null) navigator.sendBeacon(`${desk.dataset.cards}${state.order}/leave/`, form);
});

setInterval(() => { if (!document.hidden) refresh().catch(() => {}); }, POLL_MS);
setInterval(() => keep().catch(() => {}), KEEP_MS);
setInterval(showMine, 500);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh().catch(() => {}); });
refresh().catch(() => {});
