import * as api from "./api.js";
import { quoteOf } from "./bubbles.js";
import { byId, el, toast } from "./dom.js";
import { menuOf } from "./menus.js";
import { openReceiptMaker } from "./receipt.js";
import { field, openForm } from "./sheets.js";
import { word } from "./words.js";

const drafts = new Map();
let quoting = null;
let current = null;

const input = byId("message-input");

export function startComposer(room) {
  byId("composer").addEventListener("submit", (event) => (event.preventDefault(), sendText(room)));
  input.addEventListener("input", grow);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      sendText(room);
    } else if (event.key === "Escape") unquote();
  });
  input.addEventListener("paste", (event) => pasted(event, room));
  byId("unquote").addEventListener("click", () => (unquote(), input.focus()));
  menuOf(byId("attach"), byId("attach-menu"), () => attachments(room));
  byId("file").addEventListener("change", (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (file) previewFile(room, file);
  });
  byId("chat").addEventListener("dragover", (event) => event.preventDefault());
  byId("chat").addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files[0]) previewFile(room, event.dataTransfer.files[0]);
  });
}

/** Each player keeps an unfinished message of their own. */
export function composeFor(player) {
  if (current === player) return;
  if (current !== null) drafts.set(current, input.value);
  current = player;
  input.value = drafts.get(player) || "";
  unquote();
  grow();
}

/** What a link to the chat brings along stands there, to be looked at and sent. */
export function typeIn(text) {
  input.value ||= text;
  grow();
}

async function sendText(room) {
  const text = input.value;
  if (!text.trim()) return;
  const replyTo = quoting;
  input.value = "";
  grow();
  unquote();
  if (!(await room.attempt(() => api.say(room.player(), text, replyTo)))) input.value ||= text;
  grow();
  input.focus();
}

function grow() {
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 142)}px`;
}

export function quote(message, business) {
  quoting = message.wamid;
  byId("quoted").replaceChildren(...quoteOf(message, business).childNodes);
  byId("quoting").hidden = false;
  input.focus();
}

function unquote() {
  quoting = null;
  byId("quoting").hidden = true;
}

function attachments(room) {
  const sample = (kind) => () => room.attempt(() => api.sendSample(room.player(), kind));
  return [
    { sign: "receipt", label: word("receipt"), testid: "receipt-maker", act: () => openReceiptMaker(room) },
    { sign: "photo", label: word("photo"), testid: "attach-photo", act: () => pick("image/*") },
    { sign: "document", label: word("document"), testid: "attach-document", act: () => pick("") },
    { sign: "voice", label: word("voice"), testid: "attach-voice", act: sample("voice") },
    { sign: "sticker", label: word("sticker"), testid: "attach-sticker", act: sample("sticker") },
    { sign: "location", label: word("location"), testid: "attach-location", act: sample("location") },
    ...(room.me()?.number ? [{ sign: "person", label: word("ownNumber"), act: sample("own_number") }] : []),
    { sign: "poll", label: word("poll"), act: sample("poll") },
  ];
}

function pick(accept) {
  byId("file").accept = accept;
  byId("file").click();
}

function pasted(event, room) {
  const file = [...(event.clipboardData?.files || [])].find((one) => one.type.startsWith("image/"));
  if (!file) return;
  event.preventDefault();
  previewFile(room, file);
}

function previewFile(room, file) {
  const isPicture = file.type.startsWith("image/");
  const address = isPicture ? URL.createObjectURL(file) : "";
  const picture = isPicture ? el("img", { src: address, alt: word("preview") }) : el("b", {}, file.name);
  const parts = [el("div", { class: "preview" }, picture), field(word("caption"), "caption", { maxlength: "1024", autofocus: true })];
  const submit = async ({ caption }) => {
    await api.sendFile(room.player(), file, caption);
    room.refresh();
  };
  const onclose = () => address && URL.revokeObjectURL(address);
  openForm(isPicture ? word("photo") : word("document"), parts, word("send"), submit, { onclose, testid: "file-send" });
}

export function complain(problem) {
  toast(`${word("failed")} ${problem.message}`);
}
