// Checks a published draw in the browser of whoever reads it, without trusting the site for anything but this file.
// Written from docs/draws.md alone, so that it can disagree with the program that drew.
//
//   const {ok, pending, checks, cautions} = await verifyProof(document, {trustedChains});
//   const {ok, pending, checks, cautions} = await verifyReceipt(receipt, document);
//
// `checks` are {check, ok, detail}, each check at most once and in the order in which a draw comes about.
// `detail` of one that went wrong has `what` (which question of the check) and mostly `expected` and `found`.
// `cautions` are {caution, ...facts}: what keeps to the rule, though somebody could have known or chosen the result.
// A check that found one has them in its `detail` too; `detail.note` is what no computation can say.
// `pending`: all of what is there was checked, but not everything is published yet.

import { canonical, proofShape, receiptShape, ruleShape, saysSomething } from "./proof_format.js";
import { chosen, endOf, hashOfHex, hashOfText, isSigned, markOf, rootOf, sidesOf } from "./proof_maths.js";
import { breather, nextTurn } from "./turns.js";

const BEFORE_THE_FIRST = "0".repeat(64);
const HOUR = 3600;
// One of those where drand keeps every round for everybody.
const RELAY = "https://api.drand.sh";
// What is known of a chain comes from here and never from the document that is checked.
const PINNED = [
  {
    name: "quicknet",
    hash: "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    public_key:
      "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451" +
      "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
    genesis: 1692803367,
    period: 3,
    scheme: "bls-unchained-g1-rfc9380",
  },
];
// Which parts a status has: true for must, false for must not, nothing for may.
const PARTS = {
  PLANNED: { rules: false, closing: false, result: false, called_off: false },
  COMMITTED: { rules: true, closing: false, result: false, called_off: false },
  CLOSED: { rules: true, closing: true, result: false, called_off: false },
  DRAWN: { rules: true, closing: true, result: true, called_off: false },
  CALLED_OFF: { rules: true, result: false, called_off: true },
};
const FINAL = ["DRAWN", "CALLED_OFF"];
const FALLBACKS = { BEACON: ["", "SECRET_LOST", "BEACON_MISSING"], SECRET: ["", "SECRET_LOST"] };

/** Never rejects, whatever the document. Chains are hashes, or objects with `hash` and what else is known of them. */
export async function verifyProof(document, { trustedChains = [] } = {}) {
  try {
    const wrong = proofShape(document, "");
    if (wrong) return misshapen(wrong);
    const draw = new Draw(document, trustedChains);
    const checks = await answers(CHECKS, draw);
    return summary(checks, !FINAL.includes(document.status));
  } catch (error) {
    return misshapen({ at: "", expected: "a published draw", error: String(error) });
  }
}

/** Against the published document; without it, against its own root alone, which is pending. */
export async function verifyReceipt(receipt, proof = null) {
  try {
    const wrong = receiptShape(receipt, "") ?? (proof === null ? null : proofShape(proof, "proof"));
    if (wrong) return misshapen(wrong);
    const checks = await answers(RECEIPT_CHECKS, { receipt, proof });
    return summary(checks, proof === null);
  } catch (error) {
    return misshapen({ at: "", expected: "a receipt", error: String(error) });
  }
}

function summary(checks, pending) {
  const cautions = checks.flatMap(({ ok, detail }) => (ok && detail.cautions) || []);
  return { ok: checks.every(({ ok }) => ok), pending, checks, cautions };
}

function misshapen(detail) {
  return summary([{ check: "format", ok: false, detail: { what: "shape", ...detail } }], false);
}

class Wrong extends Error {
  constructor(what, detail) {
    super(what);
    this.detail = { what, ...detail };
  }
}

/** A question that does not arise answers nothing, and is left out. */
async function answers(questions, about) {
  const found = [{ check: "format", ok: true, detail: {} }];
  for (const [check, ask] of Object.entries(questions)) {
    await nextTurn();
    try {
      const detail = await ask(about);
      if (detail) found.push({ check, ok: true, detail });
    } catch (error) {
      found.push({ check, ok: false, detail: error.detail ?? { what: "broken", error: String(error) } });
    }
  }
  return found;
}

function must(isRight, what, detail = {}) {
  if (!isRight) throw new Wrong(what, detail);
}

function same(what, expected, found, detail = {}) {
  must(expected === found, what, { expected, found, ...detail });
}

