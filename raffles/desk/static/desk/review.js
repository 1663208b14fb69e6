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

const state = { order: null, tag: null, ahead: new Map(), zoom: 1, turn: 0, mine: new Map(), busy: false, round: 0, wish: null, typed: null };

// Signing in makes a new one; the cookie has it, whichever tab it was done in.
function token() {
  const kept = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return kept ? kept[1] : desk.querySelector("[name=csrfmiddlewaretoken]").value;
}

// It was told already: whoever asked has nothing to add.
class Told extends Error {}

function failed(words) {
  tell(words, "bad");
  return new Told(words);
}

// The bare answer, which may be a picture; `ask` is for everything else.
async function reach(url, form) {
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
  } catch {
    throw failed(desk.dataset.offline);
  }
  if (response.type === "opaqueredirect") throw failed(desk.dataset.signedOut);
  if (response.status === 403) throw failed(desk.dataset.forbidden);
  return response;
}

// What the desk said, as 200, or 409 and 422 where something is in the way. Null: nothing is new.
// Of all else, as a proxy's page while the site starts anew, one sentence is told, and nothing moves.
async function ask(url, form) {
  const response = await reach(url, form);
  if (response.status === 304) return null;
  if (response.status === 404) throw failed(desk.dataset.gone);
  if (![200, 409, 422].includes(response.status)) throw failed(desk.dataset.failed);
  let told;
  try {
    told = await response.json();
  } catch {
    throw failed(desk.dataset.failed);
  }
  return Object.assign(told, { tag: response.headers.get("ETag") });
}

// The queue

async function refresh() {
  const round = state.round;
  const told = await ask(`${desk.dataset.queue}?sort=${desk.dataset.sort}`);
  // Asked before the latest decision, it would bring back what was decided since.
  if (told === null || round !== state.round) return;
  state.tag = told.tag;
  rowsList.innerHTML = told.html;
  document.getElementById("review-count").textContent = told.waiting;
  state.mine = new Map(told.mine.map((one) => [one.id, counted(one)]));
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

function go(step) {
  const order = neighbour(step);
  if (order !== undefined) open(order);
}

function openFirst() {
  const [first] = orders(true);
  if (first !== undefined) open(first);
}

// The card

async function open(order) {
  if (state.order !== null && state.order !== order) leave(state.order);
  state.order = order;
  state.wish = null;
  mark();
  reveal();
  const early = state.ahead.get(order);
  if (early) show(early, true);
  else cardBox.classList.toggle("review-early", !isOurs());
  const { html } = await ask(`${desk.dataset.cards}${order}/open/`, new FormData());
  if (state.order !== order) return;
  show(html, false);
  if (state.wish) openForm(state.wish);
  loadAhead();
}

// Until the answer is there what is seen may be out of date, or still be the card before: nothing is decided on it.
function isOurs() {
  const article = cardBox.querySelector("article");
  return article !== null && Number(article.dataset.order) === state.order && !cardBox.classList.contains("review-early");
}

function show(html, isEarly) {
  const before = cardBox.querySelector("article")?.dataset.order;
  keepTyped();
  cardBox.innerHTML = html;
  setTyping(false);
  const isAnother = before !== cardBox.querySelector("article").dataset.order;
  if (isAnother && cardBox.getBoundingClientRect().top < 0) cardBox.scrollIntoView({ block: "start" });
  cardBox.classList.toggle("review-early", isEarly);
  state.zoom = 1;
  state.turn = 0;
  if (isEarly) return;
  cardBox.focus({ preventScroll: true });
  giveBackTyped();
}

// What was typed outlives the card it was typed on: that is shown anew when it is refused, lost or taken over.
function keepTyped() {
  const form = cardBox.querySelector(".review-form:not([hidden])");
  if (!form) return;
  const fields = [...form.elements].filter((field) => field.name && isChanged(field));
  const order = Number(form.closest("article").dataset.order);
  state.typed = { order, kind: form.dataset.kind, values: fields.map((field) => [field.name, field.value]) };
}

// What was not touched is left as the new card has it: less may be missing by now.
function isChanged(field) {
  return field.options ? ![...field.options].find((one) => one.defaultSelected)?.selected : field.value !== field.defaultValue;
}

// A card without forms is somebody else's for now: it waits until the reviewer has it again.
function giveBackTyped() {
  const form = state.typed?.order === state.order && cardBox.querySelector(`.review-form[data-kind="${state.typed.kind}"]`);
  if (!form) return;
  for (const [name, value] of state.typed.values) if (form.elements[name]) form.elements[name].value = value;
  openForm(state.typed.kind);
  state.typed = null;
}

async function loadAhead() {
  const next = orders(true).find((order) => order !== state.order);
  if (next === undefined || state.ahead.has(next)) return;
  const { html } = await ask(`${desk.dataset.cards}${next}/`);
  state.ahead = new Map([[next, html]]);
  const early = document.createElement("template");
  early.innerHTML = html;
  for (const picture of early.content.querySelectorAll("img")) new Image().src = picture.getAttribute("src");
}

function leave(order) {
  reach(`${desk.dataset.cards}${order}/leave/`, new FormData()).catch(() => {});
}

async function keep() {
  const article = cardBox.querySelector("[data-mine='1']");
  if (!article || state.busy) return;
  const told = await ask(`${desk.dataset.cards}${article.dataset.order}/open/`, new FormData());
  const isTyping = cardBox.querySelector(".review-form:not([hidden])");
  if (state.order === Number(article.dataset.order) && (!told.mine || (told.seen !== article.dataset.seen && !isTyping))) show(told.html, false);
}

async function takeOver(from) {
  const form = new FormData();
  form.set("from", from);
  const order = state.order;
  const { html } = await ask(`${desk.dataset.cards}${order}/take-over/`, form);
  if (state.order === order) show(html, false);
  refresh();
}

// Deciding

function openForm(kind) {
  state.wish = isOurs() ? null : kind;  // pressed too early: it opens with the card
  if (state.wish) return;
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
  state.wish = null;
  state.typed = null;
  for (const form of cardBox.querySelectorAll(".review-form")) form.hidden = true;
  setTyping(false);
  cardBox.focus({ preventScroll: true });
}

async function decide(form) {
  if (state.busy || !isOurs()) return;
  state.busy = true;
  const order = state.order;
  const article = form.closest("article");
  const typed = new FormData(form);
  typed.set("kind", form.dataset.kind);
  typed.set("seen", article.dataset.seen);
  if (form.dataset.agreed) typed.set("agreed", form.dataset.agreed);
  let told;
  try {
    told = await ask(`${desk.dataset.cards}${order}/decide/`, typed);
  } finally {
    state.busy = false;  // the next card may be decided while the queue is still being read
  }
  if (!told.verdict && !told.told) return complain(form, told);
  if (told.told) tell(told.told, "good");
  if (told.verdict) state.mine.set(told.verdict.id, counted(told.verdict));
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
  state.round += 1;
  const after = orders(true).slice(orders(true).indexOf(decided) + 1);
  const next = after[0] ?? orders(true).find((order) => order !== decided);
  for (const row of rowsList.querySelectorAll(`[data-order="${decided}"]`)) row.parentElement.remove();
  leave(decided);
  state.order = null;
  state.typed = null;
  cardBox.textContent = "";
  setTyping(false);
  if (next !== undefined) await open(next);
  await refresh();
}

async function undo(id) {
  const told = await ask(`${desk.dataset.verdicts}${id}/undo/`, new FormData());
  if (told.refused) {
    tell(told.refused, "bad");
  } else {
    state.mine.delete(id);
    state.round += 1;
    tell(desk.dataset.undone, "good");
    showMine();
    open(told.order);
  }
  refresh();
}

// What was told and what can be undone

function tell(words, tone) {
  // Said again, as by each look at the queue while the site is away, it stays one line.
  for (const line of toldBox.querySelectorAll(".review-toast:not(.review-verdict)")) if (line.textContent === words) line.remove();
  const line = document.createElement("p");
  line.className = `review-toast desk-${tone}`;
  line.textContent = words;
  toldBox.prepend(line);
  setTimeout(() => line.remove(), 8000);
}

// The time that is left is counted here from when it was told: a phone's clock may be minutes wrong.
function counted(verdict) {
  return { ...verdict, endsAt: performance.now() + verdict.left };
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
    const left = Math.ceil((one.endsAt - performance.now()) / 1000);
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
    picture.style.margin = "";
    const isOnItsSide = state.turn % 180 !== 0;
    picture.classList.toggle("review-on-its-side", isOnItsSide);
    if (isOnItsSide) layOnItsSide(picture);
  }
}

