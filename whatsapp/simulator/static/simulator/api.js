const ROOT = document.body.dataset.api;
const PRINTED = document.querySelector('meta[name="csrf-token"]').content;

let tag = "";
let tagOf = null;

/** The newest screen, or null when nothing changed since the last one. */
export async function screen(player) {
  if (tagOf !== player) tag = "";
  const headers = tag ? { "If-None-Match": tag } : {};
  const answer = await fetch(`${ROOT}state?player=${player ?? ""}`, { headers, cache: "no-store" });
  if (answer.status === 304) return null;
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const fresh = await answer.json();
  tag = answer.headers.get("ETag") || "";
  tagOf = player;
  return fresh;
}

/** Signing in to the admin in another tab changes the token: the cookie knows, the page as it was printed does not. */
const token = () => /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] || PRINTED;

async function post(path, body) {
  const isForm = body instanceof FormData;
  const answer = await fetch(ROOT + path, {
    method: "POST",
    headers: { "X-CSRFToken": token(), ...(isForm ? {} : { "Content-Type": "application/json" }) },
    body: isForm ? body : JSON.stringify(body),
  });
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    throw new Error(told.problem || `HTTP ${answer.status}`);
  }
  return answer.json();
}

export async function faults() {
  const answer = await fetch(`${ROOT}faults`, { cache: "no-store" });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

export const createPlayer = (wish) => post("players", wish);
export const say = (player, text, replyTo) => post(`players/${player}/say`, { text, reply_to: replyTo });
export const tap = (player, wamid, replyId) => post(`players/${player}/tap`, { wamid, reply_id: replyId });
export const sendSample = (player, kind) => post(`players/${player}/samples`, { kind });
export const react = (player, wamid, emoji) => post(`players/${player}/reactions`, { wamid, emoji });
export const look = (player) => post(`players/${player}/look`, {});
export const change = (player, wish) => post(`players/${player}/change`, wish);
export const edit = (player, text, wamid) => post(`players/${player}/edit`, { text, wamid });
export const revoke = (player, wamid) => post(`players/${player}/revoke`, { wamid });
export const newPerson = (player, name) => post(`players/${player}/stranger`, { name });
export const arrangeFaults = (wish) => post("faults", wish);
export const clearFaults = () => post("faults/clear", {});
export const faultOnce = (name, detail) => post("faults/once", { name, detail });
export const tellAccount = (wish) => post("account", wish);
export const decideTemplate = (id, status) => post(`templates/${id}`, { status });
export const fileAddress = (mediaId) => `${ROOT}files/${encodeURIComponent(mediaId)}`;

export function sendFile(player, file, caption) {
  const form = new FormData();
  form.append("file", file, file.name);
  form.append("caption", caption || "");
  return post(`players/${player}/files`, form);
}

export const receiptAddress = (player, wish) => `${ROOT}players/${player}/receipt?${new URLSearchParams(wish)}`;
