// Lays what hand.json says of a vendor's other ways of billing (tiers, regions, fees) over the rows of its models. An overlay
// names each model: the page it cites lists those models, and a wildcard would one day take in one that it does not.
//
//   why, source, read   what was read, where, and when; the last two become the row's note
//   provider, models    our vendor name and the rows' main names
//   standard            {input, output}: what the page gives as the ordinary price; the row must have it, so that tiers
//                       given as prices are looked at again when the ordinary price moves
//   from                the first UTC day it holds; without it, it holds for all of the row's prices
//   tiers, regions      name -> a number that multiplies every token price; or a whole price; or {times, same, without}: every
//                       token price times a number, but those in `same` as they are, and those in `without` unknown
//   fees                name -> US dollars for one
//   prices              token prices that the source lacks or has wrong
//   drop                fields of the row that the page does not bear out: they become unknown
import { times } from "./decimal.mjs";
import { Stop } from "./source.mjs";

export const PRICES = ["input", "output", "cache_read", "cache_write", "cache_write_1h", "reasoning", "audio_input", "audio_cache_read", "audio_output", "image_input", "image_cache_read", "image_output"];
export const FEES = ["request", "request_low", "request_medium", "request_high", "web_search", "file_search", "code_interpreter", "grounding", "grounding_query", "maps_grounding", "x_search", "document_search", "live_search_source", "citation_token", "image_generation"];
const FIELDS = ["why", "source", "read", "provider", "models", "standard", "from", "tiers", "regions", "fees", "prices", "drop"];
const URL_TEXT = /^https:\/\/\S+$/;
const DATE = /^\d{4}-\d{2}(-\d{2})?$/;

/** The rows with the overlays on them; each overlay's models must be there, once. */
export function lay(rows, overlays) {
  const laid = new Map(rows.map((r) => [`${r.provider}/${r.model}`, r]));
  for (const overlay of overlays) {
    check(overlay);
    for (const model of overlay.models) {
      const key = `${overlay.provider}/${model}`;
      const row = laid.get(key);
      if (!row) throw new Stop(`hand.json: an overlay names ${key}, which is no row`);
      laid.set(key, layOn(row, overlay, key));
    }
  }
  return [...laid.values()];
}

function layOn(row, overlay, key) {
  const { provider, model, names, prices, ...single } = row;
  const entries = prices ?? [single];
  const last = entries.filter((e) => !e.utc && !e.days).at(-1);
  const standard = overlay.standard;
  if (standard && (last.input !== standard.input || last.output !== standard.output))
    throw new Stop(`hand.json: ${key} costs ${last.input}/${last.output} now, not the ${standard.input}/${standard.output} that its overlay was made for; read ${overlay.source} again`);
  const on = (entry) => layOnEntry(entry, overlay, key);
  const done = overlay.from ? fromThen(entries, overlay.from, on, key) : entries.map(on);
  const head = { provider, model, ...(names ? { names } : {}) };
  return done.length === 1 && !done[0].from ? { ...head, ...done[0] } : { ...head, prices: done };
}

/** The entries with those that hold from a day on changed; the one that holds over that day is cut in two. */
function fromThen(entries, from, on, key) {
  if (entries.some((e) => e.utc || e.days)) throw new Stop(`hand.json: ${key} has prices by the time of day; an overlay with 'from' can't be laid on it`);
  const before = entries.filter((e) => !e.from || e.from < from);
  const after = entries.filter((e) => e.from && e.from >= from);
  const over = after[0]?.from === from ? [] : [{ ...before.at(-1), from }];
  return [...before, ...[...over, ...after].map(on)];
}

function layOnEntry(entry, overlay, key) {
  const { from, utc, days, note, ...price } = entry;
  const laid = { ...price, ...overlay.prices };
  for (const field of overlay.drop ?? []) drop(laid, field, key);
  if (overlay.fees) laid.fees = { ...laid.fees, ...overlay.fees };
  for (const kind of ["tiers", "regions"]) if (overlay[kind]) laid[kind] = { ...laid[kind], ...expand(overlay[kind], laid, `${key}, ${kind}`) };
  const cite = `${overlay.source} (${overlay.read})`;
  laid.note = [...new Set([...(note ? note.split("; ") : []), cite])].join("; ");
  return { ...(from ? { from } : {}), ...(utc ? { utc } : {}), ...(days ? { days } : {}), ...laid };
}

function drop(price, field, key) {
  const [outer, inner] = field.split(".");
  const holder = inner ? price[outer] : price;
  if (!holder || !((inner ?? outer) in holder)) throw new Stop(`hand.json: ${key} has no '${field}' to drop`);
  delete holder[inner ?? outer];
  if (inner && Object.keys(holder).length === 0) delete price[outer];
}

function expand(kinds, price, where) {
  const expanded = {};
  for (const [name, value] of Object.entries(kinds)) expanded[name] = typeof value === "number" || !("times" in value) ? value : multiply(price, value, `${where}.${name}`);
  return expanded;
}

/** A whole price made of another, where the vendor multiplies some of its parts only. */
function multiply(price, { times: factor, same = [], without = [], ...rest }, where) {
  if (Object.keys(rest).length > 0) throw new Stop(`hand.json: ${where}: unknown field '${Object.keys(rest)[0]}'`);
  for (const field of [...same, ...without]) if (!(field in price)) throw new Stop(`hand.json: ${where}: the row has no ${field}`);
  const of = (p) => {
    const made = "above" in p ? { above: p.above } : {};
    if (p.marginal) made.marginal = true;
    for (const field of PRICES) if (field in p && !without.includes(field)) made[field] = same.includes(field) ? p[field] : times(p[field], factor);
    return made;
  };
  const whole = of(price);
  if (price.audio_apart) whole.audio_apart = true;
  if (price.steps) whole.steps = price.steps.map(of);
  return whole;
}

function check(overlay) {
  const where = `hand.json: the overlay of ${overlay.provider} (${overlay.models?.[0]}, …)`;
  const stop = (what) => { throw new Stop(`${where}: ${what}`); };
  for (const field of Object.keys(overlay)) if (!FIELDS.includes(field)) stop(`unknown field '${field}'`);
  if (!overlay.why) stop("it does not say why");
  if (!URL_TEXT.test(overlay.source ?? "")) stop("'source' is no URL");
  if (!DATE.test(overlay.read ?? "")) stop("'read' is no date");
  if (!Array.isArray(overlay.models) || overlay.models.length === 0) stop("it names no models");
  if (new Set(overlay.models).size !== overlay.models.length) stop("it names a model twice");
  if (overlay.models.some((m) => m.includes("*"))) stop("a wildcard is no model's name");
  for (const [fee, price] of Object.entries(overlay.fees ?? {})) if (!FEES.includes(fee) || typeof price !== "number") stop(`'${fee}' is no fee that is known here`);
  for (const field of Object.keys(overlay.prices ?? {})) if (!PRICES.includes(field)) stop(`'${field}' is no price`);
  for (const kind of ["tiers", "regions"])
    for (const [name, value] of Object.entries(overlay[kind] ?? {})) {
      if (typeof value === "number" ? !(value > 0 && value <= 10) : !value || typeof value !== "object") stop(`${kind}.${name} is ${JSON.stringify(value)}; a multiple from 0 to 10 or a price is expected`);
      if (typeof value === "object" && !("times" in value) && !overlay.standard) stop(`${kind}.${name} is a price of its own, so 'standard' must say what it was written beside`);
    }
}
