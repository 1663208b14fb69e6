// What a published draw, its rule and a receipt look like (docs/draws.md). A shape is a function that says where
// a value first differs from it: {at, expected}, or null. Whoever wrote the document may have meant harm.

const DIGITS = /^[0-9]{1,40}$/;
const HEX = /^[0-9a-f]*$/;
// With this flag a pair of them is one letter, and only half of one is found.
const HALF_A_LETTER = /[\ud800-\udfff]/u;
// Whatever is no space to Python: its spaces are not quite those of \s.
const SAYS = /[^\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

const that = (expected, test) => (value, at) => test(value) ? null : { at, expected };
const isText = (value) => typeof value === "string" && !HALF_A_LETTER.test(value);
const isWhole = (value) => Number.isSafeInteger(value) && value >= 0;

const text = that("text", isText);
const said = that("text that says something", (value) => isText(value) && saysSomething(value));
const count = that("whole number", isWhole);
const upTo = (most) => that(`whole number from 1 to ${most}`, (value) => isWhole(value) && value > 0 && value <= most);
const positive = that("whole number above 0", (value) => isWhole(value) && value > 0);
const digits = that("digits", (value) => typeof value === "string" && DIGITS.test(value));
const instant = that("instant", isInstant);
const hex = (length) =>
  that(`${length} lowercase hex digits`, (value) => typeof value === "string" && value.length === length && HEX.test(value));
const oneOf = (...allowed) => that(`one of ${allowed.join(", ")}`, (value) => allowed.includes(value));
const maybe = (shape) => (value, at) => (value === null ? null : shape(value, at));

export const saysSomething = (text) => SAYS.test(text);

/** Written back it must be the same: 30 February is no day. There was no year 0. */
function isInstant(value) {
  if (typeof value !== "string" || !/^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return false;
  const at = Date.parse(value);
  return !Number.isNaN(at) && new Date(at).toISOString() === value.replace("Z", ".000Z");
}

function listOf(shape) {
  return (value, at) => {
    if (!Array.isArray(value)) return { at, expected: "list" };
    for (let place = 0; place < value.length; place += 1) {
      const wrong = shape(value[place], `${at}[${place}]`);
      if (wrong) return wrong;
    }
    return null;
  };
}

function pair(first, second) {
  return (value, at) => {
    if (!Array.isArray(value) || value.length !== 2) return { at, expected: "pair" };
    return first(value[0], `${at}[0]`) ?? second(value[1], `${at}[1]`);
  };
}

/** Exactly these parts: what is not known could mean anything. */
function record(parts, optional = []) {
  return (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return { at, expected: "object" };
    const odd = Object.keys(value).find((key) => !Object.hasOwn(parts, key));
    if (odd !== undefined) return { at: `${at}.${odd}`, expected: "nothing" };
    for (const [key, shape] of Object.entries(parts)) {
      const isThere = Object.hasOwn(value, key);
      if (!isThere && optional.includes(key)) continue;
      const wrong = isThere ? shape(value[key], `${at}.${key}`) : { at: `${at}.${key}`, expected: "something" };
      if (wrong) return wrong;
    }
    return null;
  };
}

const hash = hex(64);
const mark = hex(32);
const signature = hex(96);

export const proofShape = record(
  {
    format: oneOf("raffle-draw/1"),
    code: said,
    title: text,
    status: oneOf("PLANNED", "COMMITTED", "CLOSED", "DRAWN", "CALLED_OFF"),
    rules: listOf(record({ version: positive, text, digest: hash, reason: text, published_at: instant })),
    closing: maybe(
      record({
        closed_at: instant,
        count,
        root: hash,
        excluded: listOf(record({ order: said, numbers: listOf(count), reason: said })),
        entries: listOf(pair(count, mark)),
      }),
    ),
    randomness: record({
      secret: maybe(hash),
      fallback: oneOf("", "SECRET_LOST", "BEACON_MISSING"),
      beacon: maybe(record({ chain: hash, round: positive, signature })),
      lottery: maybe(listOf(digits)),
      barrel: maybe(record({ numbers: listOf(count), witnesses: said })),
    }),
    result: maybe(
      record({
        drawn_at: instant,
        seed: maybe(hash),
        sequence: listOf(count),
        prizes: listOf(record({ rank: positive, unit: positive, label: text, number: maybe(count) })),
        reserves: listOf(count),
      }),
    ),
    called_off: maybe(record({ at: instant, reason: said })),
  },
  ["called_off"],
);

export const ruleShape = record({
  algorithm: oneOf("raffle-draw/1"),
  code: said,
  title: text,
  numbers: record({ first: count, last: count, width: count }),
  sales_open_at: instant,
  closes_at: instant,
  draws_at: instant,
  time_zone: text,
  entries: oneOf("paid when the entries are frozen"),
  unsold: oneOf("cannot win"),
  method: oneOf("BEACON", "SECRET", "LOTTERY", "BARREL"),
  secret_hash: maybe(hash),
  beacon: maybe(
    record({
      chain: hash,
      public_key: hex(192),
      genesis: count,
      period: positive,
      scheme: oneOf("bls-unchained-g1-rfc9380"),
      round: positive,
      margin_seconds: count,
    }),
  ),
  lottery: maybe(
    record({
      name: text,
      drawing: text,
      results: positive,
      digits: upTo(15),
      mapping: oneOf("direct", "remainder"),
    }),
  ),
  prizes: listOf(
    record({ rank: positive, label: said, quantity: positive, amount_minor: maybe(count), currency: maybe(text) }),
  ),
  reserves: count,
  redraw: oneOf("RESERVES", "STAYS"),
  claim_days: count,
  fallback: record({ secret_lost_hours: count, beacon_missing_hours: count }),
});

export const receiptShape = record({
  format: oneOf("raffle-draw-receipt/1"),
  code: said,
  root: hash,
  count: positive,
  position: count,
  number: count,
  order: said,
  salt: mark,
  mark,
  path: listOf(record({ side: oneOf("left", "right"), hash })),
});

/** A JSON text with sorted keys and no spaces. Whatever is written otherwise does not come out the same. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const parts = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${parts.join(",")}}`;
}
