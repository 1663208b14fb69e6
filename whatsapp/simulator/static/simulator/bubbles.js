import { contentOf } from "./contents.js";
import { byId, el, icon, iconButton } from "./dom.js";
import { chooseRow } from "./sheets.js";
import { summary, systemWords } from "./summaries.js";
import { dayOf, timeOf, word } from "./words.js";

const FACES = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const drawn = new Map();
let drawnFor = null;
let acts = {};

export function listenTo(handlers) {
  acts = handlers;
  byId("scroll").addEventListener("load", stayAtEnd, { capture: true });
}

/** A picture knows its height only once it is there; who was at the end stays at the end. */
function stayAtEnd({ target }) {
  const scroll = byId("scroll");
  const below = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight;
  if (below < target.offsetHeight + 300) toEnd(true);
}

/** Redraws only what changed, so that focus, scroll and screen readers stay where they are. */
export function drawChat(chat, typing, business) {
  const scroll = byId("scroll");
  const near = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
  const isOther = drawnFor !== chat.id;
  if (isOther) begin(scroll, chat.id);
  const known = new Map(chat.messages.map((message) => [message.wamid, message]));
  const shown = chat.messages.filter((message) => message.type !== "reaction");
  byId("empty")?.remove();
  shown.forEach((message, place) => draw(scroll, message, shown[place - 1], known, business));
  drawReactions(chat.messages);
  drawTyping(scroll, typing);
  if (!shown.length) scroll.append(notice(word("empty"), "empty"));
  const mineLast = shown.length && shown.at(-1).mine;
  if (isOther || near || (mineLast && !near && scroll.dataset.sent === "1")) toEnd(isOther);
  scroll.dataset.sent = "";
}

function begin(scroll, id) {
  drawnFor = id;
  drawn.clear();
  scroll.replaceChildren(notice(word("encrypted")));
}

const notice = (text, id) => el("div", { class: "notice", id }, el("span", {}, text));

export function toEnd(atOnce = false) {
  const scroll = byId("scroll");
  scroll.scrollTo({ top: scroll.scrollHeight, behavior: atOnce ? "instant" : "smooth" });
}

function draw(scroll, message, before, known, business) {
  const old = drawn.get(message.wamid);
  if (old) {
    if (old.status !== message.status) {
      old.ticks.replaceChildren(...ticks(message));
      old.status = message.status;
      old.ticks.className = `ticks ${message.status}`;
    }
    if (old.said !== said(message)) redraw(old, message, before, known, business);
    return;
  }
  if (!before || dayOf(before.at) !== dayOf(message.at)) scroll.append(el("div", { class: "day" }, el("span", {}, dayOf(message.at))));
  const tickBox = el("span", { class: `ticks ${message.status}` }, ...ticks(message));
  const row = message.type === "system" ? notice(systemWords(message.payload)) : rowOf(message, before, known, business, tickBox);
  scroll.querySelector("#typing")?.remove();
  scroll.append(row);
  drawn.set(message.wamid, { row, ticks: tickBox, status: message.status, said: said(message), reaction: "" });
}

/** Edited or deleted by its author. */
function redraw(old, message, before, known, business) {
  const tickBox = el("span", { class: `ticks ${message.status}` }, ...ticks(message));
  const row = rowOf(message, before, known, business, tickBox);
  old.row.replaceWith(row);
  Object.assign(old, { row, ticks: tickBox, said: said(message), reaction: "" });
}

const said = ({ payload }) => `${payload.edited || ""}${payload.revoked || ""}${payload.edited ? payload.body : ""}`;

function ticks(message) {
  if (!message.mine) return [];
  const sign = icon(message.status === "sent" ? "tick" : "ticks");
  sign.removeAttribute("aria-hidden");
  sign.setAttribute("role", "img");
  sign.setAttribute("aria-label", word(message.status));
  return [sign];
}

function rowOf(message, before, known, business, tickBox) {
  const isFirst = !before || before.mine !== message.mine || dayOf(before.at) !== dayOf(message.at) || before.type === "system";
  const classes = ["row", message.mine ? "mine" : "theirs", isFirst && "first", message.type === "sticker" && "sticker"];
  const nodes = contentOf(message);
  const rewritten = message.payload.edited && !message.payload.revoked ? el("span", {}, word("edited")) : null;
  const meta = el("span", { class: "meta" }, ...(rewritten ? [rewritten] : []), el("time", { datetime: message.at }, timeOf(message.at)), tickBox);
  placeMeta(nodes, meta);
  const quoted = known.get(message.context);
  const bubble = el("div", { class: "bubble", "data-testid": "bubble", "data-wamid": message.wamid, "data-direction": message.mine ? "mine" : "theirs" });
  if (quoted) bubble.append(el("div", { class: "inner quoted" }, quoteOf(quoted, business)));
  bubble.append(...nodes, ...offers(message));
  bubble.setAttribute("aria-label", `${message.mine ? word("you") : business}, ${timeOf(message.at)}`);
  bubble.setAttribute("role", "group");
  return el("div", { class: classes.filter(Boolean).join(" ") }, bubble, tools(message));
}

