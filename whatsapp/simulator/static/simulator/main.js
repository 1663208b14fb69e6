import * as api from "./api.js";
import { drawChat, listenTo, toEnd } from "./bubbles.js";
import { complain, composeFor, quote, startComposer, typeIn } from "./composer.js";
import { byId, toast } from "./dom.js";
import { changesOf, openFaults } from "./faults.js";
import { menuOf } from "./menus.js";
import { addressOf, drawPlayers, openNewPlayer, showDrawer } from "./players.js";
import { field, openForm } from "./sheets.js";
import { speak, word } from "./words.js";

const EVERY_MS = 1000;
const REMEMBERED = "simulator.player";
let player = Number(sessionStorage.getItem(REMEMBERED)) || null;
let last = null;
let failures = 0;
let running = null;

const room = {
  player: () => player,
  me: () => last?.players.find((one) => one.id === player),
  messages: () => last?.chat?.messages || [],
  refresh: () => refresh(),
  attempt: async (act) => {
    try {
      await act();
      byId("scroll").dataset.sent = "1";
      await refresh();
      return true;
    } catch (problem) {
      complain(problem);
      return false;
    }
  },
};

/** One request at a time: a second wish waits for the first, then asks anew. */
async function refresh() {
  await running;
  running = load();
  await running;
}

async function load() {
  try {
    const fresh = await api.screen(player);
    if (failures > 2) byId("toast").hidden = true;
    failures = 0;
    if (fresh) await show(fresh);
  } catch {
    failures += 1;
    if (failures > 2) toast(word("offline"));
  }
}

async function show(fresh) {
  last = fresh;
  if (!fresh.chat && fresh.players.length) {
    player = fresh.players[0].id;
    return load();
  }
  const me = room.me();
  drawPlayers(fresh.players, player, choose);
  if (!me) return undefined;
  byId("business").textContent = fresh.business;
  byId("presence").textContent = word(me.typing ? "typing" : "business");
  byId("presence").classList.toggle("typing", me.typing);
  byId("playing-as").textContent = me.name;
  byId("playing-as").parentElement.title = addressOf(me);
  document.title = `${unread(fresh)}${me.name} · WhatsApp ${word("simulator")}`;
  composeFor(player);
  drawChat(fresh.chat, me.typing, fresh.business);
  if (me.unread && document.visibilityState === "visible") await api.look(player).catch(() => {});
  return undefined;
}

function unread(fresh) {
  const count = fresh.players.filter((one) => one.unread && one.id !== player).length;
  return count ? `(${count}) ` : "";
}

async function choose(id) {
  player = id;
  sessionStorage.setItem(REMEMBERED, String(id));
  showDrawer(false);
  await refresh();
  if (matchMedia("(hover: hover)").matches) byId("message-input").focus();
}

function options() {
  const me = room.me();
  return [
    { label: word(me.receipts_on ? "receiptsOn" : "receiptsOff"), act: () => room.attempt(() => api.change(player, { receipts_on: !me.receipts_on })) },
    { label: word("changeNumber"), act: changeNumber },
    { label: `${word("copyId")} (${me.user_id})`, act: () => navigator.clipboard?.writeText(me.user_id).then(() => toast(word("copied"))) },
    ...changesOf(room),
    { label: word("faults"), testid: "open-faults", act: () => openFaults(complain).catch(complain) },
  ];
}

function changeNumber() {
  const number = field(word("number"), "number", { type: "tel", required: true, value: room.me().number, autofocus: true });
  openForm(word("changeNumber"), [number], word("save"), async (wish) => {
    await api.change(player, wish);
    await refresh();
  });
}

speak();
startComposer(room);
listenTo({
  tap: (wamid, replyId) => room.attempt(() => api.tap(player, wamid, replyId)),
  sample: (kind) => room.attempt(() => api.sendSample(player, kind)),
  react: (wamid, emoji) => room.attempt(() => api.react(player, wamid, emoji)),
  quote: (message) => quote(message, last.business),
});
menuOf(byId("open-options"), byId("options"), options);
byId("new-player").addEventListener("click", () => openNewPlayer(choose));
byId("open-players").addEventListener("click", () => showDrawer(true));
byId("close-players").addEventListener("click", () => showDrawer(false));
byId("veil").addEventListener("click", () => showDrawer(false));
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) showDrawer(false);
});
byId("to-end").addEventListener("click", () => toEnd());
byId("scroll").addEventListener("scroll", ({ target }) => {
  byId("to-end").hidden = target.scrollHeight - target.scrollTop - target.clientHeight < 240;
});
addEventListener("resize", () => toEnd(true));
setInterval(() => document.visibilityState === "visible" && refresh(), EVERY_MS);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
await refresh();
typeIn(new URLSearchParams(location.search).get("text") || "");
if (matchMedia("(hover: hover)").matches) byId("message-input").focus();