const isThere = (part) => part !== null && part !== undefined && !(Array.isArray(part) && !part.length);
const unix = (instant) => Date.parse(instant) / 1000;
/** An instant that no calendar reaches stays a number. */
const written = (seconds) =>
  Number.isNaN(new Date(seconds * 1000).getTime()) ? seconds : new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
const roundAt = ({ genesis, period }, at) => Math.max(Math.ceil((at - genesis) / period) + 1, 1);

/** A document of the right shape, and what follows from its rule. */
class Draw {
  constructor(document, trustedChains) {
    this.document = document;
    this.trusted = trustedChains.map((chain) => (typeof chain === "string" ? { hash: chain } : chain));
    this.rules = document.rules.map(({ text }) => readRule(text));
    this.rule = this.rules.every((rule) => rule.terms) ? this.rules.at(-1)?.terms ?? null : null;
    this.numbers = document.closing ? document.closing.entries.map(([number]) => number) : [];
  }

  get isDrawn() {
    return this.document.result !== null;
  }

  get fallback() {
    return this.document.randomness.fallback;
  }

  /** Which parts of the randomness decide. */
  get takesPart() {
    const method = this.rule?.method;
    const isLost = this.fallback === "SECRET_LOST";
    return {
      secret: ["BEACON", "SECRET"].includes(method) && !isLost,
      beacon: method === "BEACON" && this.fallback !== "BEACON_MISSING",
      lottery: method === "LOTTERY",
      barrel: method === "BARREL" || (method === "SECRET" && isLost),
    };
  }

  /** In Unix seconds. */
  get base() {
    const margin = this.rule.beacon?.margin_seconds ?? 0;
    return Math.max(unix(this.rule.draws_at), unix(this.document.closing.closed_at) + margin);
  }

  /** From when on it could be drawn. */
  get due() {
    const { secret_lost_hours: lost, beacon_missing_hours: missing } = this.rule.fallback;
    const hours = { SECRET_LOST: lost, BEACON_MISSING: missing }[this.fallback] ?? 0;
    return this.base + hours * HOUR;
  }

  /** The entries were frozen when what decides, by the instant that was promised, could be known. */
  get isLate() {
    return this.base > unix(this.rule.draws_at);
  }

  get units() {
    return (this.rule?.prizes ?? []).reduce((sum, { quantity }) => sum + quantity, 0);
  }

  get length() {
    return Math.min(this.units + this.rule.reserves, this.numbers.length);
  }
}

function readRule(text) {
  let terms;
  try {
    terms = JSON.parse(text);
  } catch {
    return { wrong: { what: "unreadable" } };
  }
  const wrong = ruleShape(terms, "");
  if (wrong) return { wrong: { what: "shape", ...wrong } };
  // Also finds a key that stands there twice, which other readers could read otherwise.
  return canonical(terms) === text ? { terms } : { wrong: { what: "canonical" } };
}

const CHECKS = {
  status: checkStatus,
  "rule-digests": checkDigests,
  rule: checkRules,
  "rule-changes": checkChanges,
  entries: checkEntries,
  root: checkRoot,
  secret: checkSecret,
  round: checkRound,
  beacon: checkBeacon,
  lottery: checkLottery,
  barrel: checkBarrel,
  times: checkTimes,
  seed: checkSeed,
  sequence: checkSequence,
  prizes: checkPrizes,
  reserves: checkReserves,
  "called-off": checkCalledOff,
};

/** What is there fits the status, and nothing that decides was known before the entries. */
function checkStatus(draw) {
  const { document, rule } = draw;
  const { status, randomness } = document;
  for (const [part, isDue] of Object.entries(PARTS[status])) {
    same("parts", isDue, isThere(document[part]), { part, status });
  }
  if (document.closing === null) {
    const early = Object.keys(randomness).find((part) => randomness[part] !== null && randomness[part] !== "");
    must(early === undefined, "early", { part: early });
  }
  if (rule) {
    same("code", rule.code, document.code);
    same("title", rule.title, document.title);
    must((FALLBACKS[rule.method] ?? [""]).includes(randomness.fallback), "fallback", { found: randomness.fallback });
  }
  return { status, fallback: randomness.fallback, cautions: rule && randomness.fallback ? aboutFallback(draw) : [] };
}

/** By the rule, and yet what whoever runs the server can bring about and profit from. */
function aboutFallback({ rule: { beacon }, fallback, base }) {
  if (fallback === "SECRET_LOST") return [{ caution: "secret-lost" }];
  if (!beacon) return [];
  const round = roundAt(beacon, base);
  const isPublic = PINNED.some(({ hash }) => hash === beacon.chain);
  return [{ caution: "beacon-missing", round, address: isPublic ? `${RELAY}/${beacon.chain}/public/${round}` : "" }];
}

