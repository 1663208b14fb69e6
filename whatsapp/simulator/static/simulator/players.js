import { createPlayer } from "./api.js";
import { byId, el, icon } from "./dom.js";
import { field, openForm, select } from "./sheets.js";
import { summary } from "./summaries.js";
import { language, whenOf, word } from "./words.js";

export const LANGUAGES = [["es", "Español"], ["pt", "Português"], ["en", "English"]];
const narrow = matchMedia("(max-width: 760px)");
let drawn = "";

export function initials(name) {
  const letters = [...new Intl.Segmenter().segment(name.trim())].map((part) => part.segment);
  return letters[0]?.toUpperCase() || "?";
}

export const avatar = (player) => el("span", { class: `avatar hue-${player.id % 6}`, "aria-hidden": "true" }, initials(player.name));
export const addressOf = (player) => (player.number ? `+${player.number}` : player.username ? `@${player.username}` : player.user_id);

export function drawPlayers(players, openId, choose) {
  byId("unread-elsewhere").hidden = !players.some((player) => player.unread && player.id !== openId);
  const key = JSON.stringify([players, openId]);
  if (key === drawn) return;
  drawn = key;
  const list = byId("player-list");
  const focused = document.activeElement?.dataset?.player;
  list.replaceChildren(...players.map((player) => el("li", {}, rowOf(player, player.id === openId, choose))));
  if (focused) list.querySelector(`[data-player="${focused}"]`)?.focus();
}

function rowOf(player, isOpen, choose) {
  const unread = isOpen ? 0 : player.unread;
  const top = el("div", { class: "line" }, el("span", { class: "name", dir: "auto" }, player.name), el("span", { class: "when" }, player.last ? whenOf(player.last.at) : ""));
  const badge = unread ? el("span", { class: "unread", "aria-label": `${unread} ${word("unread")}` }, String(unread)) : null;
  const bottom = el("div", { class: "line" }, lastLine(player), badge);
  const about = el("div", { class: "about" }, player.number ? addressOf(player) : `${addressOf(player)} · ${word("noNumber")}`);
  const row = el("button", { type: "button", class: unread ? "player has-unread" : "player", "data-testid": "player", "data-player": String(player.id), "data-name": player.name, onclick: () => choose(player.id) });
  if (isOpen) row.setAttribute("aria-current", "true");
  row.append(avatar(player), el("div", { class: "lines" }, top, bottom, about));
  return row;
}

function lastLine(player) {
  if (player.typing) return el("span", { class: "last typing" }, word("typing"));
  if (!player.last) return el("span", { class: "last" });
  const { mine, status } = player.last;
  const ticks = mine ? [el("i", { class: status, "aria-hidden": "true" }, icon(status === "sent" ? "tick" : "ticks"))] : [];
  return el("span", { class: "last" }, ticks, el("span", { dir: "auto" }, summary(player.last)));
}

export function openNewPlayer(done) {
  const number = field(word("number"), "number", { type: "tel", inputmode: "tel", value: `59598${1_000_000 + Math.floor(Math.random() * 8_999_999)}` });
  const withNumber = el("input", { type: "checkbox", checked: true });
  const parts = [
    field(word("name"), "name", { required: true, maxlength: "60", autofocus: true }),
    el("label", { class: "check" }, withNumber, word("withNumber")),
    number,
    field(word("username"), "username", { maxlength: "40" }),
    select(word("language"), "language", LANGUAGES, language),
  ];
  withNumber.addEventListener("change", () => (number.querySelector("input").disabled = !withNumber.checked));
  openForm(word("newPlayer"), parts, word("create"), async (wish) => done((await createPlayer(wish)).id));
}

export function showDrawer(open) {
  byId("players").classList.toggle("open", open);
  byId("open-players").setAttribute("aria-expanded", String(open));
  if (!narrow.matches) return;
  if (open) (document.querySelector(".player[aria-current]") || byId("close-players")).focus();
  else if (byId("players").contains(document.activeElement)) byId("open-players").focus();
}
