// Makes src/LlmGateway/Pricing/prices.json from the npm package @pydantic/genai-prices (MIT; version in package.json).
//
//   npm ci --prefix eng/prices            once
//   node eng/prices/make.mjs              writes the file and prints what changed
//   node eng/prices/make.mjs --accept     the same, past a price that changed more than tenfold or a fifth of all rows gone
//   node eng/prices/make.mjs --check      writes nothing: fails unless the file is what this script makes, and unless every
//                                         row, under every name, costs what the package's own calcPrice says
//   node eng/prices/make.mjs --left-out   also lists the rows of the source that are not taken, and why
//
// Stops at: a price that is negative or no number, a field or condition it does not know, a name that two rows claim,
// a hand-kept row (hand.json) whose source has changed since it was written, an impossible jump.
//
// The file (format 2): a header, then one row a line. A row is
//   provider, model   our vendor name and the row's main name (lower case); together the row's id
//   names             further names: exact, or with one of these endings in capitals, which stands for a date or version:
//                     -YYYYMMDD -YYYY-MM-DD @YYYYMMDD -YYMM -NNN -preview-MM-DD -preview-MM-YYYY -vN:N -YYYYMMDD-vN:N -vN;
//                     "*" is any name
// and a price:
//   input, output, cache_read, cache_write, cache_write_1h, reasoning, audio_input, audio_cache_read, audio_output,
//   image_input, image_cache_read, image_output   US dollars per million tokens; absent = unknown
//   audio_apart       true where audio has another price, which this file does not hold
//   steps             prices for the whole prompt once it has more than `above` input tokens; with "marginal": true, for what
//                     is above it alone (no vendor here does that)
//   fees              US dollars for one, by kind (overlays.mjs lists them)
//   tiers, regions    by name, a number that multiplies every token price, or a price of its own
//   note              where a hand-kept price was read, and when
// or, instead of a price,
//   prices            a list of prices, the last that applies wins; one may have from (a UTC date), utc ("01:00-04:00", a daily
//                     window), days ("sat,sun", in UTC); the first has none
//
// The rows come from the source (source.mjs reads it, policy.mjs says what is taken, names.mjs what it answers to). What the
// source can't say is in hand.json: whole rows, and overlays (overlays.mjs) that add tiers, regions and fees to rows of the source.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compareWithPackage } from "./compare.mjs";
import { each } from "./decimal.mjs";
import { differences, impossible, table } from "./differences.mjs";
import { lay } from "./overlays.mjs";
import { AZURE, FEES, INHERIT, VENDORS, billedARequest, isEmbedding, isFree, leftOut } from "./policy.mjs";
import { namesOf } from "./names.mjs";
import { Stop, entries, fingerprint, packageInfo, provider as readProvider } from "./source.mjs";

const FILE = fileURLToPath(new URL("../../src/LlmGateway/Pricing/prices.json", import.meta.url));
const HAND = fileURLToPath(new URL("./hand.json", import.meta.url));
const FIELDS = {
  input_mtok: "input",
  output_mtok: "output",
  cache_read_mtok: "cache_read",
  cache_write_mtok: "cache_write",
  cache_write_1h_mtok: "cache_write_1h",
  output_reasoning_mtok: "reasoning",
  input_audio_mtok: "audio_input",
  cache_audio_read_mtok: "audio_cache_read",
  output_audio_mtok: "audio_output",
  input_image_mtok: "image_input",
  cache_image_read_mtok: "image_cache_read",
  output_image_mtok: "image_output",
};
const KNOWN = [...Object.keys(FIELDS), ...Object.keys(FEES)];
const DAY = 24 * 60 * 60 * 1000;

class Inexact extends Error {}

