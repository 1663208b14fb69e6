import * as api from "./api.js";
import { el } from "./dom.js";
import { field, openForm, select } from "./sheets.js";
import { summary } from "./summaries.js";
import { word } from "./words.js";

const BANKS = ["Banco del Sur", "Banco Itapúa", "Pix Instantâneo", "Cooperativa Guaraní", "First River Bank"];
const MONEY = "(?:Gs\\.?|₲|R\\$|US\\$|\\$|€|£|PYG|BRL|USD|EUR|GBP)";
const AMOUNT = new RegExp(`${MONEY}[\\s\\u00a0\\u202f]*\\d[\\d.,\\u00a0\\u202f]*\\d|${MONEY}[\\s\\u00a0\\u202f]*\\d|\\d[\\d.,]*[\\s\\u00a0\\u202f]*${MONEY}`, "u");
const CODE = /(?<![A-Z0-9])(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{5,10}(?![A-Z0-9])|(?<![\p{L}\d])[A-Z]{6}(?![\p{L}\d])/u;

/** The newest message of the business that names a code tells what is to be paid. */
export function dueFrom(messages) {
  const texts = messages.filter((message) => !message.mine).map(fullText).reverse();
  const text = texts.find((one) => CODE.test(one) && AMOUNT.test(one)) || texts.find((one) => AMOUNT.test(one)) || "";
  return { amount: AMOUNT.exec(text)?.[0].replace(/[\u00a0\u202f]/g, " ") || "", reference: CODE.exec(text)?.[0] || "" };
}

const fullText = (message) => [message.payload.header?.text, message.payload.body?.text, message.payload.body, message.payload.caption, summary(message)].filter((part) => typeof part === "string").join("\n");

function localNow() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function openReceiptMaker(room) {
  const player = room.player();
  const due = dueFrom(room.messages());
  const banks = el("datalist", { id: "banks" }, BANKS.map((bank) => el("option", { value: bank })));
  const fields = el("div", { class: "form" }, banks,
    field(word("amount"), "amount", { value: due.amount, maxlength: "40", autofocus: true, "data-testid": "receipt-amount" }),
    field(word("reference"), "reference", { value: due.reference, maxlength: "60", "data-testid": "receipt-reference" }),
    field(word("bank"), "bank", { value: BANKS[player % BANKS.length], list: "banks", maxlength: "34" }),
    field(word("payer"), "payer", { value: room.me()?.name || "", maxlength: "60" }),
    el("div", { class: "pair" },
      field(word("date"), "made_at", { type: "datetime-local", value: localNow() }),
      select(word("format"), "format", [["png", word("image")], ["pdf", word("pdf")]], "png")),
    field(word("caption"), "caption", { maxlength: "1024" }));
  const paper = el("img", { class: "paper", alt: word("preview") });
  const layout = el("div", { class: "receipt" }, fields, paper);
  const submit = async ({ caption, format, ...wish }) => {
    const file = await drawn(player, wish, format);
    await api.sendFile(player, file, caption);
    room.refresh();
  };
  const { form } = openForm(word("receipt"), [layout], word("send"), submit, { kind: "wide", testid: "receipt-send" });
  const show = () => {
    const { caption, format, ...wish } = Object.fromEntries(new FormData(form));
    paper.src = api.receiptAddress(player, wish);
  };
  let waiting;
  form.addEventListener("input", () => (clearTimeout(waiting), (waiting = setTimeout(show, 350))));
  show();
}

async function drawn(player, wish, format) {
  const answer = await fetch(api.receiptAddress(player, { ...wish, format }));
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const blob = await answer.blob();
  return new File([blob], `${word("receipt")}.${format}`.replaceAll(" ", "-").toLowerCase(), { type: blob.type });
}