function checkDigests({ document }) {
  let digest = BEFORE_THE_FIRST;
  document.rules.forEach(({ version, text, digest: found }, place) => {
    same("version", place + 1, version);
    digest = hashOfText(`${digest}\n${text}`);
    same("digest", digest, found, { version });
  });
  return document.rules.length ? { versions: document.rules.length, digest } : null;
}

function checkRules({ document, rules }) {
  rules.forEach(({ terms, wrong }, place) => {
    const version = place + 1;
    if (wrong) throw new Wrong(wrong.what, { ...wrong, version });
    same("code", document.code, terms.code, { version });
    checkTerms(terms, version);
  });
  const newest = rules.at(-1)?.terms;
  return newest ? { method: newest.method, closes_at: newest.closes_at, draws_at: newest.draws_at } : null;
}

function checkTerms(terms, version) {
  const { numbers, prizes, beacon, method } = terms;
  must(numbers.first <= numbers.last, "numbers", { version });
  must(terms.closes_at <= terms.draws_at, "sales-after-draw", { version, expected: terms.draws_at, found: terms.closes_at });
  must(prizes.length > 0, "prizes", { version });
  must(prizes.every(({ rank }, place) => !place || rank > prizes[place - 1].rank), "ranks", { version });
  const parts = { secret_hash: ["BEACON", "SECRET"], beacon: ["BEACON"], lottery: ["LOTTERY"] };
  for (const [part, methods] of Object.entries(parts)) {
    same("parts", methods.includes(method), terms[part] !== null, { part, version });
  }
  if (beacon) same("round", roundAt(beacon, unix(terms.draws_at)), beacon.round, { version });
}

/** Each but the first has a reason; each comes while sales run, and brings nothing forward. */
function checkChanges({ document, rule, rules }) {
  if (!rule) return null;
  const cautions = [];
  document.rules.forEach(({ version, reason, published_at: at }, place) => {
    const before = rules[Math.max(place - 1, 0)].terms;
    const isPutOff = at > before.closes_at && place > 0 && isMissed(before, rules[place].terms, at);
    if (isPutOff) cautions.push({ caution: "put-off", draws_at: before.draws_at });
    must(isPutOff || at <= before.closes_at, "late", { version, expected: before.closes_at, found: at });
    must(place ? saysSomething(reason) : reason === "", "reason", { version, found: reason });
    if (!place) return;
    const { closes_at, draws_at, lottery } = rules[place].terms;
    must(at >= document.rules[place - 1].published_at, "order", { version, found: at });
    must(draws_at >= before.draws_at, "draw-earlier", { version, expected: before.draws_at, found: draws_at });
    must(closes_at >= before.closes_at, "sales-earlier", { version, expected: before.closes_at, found: closes_at });
    const isSame = before.lottery && lottery && before.lottery.drawing === lottery.drawing;
    must(!isSame || draws_at === before.draws_at, "same-drawing", { version, found: isSame && lottery.drawing });
  });
  return document.rules.length > 1 ? { reasons: document.rules.slice(1).map(({ reason }) => reason), cautions } : null;
}

/** A lottery that was missed is put off to another drawing: day and drawing differ, and nothing else. */
function isMissed(before, terms, at) {
  if (!before.lottery || !terms.lottery) return false;
  const [old, now] = [before, terms].map((each) =>
    canonical({ ...each, draws_at: "", lottery: { ...each.lottery, drawing: "" } }));
  return old === now && before.draws_at <= at && at <= terms.draws_at;
}

async function checkEntries({ document: { closing }, rule, numbers }) {
  if (!closing) return null;
  const breathe = breather();
  for (let place = 0; place < numbers.length; place += 1) {
    const number = numbers[place];
    must(!place || number > numbers[place - 1], "order", { place, found: number });
    if (rule) must(isIn(rule.numbers, number), "range", { expected: rule.numbers, found: number });
    await breathe();
  }
  const sold = new Set(numbers);
  const both = closing.excluded.flatMap((each) => each.numbers).find((number) => sold.has(number));
  must(both === undefined, "excluded", { found: both });
  same("count", numbers.length, closing.count);
  return { count: numbers.length, excluded: closing.excluded.length };
}

const isIn = ({ first, last }, number) => number >= first && number <= last;

