// What a check found, in words of the page's language.

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

/** What is right and must be said all the same. */
function caution({ check, ok, detail }, words) {
  if (!ok) return "";
  if (check === "beacon" && detail.trusted === "demo") return words.demo;
  if (check === "round" && detail.is_late) return words.late;
  return check === "called-off" && detail.is_late ? words.ended : "";
}

function row(one, words) {
  const item = make("li", one.ok ? "" : "bad", "");
  const name = words.checks[one.check] || one.check;
  item.append(one.ok ? make("span", "", name) : make("b", "", `${name}: ${words.wrong}`));
  const more = one.ok ? caution(one, words) : difference(one.detail, words);
  if (more) item.append(make("span", "small", more));
  return item;
}

export function tell(verdict, kind, text) {
  verdict.className = `answer ${kind}`;
  verdict.textContent = text;
  verdict.hidden = false;
}

export function show({ verdict, list }, { ok, pending, checks }, words) {
  list.replaceChildren(...checks.map((one) => row(one, words)));
  list.hidden = false;
  tell(verdict, ok ? "good" : "bad", ok ? (pending ? words.sofar : words.good) : words.bad);
}

export async function loaded(address) {
  const answer = await fetch(address, { cache: "no-cache" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
