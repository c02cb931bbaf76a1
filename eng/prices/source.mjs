// Reads the package's own data through its public functions, and stops at anything it does not know:
// a field that is new here may change what a row costs.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { calcPrice, findProvider } from "@pydantic/genai-prices";

const require = createRequire(import.meta.url);

export class Stop extends Error {}

const MODEL_KEYS = ["id", "name", "description", "match", "context_window", "prices", "price_comments", "deprecated"];
const PRICE_KEY = /^[a-z0-9_]+_(mtok|kcount|hours|kpages)$/;

export function packageInfo() {
  const main = require.resolve("@pydantic/genai-prices");
  const at = main.slice(0, main.lastIndexOf("genai-prices") + "genai-prices".length);
  const { name, version } = JSON.parse(readFileSync(`${at}/package.json`, "utf8"));
  const license = readFileSync(`${at}/LICENSE`, "utf8");
  const copyright = /^Copyright .+$/m.exec(license)?.[0];
  if (!/MIT License/.test(license) || !copyright) throw new Stop("the package's licence is not MIT any more");
  return { name, version, copyright };
}

/** One provider with its models, checked. The public look-up gives the object that prices are computed from. */
export function provider(id) {
  const found = findProvider({ providerId: id });
  if (!found || found.id !== id || !Array.isArray(found.models) || found.models.length === 0)
    throw new Stop(`the package has no provider '${id}' with models (got ${found?.id})`);
  for (const model of found.models) check(id, model);
  return found;
}

export const fingerprint = (model) => createHash("sha256").update(JSON.stringify(model.prices)).digest("hex").slice(0, 16);

/** The first model that the source itself would price this name as; its own rule, through its own function. */
export function sourceMatch(providerId, name, at = new Date()) {
  try {
    return calcPrice({}, name, { providerId, timestamp: at })?.model ?? null;
  } catch {
    return null;
  }
}

export { calcPrice };

function check(providerId, model) {
  const where = `${providerId}/${model.id}`;
  for (const key of Object.keys(model)) if (!MODEL_KEYS.includes(key)) throw new Stop(`${where}: unknown field '${key}'`);
  if (typeof model.id !== "string" || !model.match || !model.prices) throw new Stop(`${where}: id, match or prices is missing`);
  for (const entry of entries(model)) {
    for (const key of Object.keys(entry)) if (!["prices", "constraint"].includes(key)) throw new Stop(`${where}: unknown field '${key}' in prices`);
    const c = entry.constraint;
    if (c && !["start_date", "time_of_date"].includes(c.type)) throw new Stop(`${where}: unknown condition ${JSON.stringify(c)}`);
    for (const [key, price] of Object.entries(entry.prices)) {
      if (!PRICE_KEY.test(key)) throw new Stop(`${where}: unknown price '${key}'`);
      const all = typeof price === "number" ? [price] : [price.base, ...price.tiers.map((t) => t.price)];
      for (const n of all) if (typeof n !== "number" || !(n >= 0) || !Number.isFinite(n)) throw new Stop(`${where}: ${key} is ${JSON.stringify(price)}, not a price of 0 or more`);
      for (const t of price.tiers ?? []) if (!Number.isSafeInteger(t.start) || t.start < 0) throw new Stop(`${where}: ${key} has a step at ${t.start}`);
    }
  }
}

/** A model's prices as a list of { constraint?, prices }, in the source's order: the last that applies wins. */
export const entries = (model) => (Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }]);