async function checkRoot({ document: { closing } }) {
  if (!closing) return null;
  const root = await rootOf(closing.entries);
  same("root", root, closing.root);
  return { root };
}

/** Whether a part of the randomness is there exactly where it decides; it may come before the result. */
function isGiven({ rule, document, isDrawn, takesPart }, part) {
  if (!rule || !document.closing) return false;
  const isPublished = document.randomness[part] !== null;
  if (!takesPart[part]) must(!isPublished, "no-part", { part });
  else if (isDrawn) must(isPublished, "missing", { part });
  return isPublished;
}

function checkSecret(draw) {
  const isPublished = isGiven(draw, "secret");
  if (!isPublished) return draw.rule?.secret_hash ? { promised: draw.rule.secret_hash } : null;
  must(draw.isDrawn, "early");
  const found = hashOfHex(draw.document.randomness.secret);
  same("hash", draw.rule.secret_hash, found);
  return { hash: found };
}

/** Recomputed from when the entries were frozen, so that nobody can have chosen it. */
function checkRound(draw) {
  const { rule, document: { closing, randomness } } = draw;
  if (!closing || rule?.method !== "BEACON" || !draw.takesPart.beacon) return null;
  const at = draw.due;
  const round = roundAt(rule.beacon, at);
  if (randomness.beacon) same("round", round, randomness.beacon.round);
  return { round, at: written(at) };
}

function checkBeacon(draw) {
  const terms = draw.rule?.beacon;
  const isPublished = isGiven(draw, "beacon");
  if (!terms) return null;
  const { known, trusted } = knownChain(draw, terms);
  const cautions = trusted === "pinned" ? [] : [{ caution: "demo" }];
  const told = { chain: terms.chain, name: known.name ?? "", trusted, cautions };
  if (!isPublished) return { ...told, round: null };
  const { chain, round, signature } = draw.document.randomness.beacon;
  same("chain", terms.chain, chain);
  must(isSigned(known.public_key ?? terms.public_key, round, signature), "signature", { round, found: signature });
  return { ...told, round };
}

/** A chain that its reader was told to trust is believed, but said to be such. */
function knownChain({ trusted }, terms) {
  const isIt = ({ hash }) => hash === terms.chain;
  const pinned = PINNED.find(isIt);
  const known = pinned ?? trusted.find(isIt);
  must(known !== undefined, "unknown-chain", { found: terms.chain });
  for (const part of ["public_key", "genesis", "period", "scheme"]) {
    if (known[part] !== undefined) same("chain-terms", known[part], terms[part], { part });
  }
  return { known, trusted: pinned ? "pinned" : "demo" };
}

function checkLottery(draw) {
  if (!isGiven(draw, "lottery")) return null;
  const { rule: { lottery }, document: { randomness } } = draw;
  if (!lottery) return null;
  same("results", lottery.results, randomness.lottery.length);
  const short = randomness.lottery.find((result) => result.length < lottery.digits);
  must(short === undefined, "digits", { expected: lottery.digits, found: short });
  return { note: "lottery", name: lottery.name, drawing: lottery.drawing, results: randomness.lottery.join(", ") };
}

function checkBarrel(draw) {
  if (!isGiven(draw, "barrel")) return null;
  const { numbers, witnesses } = draw.document.randomness.barrel;
  const sold = new Set(draw.numbers);
  const stranger = numbers.find((number) => !sold.has(number));
  must(stranger === undefined, "no-entry", { found: stranger });
  same("different", numbers.length, new Set(numbers).size);
  same("length", draw.length, numbers.length);
  return { note: "barrel", numbers, witnesses };
}

function checkTimes(draw) {
  const { rule, document: { closing, result } } = draw;
  if (!rule || !closing) return null;
  must(closing.closed_at >= rule.closes_at, "closed-early", { expected: rule.closes_at, found: closing.closed_at });
  const cautions = aboutLateness(draw);
  if (!result) return { closed_at: closing.closed_at, cautions };
  const due = written(draw.due);
  must(unix(result.drawn_at) >= draw.due, "drawn-early", { expected: due, found: result.drawn_at });
  return { closed_at: closing.closed_at, due, drawn_at: result.drawn_at, cautions };
}

/** Results of a lottery are known to everybody at once: entries that come later could have been chosen. */
function aboutLateness({ rule: { method, draws_at }, document: { closing: { closed_at } }, isLate, base }) {
  if (method === "LOTTERY") must(closed_at <= draws_at, "closed-after-lottery", { expected: draws_at, found: closed_at });
  return isLate ? [{ caution: "late", closed_at, draws_at, base: written(base) }] : [];
}

