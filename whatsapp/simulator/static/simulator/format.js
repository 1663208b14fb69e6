import { el } from "./dom.js";

const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'*_~]/;
const MARKS = [
  { mark: "```", tag: "code" },
  { mark: "`", tag: "code" },
  { mark: "*", tag: "strong" },
  { mark: "_", tag: "em" },
  { mark: "~", tag: "s" },
];
const isWord = (sign) => sign !== undefined && /[\p{L}\p{N}]/u.test(sign);

/** WhatsApp's own markup, turned into nodes and never into markup text. */
export function formatted(text) {
  const box = el("div", { class: "text", dir: "auto" });
  if (onlyEmoji(text)) box.classList.add("huge");
  text.split("\n").forEach((line, place, all) => {
    const block = blockOf(line);
    box.append(block);
    const breaks = block.nodeType === Node.DOCUMENT_FRAGMENT_NODE || !block.matches?.("blockquote, .item");
    if (place < all.length - 1 && breaks) box.append("\n");
  });
  return box;
}

function blockOf(line) {
  if (line.startsWith("> ")) return el("blockquote", {}, inline(line.slice(2)));
  if (/^[-*] /.test(line)) return el("span", { class: "item" }, "•  ", inline(line.slice(2)));
  return inline(line);
}

export function inline(text) {
  const out = document.createDocumentFragment();
  const found = firstSpan(text);
  if (!found) {
    if (text) out.append(text);
    return out;
  }
  out.append(inline(text.slice(0, found.start)));
  out.append(found.node(), inline(text.slice(found.end)));
  return out;
}

function firstSpan(text) {
  const link = LINK.exec(text);
  let best = link && { start: link.index, end: link.index + link[0].length, node: () => linkTo(link[0]) };
  for (const { mark, tag } of MARKS) {
    const span = spanOf(text, mark);
    if (span && (!best || span.start < best.start)) {
      const content = text.slice(span.start + mark.length, span.end - mark.length);
      best = { ...span, node: () => el(tag, {}, tag === "code" ? content : inline(content)) };
    }
  }
  return best;
}

function spanOf(text, mark) {
  for (let start = text.indexOf(mark); start >= 0; start = text.indexOf(mark, start + 1)) {
    const from = start + mark.length;
    if (isWord(text[start - 1]) || text[from] === undefined || /\s/.test(text[from]) || text[from] === mark) continue;
    for (let end = text.indexOf(mark, from); end >= 0; end = text.indexOf(mark, end + 1)) {
      const after = end + mark.length;
      if (end > from && !/\s/.test(text[end - 1]) && !isWord(text[after])) return { start, end: after };
    }
  }
  return null;
}

const linkTo = (address) => el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address);

function onlyEmoji(text) {
  return /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}|[\u200d\ufe0f\u{1f3fb}-\u{1f3ff}])+$/u.test(text) && [...text].length <= 8;
}

export const plain = (text) => text.replace(/[*_~`]{1,3}(\S(?:.*?\S)?)[*_~`]{1,3}/g, "$1");
