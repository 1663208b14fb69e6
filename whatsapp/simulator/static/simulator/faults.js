import * as api from "./api.js";
import { el, toast } from "./dom.js";
import { field, openForm, openSheet, select } from "./sheets.js";
import { word } from "./words.js";

const GROUPS = [
  ["onWebhooks", ["duplicate", "duplicate_parallel", "reorder", "bundle", "delay", "tampered_signature", "withhold_statuses", "status_before_answer"]],
  ["onSends", ["answer_lost", "connection_reset", "http_429", "http_500", "http_503", "error_answer", "error_status"]],
  ["onFiles", ["media_link_dead", "media_slow", "media_cut"]],
  ["onPlayers", ["edit", "revoke", "number_change", "recycled_number", "system_message"]],
];
const WITH_CODE = ["error_answer", "error_status"];
const RATES = [["0", "never"], ["0.1", "sometimes"], ["0.5", "often"], ["1", "always"]];

/** What goes wrong, in plain words: by seed and rate, or once by hand. */
export async function openFaults(complain) {
  const plan = await api.faults();
  const tried = (act, said) => act().then(() => said && toast(word(said))).catch(complain);
  const form = el("form", { class: "form", "data-testid": "faults" });
  const code = select(word("code"), "code", plan.codes.map((one) => [String(one), String(one)]), "131000");
  form.append(
    field(word("seed"), "seed", { type: "number", step: "1", value: String(plan.seed), required: true }),
    el("label", { class: "check" }, el("input", { type: "checkbox", name: "limits_on", checked: plan.limits_on }), word("limits")),
    ...GROUPS.map(([title, names]) => group(title, names.map((name) => faultRow(name, plan, form, tried)), names.includes("error_answer") ? code : null)),
    group("state", accountRows(plan, tried)),
    group("templates", templateRows(plan, tried)),
    el("div", { class: "pair" }, el("button", { type: "button", class: "second", "data-testid": "faults-off", onclick: () => tried(() => api.clearFaults().then(() => dialog.close()), "off") }, word("allOff")), el("button", { class: "primary", "data-testid": "faults-apply" }, word("arrange"))),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tried(() => api.arrangeFaults(wishOf(form)).then(() => dialog.close()), "applied");
  });
  const dialog = openSheet(word("faultsTitle"), form);
}

const group = (title, rows, extra = null) => el("details", { class: "faults" }, el("summary", {}, word(title)), extra, ...rows);

function wishOf(form) {
  const rates = {};
  for (const choice of form.querySelectorAll("select[data-fault]")) if (Number(choice.value)) rates[choice.dataset.fault] = Number(choice.value);
  return { seed: Number(form.elements.seed.value), limits_on: form.elements.limits_on.checked, rates };
}

function faultRow(name, plan, form, tried) {
  const rate = String(plan.rates[name] || 0);
  const known = RATES.some(([value]) => value === rate);
  const choices = [...RATES.map(([value, label]) => [value, word(label)]), ...(known ? [] : [[rate, `${Number(rate) * 100} %`]])];
  const chosen = select(word(name) + (plan.struck[name] ? ` · ${plan.struck[name]} ${word("struck")}` : ""), name, choices, rate);
  chosen.querySelector("select").dataset.fault = name;
  const detail = () => (WITH_CODE.includes(name) ? { code: Number(form.elements.code.value) } : {});
  const once = el("button", { type: "button", class: "second", "aria-label": `${word("nextTime")}: ${word(name)}`, "data-testid": `once-${name}`, onclick: () => tried(() => api.faultOnce(name, detail()), "noted") }, word("nextTime"));
  return el("div", { class: "fault" }, chosen, once);
}

function accountRows(plan, tried) {
  const states = [["", word("normal")], ["token_expired", word("tokenExpired")], ["billing", word("billing")]];
  const state = select(word("state"), "state", states, plan.account);
  state.addEventListener("change", (event) => tried(() => api.tellAccount({ state: event.target.value }), "applied"));
  const news = select(word("news"), "news", plan.news.map((one) => [one, one.replaceAll("_", " ")]), plan.news[0]);
  const send = el("button", { type: "button", class: "second", onclick: () => tried(() => api.tellAccount({ news: news.querySelector("select").value }), "applied") }, word("tell"));
  return [state, el("div", { class: "fault" }, news, send)];
}

function templateRows(plan, tried) {
  if (!plan.templates.length) return [el("p", { class: "muted" }, word("noTemplates"))];
  return plan.templates.map((one) => {
    const status = select(`${one.name} (${one.language})`, `template-${one.id}`, plan.states.map((state) => [state, state]), one.status);
    status.addEventListener("change", (event) => tried(() => api.decideTemplate(one.id, event.target.value), "applied"));
    return status;
  });
}

/** What the open player may still change. */
export function changesOf(room) {
  const texts = room.messages().filter((one) => one.mine && one.type === "text" && !one.payload.revoked);
  const own = room.messages().filter((one) => one.mine && !one.payload.revoked && !["reaction", "system"].includes(one.type));
  return [
    ...(texts.length ? [{ label: word("editLast"), testid: "edit-last", act: () => editText(room, texts.at(-1)) }] : []),
    ...(own.length ? [{ label: word("deleteLast"), testid: "delete-last", act: () => room.attempt(() => api.revoke(room.player(), own.at(-1).wamid)) }] : []),
    ...(room.me()?.number ? [{ label: word("newPerson"), testid: "new-person", act: () => newPerson(room) }] : []),
  ];
}

function editText(room, message) {
  const text = field(word("newText"), "text", { required: true, maxlength: "4096", value: message.payload.body, autofocus: true });
  openForm(word("editLast"), [text], word("save"), async (wish) => {
    await api.edit(room.player(), wish.text, message.wamid);
    await room.refresh();
  });
}

function newPerson(room) {
  const name = field(word("name"), "name", { required: true, maxlength: "255", autofocus: true });
  openForm(word("newPerson"), [el("p", { class: "muted" }, word("newPersonNote")), name], word("create"), async (wish) => {
    await api.newPerson(room.player(), wish.name);
    await room.refresh();
  });
}