// Turning moves what is painted, not the place it takes: margins give it the place of the turned picture, so that
// all of it is within what can be scrolled to, and none of it left of or above where scrolling ends.
function layOnItsSide(picture) {
  const room = picture.closest(".review-frame").clientWidth;
  if (state.zoom === 1) [picture.style.maxWidth, picture.style.maxHeight] = ["70vh", `${room}px`];
  const [width, height] = [picture.offsetWidth, picture.offsetHeight];
  const aside = (height - width) / 2;
  picture.style.margin = `${-aside}px ${aside}px ${-aside}px ${aside + Math.max(0, room - height) / 2}px`;
}

// A picture that is not there yet: 503 while the worker prepares it, anything else for good.
async function lookAgain(picture) {
  const frame = picture.closest(".review-frame");
  const response = await reach(picture.src).catch(() => null);
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
  n: () => go(1),
  j: () => go(1),
  p: () => go(-1),
  k: () => go(-1),
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

cardBox.addEventListener("load", (event) => { if (event.target.matches(".review-picture")) look(); }, true);
window.addEventListener("resize", look);
cardBox.addEventListener("error", (event) => { if (event.target.matches(".review-picture")) lookAgain(event.target); }, true);

desk.addEventListener("submit", (event) => {
  const form = event.target.closest(".review-form");
  if (form) { event.preventDefault(); decide(form); }
});

desk.addEventListener("input", (event) => {
  const form = event.target.closest(".review-form");
  if (form) { delete form.dataset.agreed; const question = form.querySelector(".review-question"); if (question) question.hidden = true; }
});

window.addEventListener("unhandledrejection", (event) => { if (event.reason instanceof Told) event.preventDefault(); });

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
