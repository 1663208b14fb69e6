import { fileAddress } from "./api.js";
import { el, icon } from "./dom.js";
import { formatted } from "./format.js";
import { showPicture } from "./sheets.js";
import { word } from "./words.js";

const BARS = [7, 12, 18, 9, 22, 26, 14, 8, 17, 24, 20, 11, 6, 15, 23, 18, 10, 13, 25, 16, 9, 19, 12, 7];

/** What stands inside a bubble: nodes above the text, and the text with header and footer. */
export function contentOf(message) {
  if (message.payload.revoked) return [inner(el("div", { class: "muted" }, word("deleted")))];
  const make = MAKERS[message.type] || (() => [inner(el("div", { class: "muted" }, word("unsupported")))]);
  return make(message.payload, message);
}

const inner = (...nodes) => el("div", { class: "inner" }, ...nodes);
const textBox = (text) => (text ? formatted(String(text)) : null);

const MAKERS = {
  text: (payload) => [inner(textBox(payload.body))],
  button: (payload) => [inner(textBox(payload.text))],
  interactive: (payload, message) => (message.mine ? chosen(payload) : offered(payload)),
  template: (payload) => offered(payload.shown || {}),
  image: (payload) => [picture(payload), captioned(payload)],
  video: (payload) => [file(payload, word("photo")), captioned(payload)],
  document: (payload) => [file(payload, payload.filename || word("document")), captioned(payload)],
  sticker: (payload) => [el("img", { src: sourceOf(payload), alt: word("sticker") }), inner()],
  audio: (payload) => [voice(payload), inner()],
  location: (payload) => [el("div", { class: "map", role: "img", "aria-label": word("location") }, icon("location")), inner(place(payload))],
  contacts: (payload) => [inner(...(payload.items || []).map(card))],
};

function chosen(payload) {
  const reply = payload.button_reply || payload.list_reply || { title: word("unsupported") };
  const about = reply.description ? el("div", { class: "footer" }, reply.description) : null;
  return [inner(textBox(reply.title), about)];
}

function offered(message) {
  const header = message.header || {};
  const media = header.media?.type ? header.media : header;
  const above = media.image ? picture(media.image) : media.document ? file(media.document, media.document.filename || word("document")) : null;
  return [
    above,
    inner(
      header.text ? el("div", { class: "title", dir: "auto" }, header.text) : null,
      textBox(message.body?.text),
      message.footer?.text ? el("div", { class: "footer", dir: "auto" }, message.footer.text) : null,
    ),
  ].filter(Boolean);
}

function captioned(payload) {
  const box = inner(textBox(payload.caption));
  if (!payload.caption) box.classList.add("bare");
  return box;
}

/** Only this machine's addresses are loaded; a link to elsewhere is shown, never fetched. */
export function sourceOf(payload) {
  if (payload.id) return fileAddress(payload.id);
  try {
    const address = new URL(payload.link);
    return ["127.0.0.1", "localhost", location.hostname].includes(address.hostname) ? address.href : "";
  } catch {
    return "";
  }
}

function picture(payload) {
  const source = sourceOf(payload);
  if (!source) return el("div", { class: "inner muted" }, payload.link || word("gone"));
  const image = el("img", { src: source, alt: payload.caption || word("photo"), loading: "lazy" });
  image.addEventListener("error", () => image.replaceWith(el("span", { class: "inner muted" }, word("gone"))));
  return el("button", { type: "button", class: "picture", "aria-label": `${word("open")}: ${payload.caption || word("photo")}`, onclick: () => showPicture(source, payload.caption) }, image);
}

function file(payload, name) {
  const kind = (name.match(/\.(\w{1,5})$/)?.[1] || payload.mime_type?.split("/")[1] || "").toUpperCase();
  const link = el("a", { class: kind === "PDF" ? "file" : "file plain", href: sourceOf(payload) || payload.link, target: "_blank", rel: "noopener noreferrer" });
  link.append(icon("document"), el("span", {}, el("b", {}, name), el("small", {}, kind)));
  return link;
}

function voice(payload) {
  const sound = new Audio(sourceOf(payload));
  sound.preload = "none";
  const bars = BARS.map((height) => {
    const bar = el("i");
    bar.style.height = `${height}px`;
    return bar;
  });
  const button = el("button", { type: "button", "aria-label": word("play") }, icon("play"));
  button.addEventListener("click", () => (sound.paused ? sound.play().catch(() => {}) : sound.pause()));
  const show = (playing) => {
    button.replaceChildren(icon(playing ? "pause" : "play"));
    button.setAttribute("aria-label", word(playing ? "pause" : "play"));
  };
  sound.addEventListener("play", () => show(true));
  sound.addEventListener("pause", () => show(false));
  sound.addEventListener("timeupdate", () => {
    const done = (sound.currentTime / (sound.duration || 3)) * bars.length;
    bars.forEach((bar, n) => bar.classList.toggle("done", n < done && !sound.ended));
  });
  return el("div", { class: "voice" }, button, el("div", { class: "wave", "aria-hidden": "true" }, bars));
}

function place(payload) {
  return el("div", {}, el("b", {}, payload.name || word("location")), el("div", { class: "footer" }, `${payload.latitude}, ${payload.longitude}`));
}

function card(contact) {
  const phones = (contact.phones || []).map((one) => one.phone).join(", ");
  return el("div", {}, el("b", {}, contact.name?.formatted_name || word("contact")), el("div", { class: "footer" }, phones));
}