function placeMeta(nodes, meta) {
  const inner = nodes.findLast((node) => node.classList.contains("inner"));
  const last = inner.lastElementChild;
  const takesIt = last?.matches(".text, .footer") && !last.lastElementChild?.matches("blockquote");
  (takesIt ? last : inner).append(meta);
}

export function quoteOf(message, business) {
  const box = el("button", { type: "button", class: "quote" }, el("b", {}, message.mine ? word("you") : business), el("span", {}, summary(message)));
  box.addEventListener("click", () => flash(message.wamid));
  return box;
}

function flash(wamid) {
  const row = drawn.get(wamid)?.row;
  if (!row) return;
  row.scrollIntoView({ block: "center", behavior: "smooth" });
  row.classList.remove("flash");
  requestAnimationFrame(() => row.classList.add("flash"));
}

function offers(message) {
  if (message.mine) return [];
  const action = message.type === "interactive" ? message.payload.action || {} : {};
  const shown = message.type === "template" ? message.payload.shown?.buttons || [] : [];
  const nodes = [
    ...(action.buttons || []).map(({ reply }) => replyButton(message, reply.id, reply.title)),
    ...shown.map((button) => (button.type === "QUICK_REPLY" ? replyButton(message, button.payload, button.text) : linkButton(button.text, button.url))),
  ];
  if (action.sections) nodes.push(listButton(message, action));
  if (action.name === "cta_url") nodes.push(linkButton(action.parameters.display_text, action.parameters.url));
  if (action.name === "send_location") nodes.push(sampleButton("location", word("sendLocation"), "location"));
  if (action.name === "request_contact_info") nodes.push(sampleButton("person", word("shareNumber"), "own_number"));
  return nodes.length ? [el("div", { class: "buttons" }, nodes)] : [];
}

const button = (sign, label, onclick, extra = {}) => el("button", { type: "button", onclick, ...extra }, icon(sign), el("span", { dir: "auto" }, label));
const replyButton = (message, id, title) =>
  button("reply", title, () => acts.tap(message.wamid, id), { "data-testid": "reply-button", "data-reply-id": id });
const sampleButton = (sign, label, kind) => button(sign, label, () => acts.sample(kind));

function linkButton(label, address) {
  const safe = /^https?:\/\//i.test(address || "") ? address : "#";
  return el("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, icon("open"), el("span", {}, label));
}

function listButton(message, action) {
  const open = () => chooseRow(action, (id) => acts.tap(message.wamid, id));
  return button("list", action.button, open, { "data-testid": "list-open", "aria-haspopup": "dialog" });
}

function tools(message) {
  const reply = iconButton("reply", word("reply"), () => acts.quote(message));
  reply.classList.add("reply-to");
  const box = el("div", { class: "tools" }, reply);
  if (!message.mine) box.append(iconButton("smile", word("react"), (event) => faces(event.currentTarget.closest(".row"), message.wamid)));
  return box;
}

function faces(row, wamid) {
  const open = document.querySelector(".faces");
  open?.remove();
  if (open && row.contains(open)) return;
  const strip = el("div", { class: "faces", role: "group", "aria-label": word("react") });
  const send = (emoji) => () => (strip.remove(), acts.react(wamid, emoji));
  strip.append(...FACES.map((face) => el("button", { type: "button", "aria-label": `${word("react")} ${face}`, onclick: send(face) }, face)));
  if (drawn.get(wamid)?.reaction) strip.append(el("button", { type: "button", "aria-label": word("noReaction"), onclick: send("") }, "✕"));
  strip.addEventListener("keydown", (event) => event.key === "Escape" && (strip.remove(), row.querySelector(".tools button:last-child").focus()));
  row.append(strip);
  strip.firstElementChild.focus();
}

function drawReactions(messages) {
  const faceOf = new Map();
  for (const { type, payload, mine } of messages) {
    if (type === "reaction") faceOf.set(payload.message_id, { ...faceOf.get(payload.message_id), [mine ? "mine" : "theirs"]: payload.emoji || "" });
  }
  for (const [wamid, entry] of drawn) {
    const faces = Object.values(faceOf.get(wamid) || {}).join("");
    if (faces === entry.reaction) continue;
    entry.reaction = faces;
    entry.row.querySelector(".reaction")?.remove();
    entry.row.classList.toggle("reacted", Boolean(faces));
    if (faces) entry.row.querySelector(".bubble")?.append(el("span", { class: "reaction", title: word("reaction") }, faces));
  }
}

function drawTyping(scroll, typing) {
  scroll.querySelector("#typing")?.remove();
  if (!typing) return;
  const bubble = el("div", { class: "bubble waiting" }, el("span", { class: "dots", role: "img", "aria-label": word("typing") }, el("i"), el("i"), el("i")));
  scroll.append(el("div", { class: "row first", id: "typing" }, bubble));
}