function checkSeed(draw) {
  const { rule, document: { rules, closing, randomness, result } } = draw;
  if (!rule || !closing || !result) return null;
  const { secret, beacon } = draw.takesPart;
  const lines = [
    "raffle-draw/1",
    rules.at(-1).digest,
    closing.root,
    (secret && randomness.secret) || "-",
    beacon && randomness.beacon ? hashOfHex(randomness.beacon.signature) : "-",
  ];
  const isComputed = secret || beacon;
  same("seed", isComputed ? hashOfText(lines.join("\n")) : null, result.seed);
  return isComputed ? { seed: result.seed, lines, note: rule.method === "SECRET" ? "secret" : null } : null;
}

async function checkSequence(draw) {
  const { rule, document: { closing, result } } = draw;
  if (!rule || !closing || !result) return null;
  const sequence = await sequenceOf(draw);
  same("length", sequence.length, result.sequence.length);
  const place = sequence.findIndex((number, at) => number !== result.sequence[at]);
  must(place < 0, "number", { place, expected: sequence[place], found: result.sequence[place] });
  return { length: sequence.length };
}

/** From the published seed: a seed that does not follow is a question of its own. */
async function sequenceOf(draw) {
  const { document: { randomness, result }, takesPart, numbers, length } = draw;
  if (takesPart.barrel) return (randomness.barrel?.numbers ?? []).slice(0, length);
  if (takesPart.lottery) return byLottery(draw).slice(0, length);
  must(result.seed !== null, "no-seed");
  return chosen(result.seed, numbers, length);
}

function byLottery({ rule: { lottery, numbers: { first, last } }, document, numbers }) {
  if (!lottery) return [];
  const waiting = new Set(numbers);
  const results = document.randomness.lottery ?? [];
  const values = results.map((result) => BigInt(result.slice(-lottery.digits)));
  const found = values.map((value) =>
    lottery.mapping === "direct" ? Number(value) : first + Number(value % BigInt(last - first + 1)));
  // Deleting says whether it was there: so none comes twice.
  return found.filter((number) => waiting.delete(number));
}

function checkPrizes({ rule, units, document: { result } }) {
  if (!rule || !result) return null;
  same("count", units, result.prizes.length);
  const won = rule.prizes.flatMap(({ rank, label, quantity }) =>
    Array.from({ length: quantity }, (_, place) => ({ rank, unit: place + 1, label })));
  won.forEach((unit, place) => {
    const expected = { ...unit, number: result.sequence[place] ?? null };
    for (const part of Object.keys(expected)) same(part, expected[part], result.prizes[place][part], { place });
  });
  return { prizes: result.prizes };
}

function checkReserves({ rule, units, document: { result } }) {
  if (!rule || !result) return null;
  const expected = result.sequence.slice(units);
  same("reserves", expected.join(), result.reserves.join());
  return { reserves: result.reserves };
}

/** One that comes after the instant of the draw is said to be so: the result could be known by then. */
function checkCalledOff({ rule, document: { called_off: end, closing } }) {
  if (!end) return null;
  if (closing) must(end.at >= closing.closed_at, "before-closing", { expected: closing.closed_at, found: end.at });
  const isLate = rule !== null && end.at >= rule.draws_at;
  return { ...end, cautions: isLate ? [{ caution: "ended" }] : [] };
}

const RECEIPT_CHECKS = {
  mark: checkMark,
  path: checkPath,
  published: checkPublished,
};

function checkMark({ receipt: { salt, number, order, mark } }) {
  same("mark", markOf(salt, number, order), mark);
  return { number, order };
}

function checkPath({ receipt: { position, count, path, number, mark, root } }) {
  must(position < count, "position", { expected: count, found: position });
  same("sides", sidesOf(position, count).join(), path.map(({ side }) => side).join());
  same("root", root, endOf(path, number, mark));
  return { root, steps: path.length };
}

function checkPublished({ receipt, proof }) {
  if (proof === null) return null;
  same("code", proof.code, receipt.code);
  must(proof.closing !== null, "not-closed");
  same("root", proof.closing.root, receipt.root);
  same("count", proof.closing.count, receipt.count);
  const [number, mark] = proof.closing.entries[receipt.position] ?? [];
  same("number", number, receipt.number);
  same("mark", mark, receipt.mark);
  return { position: receipt.position };
}
