// What a check found, in words of the page's language.

import { parsed } from "./proof_text.js";

export const wordsOf = (id) => JSON.parse(document.getElementById(id).textContent);

const make = (tag, className, textContent) => Object.assign(document.createElement(tag), { className, textContent });
const shown = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));

/** Of what went wrong: what should stand there, and what stands there. */
function difference({ expected, found, error }, words) {
  const parts = [];
  if (expected !== undefined) parts.push(`${words.expected}: ${shown(expected)}`);
  if (found !== undefined) parts.push(`${words.found}: ${shown(found)}`);
  if (error !== undefined) parts.push(error);
  return parts.join(" · ");
}

const filled = (text, facts) => text.replace(/%\((\w+)\)s/g, (_found, name) => facts[name] ?? "").trim();

/** What is right and must be said all the same. */
function more({ ok, detail }, words) {
  if (!ok) return [make("span", "small", difference(detail, words))];
  const cautions = (detail.cautions ?? []).map(({ caution, ...facts }) => filled(words.cautions[caution], facts));
  const notes = detail.note ? [filled(words.notes[detail.note], detail)] : [];
  return [...cautions.map((text) => make("strong", "small care", text)), ...notes.map((text) => make("span", "small", text))];
}

function row(one, words) {
  const item = make("li", one.ok ? "" : "bad", "");
  const name = words.checks[one.check] || one.check;
  item.append(one.ok ? make("span", "", name) : make("b", "", `${name}: ${words.wrong}`));
  item.append(...more(one, words).filter(({ textContent }) => textContent));
  return item;
}

export function tell(verdict, kind, text) {
  verdict.className = `answer ${kind}`;
  verdict.textContent = text;
  verdict.hidden = false;
}

function verdictOf({ ok, pending, cautions }, words) {
  if (!ok) return words.bad;
  return [pending ? words.sofar : words.good, ...(cautions.length ? [words.careful] : [])].join(" ");
}

export function show({ verdict, list }, { checks, ...outcome }, words) {
  list.replaceChildren(...checks.map((one) => row(one, words)));
  list.hidden = false;
  tell(verdict, outcome.ok ? "good" : "bad", verdictOf(outcome, words));
}

export async function loaded(address) {
  const answer = await fetch(address, { cache: "no-cache" });
  if (!answer.ok) throw new Error(String(answer.status));
  return parsed(await answer.arrayBuffer());
}
