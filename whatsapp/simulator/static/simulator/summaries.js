import { plain } from "./format.js";
import { word } from "./words.js";

const SIGNS = { image: "📷", document: "📄", audio: "🎤", video: "🎥", sticker: "💚", location: "📍", contacts: "👤" };
const NAMES = { image: "photo", document: "document", audio: "voice", video: "photo", sticker: "sticker", location: "location", contacts: "contact" };

/** One line that stands for a message in the list of chats and in quotes. */
export function summary({ type, payload }) {
  if (payload.revoked) return word("deleted");
  if (type === "text") return plain(payload.body || "");
  if (type === "interactive") return replyTitle(payload) ?? plain(payload.body?.text || "");
  if (type === "button") return payload.text || "";
  if (type === "template") return plain(payload.shown?.body?.text || word("template"));
  if (type === "reaction") return `${payload.emoji || "–"} ${word("reaction")}`;
  if (type === "system") return systemWords(payload);
  if (SIGNS[type]) return `${SIGNS[type]} ${payload.caption || payload.filename || word(NAMES[type])}`;
  return word("unsupported");
}

export function replyTitle(payload) {
  const reply = payload.button_reply || payload.list_reply;
  return reply ? reply.title : null;
}

export const systemWords = (payload) => word(payload.type === "customer_identity_changed" ? "codeChanged" : "numberChanged");