function make() {
  const rows = [];
  const origins = new Map();
  const skipped = [];
  const { rows: hand, overlays } = JSON.parse(readFileSync(HAND, "utf8"));
  for (const [sourceId, vendor] of Object.entries(VENDORS)) {
    const provider = readProvider(sourceId);
    for (const model of provider.models) {
      const skip = (why) => skipped.push({ row: `${sourceId}/${model.id}`, why });
      const why = leftOut(sourceId, model, [...new Set(entries(model).flatMap((e) => Object.keys(e.prices)))], KNOWN);
      if (why) { skip(why); continue; }
      const [main, ...names] = namesOf(provider, model);
      if (!main) { skip("no name that is safe to match"); continue; }
      const kept = hand.find((h) => h.row.provider === vendor && h.row.model === main);
      if (kept && kept.replaces !== fingerprint(model)) throw new Stop(`hand.json: ${vendor}/${main} replaces prices that the source has changed (now ${fingerprint(model)}); look again`);
      try {
        const row = kept ? handRow(kept) : { provider: vendor, model: main, ...pricesOf(sourceId, model) };
        if (names.length > 0) row.names = names;
        rows.push(row);
        if (!kept) origins.set(`${vendor}/${main}`, { sourceId, model });
      } catch (e) {
        if (!(e instanceof Inexact)) throw e;
        skip(e.message);
      }
    }
  }
  for (const kept of hand) if (!rows.some((r) => r.provider === kept.row.provider && r.model === kept.row.model)) rows.push(handRow(kept));
  rows.push(...azureOf(rows));
  const laid = lay(rows, overlays);
  // What is kept by hand can't be compared with the source.
  for (const { provider, models, prices, fees } of overlays)
    for (const key of models.map((m) => `${provider}/${m}`)) {
      if (prices) origins.delete(key);
      else if (fees && origins.has(key)) origins.set(key, { ...origins.get(key), ownFees: true });
    }
  laid.sort((a, b) => compare(a.provider, b.provider) || compare(a.model, b.model));
  checkNames(laid);
  checkFees(laid);
  return { rows: laid, origins, skipped };
}

/** A row that is kept by hand, with what its prices were read from. */
function handRow({ row, source, read }) {
  if (!source) return { ...row };
  const note = `${source} (${read})`;
  return row.prices ? { ...row, prices: row.prices.map((p) => ({ ...p, note })) } : { ...row, note };
}

/**
 * Azure's rows for OpenAI's models: Global deployments cost what OpenAI's ordinary ones do. The rest is not taken over: Azure's
 * zones, tiers, tools and fine-tunes have prices of their own, which hand.json lays on.
 */
function azureOf(rows) {
  const claimed = new Set(rows.filter((r) => r.provider === AZURE).flatMap((r) => [r.model, ...(r.names ?? [])]));
  const plain = ({ fees, note, ...price }) => price;
  return rows
    // Where OpenAI changed a price on a day, Azure's own day is not known.
    .filter((r) => r.provider === "openai" && !r.prices && !r.model.startsWith("ft:") && !billedARequest(r.model))
    .map(({ provider, model, names, ...single }) => {
      const own = [model, ...(names ?? [])].filter((n) => !claimed.has(n));
      if (own.length === 0) return null;
      const [main, ...others] = own;
      return { provider: AZURE, model: main, ...(others.length > 0 ? { names: others } : {}), ...plain(single) };
    })
    .filter((r) => r !== null);
}

/** A model that bills each request must say how much, or its cost would be too low. */
function checkFees(rows) {
  for (const row of rows)
    if (billedARequest(row.model) && (row.prices ?? [row]).some((e) => !e.fees)) throw new Stop(`${row.provider}/${row.model} bills a request on top of tokens, and has no fee in hand.json`);
}

function pricesOf(sourceId, model) {
  const list = entries(model).map((e) => ({ ...condition(e.constraint), ...entryOf(sourceId, model, e.prices) }));
  if (list.length === 1 && !list[0].from && !list[0].utc) return list[0];
  if (list[0].from || list[0].utc) throw new Stop(`${sourceId}/${model.id}: the first price has a condition`);
  const timed = list.findIndex((e) => e.utc);
  if (timed >= 0 && list.some((e) => e.from)) throw new Inexact("the source can't say a date and a time of day at once; keep the row by hand");
  return { prices: list };
}

function condition(c) {
  if (!c) return {};
  if (c.type === "start_date") return { from: c.start_date };
  const time = (t) => {
    const m = /^(\d\d:\d\d):00Z$/.exec(t);
    if (!m) throw new Stop(`a time of day that is not whole minutes in UTC: ${t}`);
    return m[1];
  };
  return { utc: `${time(c.start_time)}-${time(c.end_time)}` };
}

