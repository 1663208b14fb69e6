// Reads a published file as strictly as verify_draw.py does: so that both speak of the same document.

import { breather } from "./turns.js";

// Of a JSON text: its strings, with a colon where they are keys, and its numbers.
const TOKENS = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d[\d.eE+-]*/g;

/** From the bytes of a file. Rejects what two readers could understand differently: a key that stands there twice,
 *  a number with a point or a power, letters that are none. */
export async function parsed(bytes) {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const found = JSON.parse(text);
  const breathe = breather();
  let keys = 0;
  for (const [token, colon] of text.matchAll(TOKENS)) {
    if (colon) keys += 1;
    else if (token[0] !== '"' && !/^-?\d+$/.test(token)) throw new SyntaxError(`${token.slice(0, 20)} is not a whole number`);
    await breathe();
  }
  if (keys !== keysIn(found)) throw new SyntaxError("a key occurs twice");
  return found;
}

/** Without going down by calls: whoever wrote it may have nested it deeply. */
function keysIn(value) {
  const waiting = [value];
  let keys = 0;
  while (waiting.length) {
    const inside = waiting.pop();
    if (typeof inside !== "object" || inside === null) continue;
    const parts = Object.values(inside);
    if (!Array.isArray(inside)) keys += parts.length;
    for (const part of parts) waiting.push(part);
  }
  return keys;
}
