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
// The file: a header, then one row a line. A row is
//   provider, model   our vendor name and the row's main name (lower case); together the row's id
//   names             further names: exact, or with one of these endings in capitals, which stands for a date or version:
//                     -YYYYMMDD -YYYY-MM-DD @YYYYMMDD -YYMM -NNN -preview-MM-DD -preview-MM-YYYY -vN:N -YYYYMMDD-vN:N -vN;
//                     "*" is any name
//   input, output, cache_read, cache_write, cache_write_1h, reasoning   US dollars per million tokens; absent = unknown
//   audio_apart       true where audio input has another price, which this file does not hold
//   steps             prices for the whole prompt once it has more than `above` input tokens
//   prices            instead of the above where they change: a list, the last entry that applies wins; an entry may have
//                     from (a UTC date), utc ("01:00-04:00", a daily window), days ("sat,sun", in UTC); the first has none
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compareWithPackage } from "./compare.mjs";
import { INHERIT, VENDORS, isEmbedding, isFree, leftOut, TOOL_FEES } from "./policy.mjs";
import { namesOf } from "./names.mjs";
import { Stop, entries, fingerprint, packageInfo, provider as readProvider } from "./source.mjs";

const FILE = fileURLToPath(new URL("../../src/LlmGateway/Pricing/prices.json", import.meta.url));
const HAND = fileURLToPath(new URL("./hand.json", import.meta.url));
const FIELDS = { input_mtok: "input", output_mtok: "output", cache_read_mtok: "cache_read", cache_write_mtok: "cache_write", cache_write_1h_mtok: "cache_write_1h", output_reasoning_mtok: "reasoning" };
const AUDIO = ["input_audio_mtok", "cache_audio_read_mtok"];
const KNOWN = [...Object.keys(FIELDS), ...AUDIO, ...TOOL_FEES];
const DAY = 24 * 60 * 60 * 1000;

class Inexact extends Error {}

function make() {
  const rows = [];
  const origins = new Map();
  const skipped = [];
  const hand = JSON.parse(readFileSync(HAND, "utf8")).rows;
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
        const row = kept ? { ...kept.row } : { provider: vendor, model: main, ...pricesOf(sourceId, model) };
        if (names.length > 0) row.names = names;
        rows.push(row);
        if (!kept) origins.set(row, { sourceId, model });
      } catch (e) {
        if (!(e instanceof Inexact)) throw e;
        skip(e.message);
      }
    }
  }
  for (const { row } of hand) if (!rows.some((r) => r.provider === row.provider && r.model === row.model)) rows.push(row);
  rows.sort((a, b) => compare(a.provider, b.provider) || compare(a.model, b.model));
  checkNames(rows);
  return { rows, origins, skipped };
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
  const starts = [...new Set(Object.values(prices).flatMap((p) => (p.tiers ?? []).map((t) => t.start)))].sort((a, b) => a - b);
  const at = (price, start) => (typeof price === "number" ? price : [...price.tiers].sort((a, b) => a.start - b.start).filter((t) => t.start <= start).at(-1)?.price ?? price.base);
  const fill = (into, start) => {
    for (const [key, field] of Object.entries(FIELDS)) if (key in prices) into[field] = at(prices[key], start);
    if (!("output" in into) && isEmbedding(model.id)) into.output = 0;
    for (const value of Object.values(into)) decimal(value);
    return into;
  };
  fill(entry, -1);
  if (!("input" in entry) || !("output" in entry)) throw new Inexact("one of its prices has no input or output");
  if (AUDIO.some((k) => k in prices)) entry.audio_apart = true;
  if (starts.length > 0) entry.steps = starts.map((start) => fill({ above: start }, start));
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
  const header = { format: 1, source: { name, version, license: "MIT", copyright, url: "https://github.com/pydantic/genai-prices", made }, unit: "USD per million tokens", inherit: INHERIT };
  const lines = Object.entries(header).map(([k, v]) => `  ${JSON.stringify(k)}: ${JSON.stringify(v)},`);
  const ordered = ({ provider, model, names, ...rest }) => ({ provider, model, ...(names ? { names } : {}), ...rest });
  return `{\n${lines.join("\n")}\n  "rows": [\n${rows.map((r) => `    ${JSON.stringify(ordered(r))}`).join(",\n")}\n  ]\n}\n`;
}

/** All prices of a row by a path that stays the same between two versions of the file. */
function flat(value, path = "", into = {}) {
  if (typeof value === "number" && !path.endsWith(".above")) into[path] = value;
  else if (Array.isArray(value)) value.forEach((v, i) => flat(v, `${path}[${v?.from ?? v?.utc ?? v?.above ?? i}]`, into));
  else if (value && typeof value === "object") for (const [k, v] of Object.entries(value)) flat(v, path ? `${path}.${k}` : k, into);
  return into;
}

function differences(before, after) {
  const index = (rows) => new Map(rows.map((r) => [`${r.provider}/${r.model}`, r]));
  const old = index(before), now = index(after), found = [];
  for (const key of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    if (!now.has(key)) { found.push({ row: key, what: "row", before: "there", after: "gone" }); continue; }
    if (!old.has(key)) { found.push({ row: key, what: "row", before: "-", after: "new" }); continue; }
    const a = flat(old.get(key)), b = flat(now.get(key));
    for (const what of new Set([...Object.keys(a), ...Object.keys(b)]))
      if (a[what] !== b[what]) found.push({ row: key, what, before: a[what] ?? "-", after: b[what] ?? "-", jump: jump(a[what], b[what]) });
    const was = (old.get(key).names ?? []).join(" "), is = (now.get(key).names ?? []).join(" ");
    if (was !== is) found.push({ row: key, what: "names", before: was || "-", after: is || "-" });
  }
  return found;
}

const jump = (a, b) => a !== undefined && b !== undefined && (a === 0 || b === 0 ? a !== b : Math.max(a / b, b / a) > 10);

function table(rows) {
  const columns = ["row", "what", "before", "after"];
  const cell = (r, c) => { const s = String(r[c]); return s.length > 60 ? `${s.slice(0, 57)}...` : s; };
  const width = Object.fromEntries(columns.map((c) => [c, Math.max(c.length, ...rows.map((r) => cell(r, c).length))]));
  const line = (get) => columns.map((c) => get(c).padEnd(width[c])).join("  ").trimEnd();
  console.log([line((c) => c), line((c) => "-".repeat(width[c])), ...rows.map((r) => line((c) => cell(r, c)) + (r.jump ? "  <- more than tenfold" : ""))].join("\n"));
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
    if (found.length > 0) table(found);
    if (existing !== text(rows, before.source.made)) throw new Stop("prices.json is not what this script makes: run node eng/prices/make.mjs");
    const compared = compareWithPackage(rows, origins);
    console.log(`${rows.length} rows as made; ${compared} costs equal to the package's own`);
    return;
  }
  const found = differences(before?.rows ?? [], rows);
  const gone = found.filter((d) => d.after === "gone").length;
  const prices = before ? found : [];
  if (prices.length > 0) table(prices);
  const jumps = prices.filter((d) => d.jump);
  if (!args.includes("--accept")) {
    if (jumps.length > 0) throw new Stop(`${jumps.length} prices changed more than tenfold: look at each, then --accept`);
    if (before && gone > before.rows.length / 5) throw new Stop(`${gone} of ${before.rows.length} rows are gone: look why, then --accept`);
  }
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
