// Hashes, the tree of the entries, the beacon's signatures and the choice of the winners (docs/draws.md), in plain
// JavaScript: the browser's own hashes are missing on sites without a certificate.

import { bls12_381 as curves } from "./vendor/noble/curves/bls12-381.js";
import { hmac } from "./vendor/noble/hashes/hmac.js";
import { sha256 } from "./vendor/noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "./vendor/noble/hashes/utils.js";
import { breather } from "./turns.js";

const DOMAIN = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
const PERSONALIZATION = utf8ToBytes("raffle-draw/1");
const WORDS = 2n ** 64n;

export const hashOfText = (text) => bytesToHex(sha256(utf8ToBytes(text)));
export const hashOfHex = (hex) => bytesToHex(sha256(hexToBytes(hex)));
export const markOf = (salt, number, order) => hashOfText(`${salt}:${number}:${order}`).slice(0, 32);

const leaf = (number, mark) => sha256(utf8ToBytes(`\0${number}:${mark}`));
const node = (left, right) => sha256(concatBytes(Uint8Array.of(1), left, right));

/** From left to right: as soon as two full trees of a size stand side by side they are joined. */
export async function rootOf(entries) {
  const trees = [];
  const breathe = breather();
  for (let place = 0; place < entries.length; place += 1) {
    let tree = leaf(...entries[place]);
    for (let rest = place; rest % 2 === 1; rest = (rest - 1) / 2) tree = node(trees.pop(), tree);
    trees.push(tree);
    await breathe();
  }
  if (!trees.length) return bytesToHex(sha256(new Uint8Array()));
  return bytesToHex(trees.reduceRight((right, left) => node(left, right)));
}

/** Where a path leads that starts at a leaf. */
export function endOf(path, number, mark) {
  const step = (found, { side, hash }) =>
    side === "left" ? node(hexToBytes(hash), found) : node(found, hexToBytes(hash));
  return bytesToHex(path.reduce(step, leaf(number, mark)));
}

/** The only sides that the path of this leaf can have, from the leaf up. */
export function sidesOf(position, count) {
  if (count <= 1) return [];
  let split = 1;
  while (split * 2 < count) split *= 2;
  return position < split
    ? [...sidesOf(position, split), "right"]
    : [...sidesOf(position - split, count - split), "left"];
}

/** False for whatever cannot be read, too. */
export function isSigned(publicKey, round, signature) {
  const { Point: G1 } = curves.G1;
  const { Point: G2 } = curves.G2;
  try {
    const signed = inGroup(G1.fromHex(signature));
    const key = inGroup(G2.fromHex(publicKey));
    const message = curves.shortSignatures.hash(messageOf(round), DOMAIN);
    return curves.shortSignatures.verify(signed, message, key);
  } catch {
    return false;
  }
}

/** The point at infinity signs everything. */
function inGroup(point) {
  point.assertValidity();
  if (point.is0() || !point.isTorsionFree()) throw new RangeError("not in the group");
  return point;
}

function messageOf(round) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(round));
  return sha256(bytes);
}

/** HMAC-DRBG with SHA-256 (NIST SP 800-90A, 10.1.2), eight bytes at a time. */
export function* words(seed) {
  let key = new Uint8Array(32);
  let value = new Uint8Array(32).fill(1);
  const update = (given) => {
    for (const turn of given.length ? [0, 1] : [0]) {
      key = hmac(sha256, key, concatBytes(value, Uint8Array.of(turn), given));
      value = hmac(sha256, key, value);
    }
  };
  update(concatBytes(hexToBytes(seed), PERSONALIZATION));
  for (;;) {
    value = hmac(sha256, key, value);
    const word = new DataView(value.buffer, value.byteOffset).getBigUint64(0);
    update(new Uint8Array());
    yield word;
  }
}

/** Both are BigInt. What would make some more likely than others is passed over. */
export function below(source, limit) {
  const end = WORDS - (WORDS % limit);
  let word = source.next().value;
  while (word >= end) word = source.next().value;
  return word % limit;
}

/** Chosen one after another among those left, which keep their order. */
export async function chosen(seed, numbers, length) {
  const source = words(seed);
  const left = [...numbers];
  const found = [];
  const breathe = breather();
  while (found.length < length) {
    found.push(...left.splice(Number(below(source, BigInt(left.length))), 1));
    await breathe();
  }
  return found;
}