function entryOf(sourceId, model, prices) {
  if (Object.keys(prices).length === 0 && isFree(sourceId, model.id)) return { input: 0, output: 0 };
  const entry = {};
  const fees = {};
  for (const [key, fee] of Object.entries(FEES)) if (fee && key in prices) fees[fee] = each(prices[key]);
  const starts = [...new Set(Object.values(prices).flatMap((p) => (p.tiers ?? []).map((t) => t.start)))].sort((a, b) => a - b);
  const at = (price, start) => (typeof price === "number" ? price : [...price.tiers].sort((a, b) => a.start - b.start).filter((t) => t.start <= start).at(-1)?.price ?? price.base);
  const fill = (into, start) => {
    for (const [key, field] of Object.entries(FIELDS)) if (key in prices) into[field] = at(prices[key], start);
    if (!("output" in into) && isEmbedding(model.id)) into.output = 0;
    for (const [field, value] of Object.entries(into)) if (field !== "above") decimal(value);
    return into;
  };
  fill(entry, -1);
  if (!("input" in entry) || !("output" in entry)) throw new Inexact("one of its prices has no input or output");
  if (starts.length > 0) entry.steps = starts.map((start) => fill({ above: start }, start));
  if (Object.keys(fees).length > 0) entry.fees = fees;
  return entry;
}

/** Refuses a price that has no exact, short decimal text. What has more than 8 decimals is the noise of a binary fraction, or a fraction without end. */
function decimal(n) {
  const text = String(n);
  if (!/^\d+(\.\d{1,8})?$/.test(text)) throw new Inexact(`a price that is no short decimal: ${text}`);
  if (/\.\d{2,}(33|67)$/.test(text)) throw new Inexact(`a price that looks like a rounded third: ${text}`);
}

function checkNames(rows) {
  const seen = new Map();
  for (const row of rows)
    for (const name of [row.model, ...(row.names ?? [])]) {
      const key = `${row.provider}/${name}`;
      if (seen.has(key)) throw new Stop(`two rows claim ${key}: ${seen.get(key)} and ${row.model}`);
      seen.set(key, row.model);
    }
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function text(rows, made) {
  const { name, version, copyright } = packageInfo();
  const header = { format: 2, source: { name, version, license: "MIT", copyright, url: "https://github.com/pydantic/genai-prices", made }, unit: "USD per million tokens", inherit: INHERIT };
  const lines = Object.entries(header).map(([k, v]) => `  ${JSON.stringify(k)}: ${JSON.stringify(v)},`);
  const ordered = ({ provider, model, names, ...rest }) => ({ provider, model, ...(names ? { names } : {}), ...rest });
  return `{\n${lines.join("\n")}\n  "rows": [\n${rows.map((r) => `    ${JSON.stringify(ordered(r))}`).join(",\n")}\n  ]\n}\n`;
}

function main(args) {
  const unknown = args.filter((a) => !["--accept", "--check", "--left-out"].includes(a));
  if (unknown.length > 0) throw new Stop(`unknown option ${unknown.join(" ")}; see the head of this script`);
  const { rows, origins, skipped } = make();
  if (args.includes("--left-out")) for (const s of skipped) console.log(`left out  ${s.row}  (${s.why})`);
  let existing = null;
  try {
    existing = readFileSync(FILE, "utf8");
  } catch (e) {
    if (e.code !== "ENOENT") throw e;
  }
  const before = existing ? JSON.parse(existing) : null;
  if (args.includes("--check")) {
    if (!before) throw new Stop("prices.json is not there");
    const found = differences(before.rows, rows);
    if (found.length > 0) console.log(table(found));
    if (existing !== text(rows, before.source.made)) throw new Stop("prices.json is not what this script makes: run node eng/prices/make.mjs");
    const compared = compareWithPackage(rows, origins);
    console.log(`${rows.length} rows as made; ${compared} costs equal to the package's own`);
    return;
  }
  const found = differences(before?.rows ?? [], rows);
  const prices = before ? found : [];
  if (prices.length > 0) console.log(table(prices));
  const why = before && !args.includes("--accept") ? impossible(before.rows, prices) : [];
  if (why.length > 0) throw new Stop(why.join("; "));
  // Comparing costs here too, so that a wrong file is never written.
  compareWithPackage(rows, origins);
  const same = existing !== null && existing === text(rows, before.source.made);
  if (!same) writeFileSync(FILE, text(rows, new Date(Math.floor(Date.now() / DAY) * DAY).toISOString().slice(0, 10)));
  console.log(`${same ? "unchanged" : "written"}: ${rows.length} rows; ${skipped.length} of the source left out (--left-out lists them)`);
}

try {
  main(process.argv.slice(2));
} catch (e) {
  if (!(e instanceof Stop)) throw e;
  console.error(`make.mjs: ${e.message}`);
  process.exitCode = 1;
}
