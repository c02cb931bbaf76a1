// node --test eng/prices
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { each, times } from "./decimal.mjs";
import { differences, impossible, table } from "./differences.mjs";
import { lay } from "./overlays.mjs";
import { AZURE, INHERIT, NOT_COVERED, VENDORS } from "./policy.mjs";

const json = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const base = { why: "…", source: "https://example.test/pricing", read: "2026-11-24", provider: "openai" };
const row = { provider: "openai", model: "m", input: 1.1, output: 4.4, cache_read: 0.275, steps: [{ above: 1000, input: 2.2, output: 6.6, cache_read: 0.55 }] };
const laid = (overlay, from = row) => lay([from], [{ ...base, models: ["m"], ...overlay }])[0];
const refused = (overlay, what, from = row) => assert.throws(() => laid(overlay, from), what);

test("prices are multiplied exactly", () => {
  assert.equal(times(1.1, 0.275), 0.3025);
  assert.equal(times(0.035, 1.1), 0.0385);
  assert.equal(times(3, 0.5), 1.5);
  assert.equal(times(20, 0.5), 10);
  assert.equal(times(0.1, 0), 0);
  assert.equal(each(10), 0.01);
  assert.equal(each(2.5), 0.0025);
  assert.throws(() => times(1e-7, 2), /no plain decimal/);
});

test("an overlay adds to its row what the row has not, and says where it was read", () => {
  assert.deepEqual(laid({ tiers: { batch: 0.5 }, fees: { web_search: 0.01 } }), { ...row, fees: { web_search: 0.01 }, tiers: { batch: 0.5 }, note: "https://example.test/pricing (2026-11-24)" });
  assert.deepEqual(laid({ tiers: { flex: 1 } }, { ...row, tiers: { batch: 0.5 }, note: "https://a.test (2026)" }).tiers, { batch: 0.5, flex: 1 });
  assert.equal(laid({ tiers: { flex: 1 } }, { ...row, note: "https://a.test (2026)" }).note, "https://a.test (2026); https://example.test/pricing (2026-11-24)");
});

test("a tier that multiplies some of the prices is written out, its steps too", () => {
  assert.deepEqual(laid({ tiers: { batch: { times: 0.5, same: ["cache_read"] } } }).tiers.batch, { input: 0.55, output: 2.2, cache_read: 0.275, steps: [{ above: 1000, input: 1.1, output: 3.3, cache_read: 0.55 }] });
  assert.deepEqual(laid({ tiers: { batch: { times: 0.5, without: ["cache_read"] } } }).tiers.batch, { input: 0.55, output: 2.2, steps: [{ above: 1000, input: 1.1, output: 3.3 }] });
});

test("an overlay from a day on cuts the price that holds over that day in two", () => {
  const on = { source: undefined, ...base, models: ["m"], from: "2026-07-01", regions: { eu: 1.1 } };
  const [cut] = lay([row], [on]);
  assert.deepEqual(cut.prices.map((p) => [p.from, p.regions]), [[undefined, undefined], ["2026-07-01", { eu: 1.1 }]]);
  const dated = { provider: "openai", model: "m", prices: [{ input: 1, output: 2 }, { from: "2026-07-01", input: 3, output: 4 }, { from: "2026-09-01", input: 5, output: 6 }] };
  assert.deepEqual(lay([dated], [on])[0].prices.map((p) => [p.from, p.input, p.regions?.eu]), [[undefined, 1, undefined], ["2026-07-01", 3, 1.1], ["2026-09-01", 5, 1.1]]);
  refused({ from: "2026-07-01", regions: { eu: 1 } }, /time of day/, { provider: "openai", model: "m", prices: [{ input: 1, output: 2 }, { utc: "01:00-02:00", input: 3, output: 4 }] });
});

test("an overlay that names a model that is no row, cites nothing, or has grown old is refused", () => {
  refused({ models: ["other"], tiers: { batch: 0.5 } }, /names openai\/other, which is no row/);
  refused({ models: ["m*"], tiers: { batch: 0.5 } }, /wildcard/);
  refused({ source: "a page", tiers: { batch: 0.5 } }, /'source' is no URL/);
  refused({ read: "today", tiers: { batch: 0.5 } }, /'read' is no date/);
  refused({ why: "", tiers: { batch: 0.5 } }, /why/);
  refused({ tiers: { batch: { input: 1, output: 2 } } }, /'standard'/);
  refused({ tiers: { batch: { input: 1, output: 2 } }, standard: { input: 1, output: 4.4 } }, /costs 1.1\/4.4 now, not the 1\/4.4/);
  refused({ tiers: { batch: 50 } }, /a multiple from 0 to 10/);
  refused({ tiers: { batch: { times: 0.5, same: ["audio_input"] } } }, /has no audio_input/);
  refused({ fees: { searches: 1 } }, /'searches' is no fee/);
  refused({ drop: ["fees.web_search"] }, /has no 'fees.web_search' to drop/);
  refused({ tier: {} }, /unknown field 'tier'/);
});

test("a price that moves more than tenfold, or from or to nothing, is impossible; a fifth of all rows gone too", () => {
  const one = (input) => [{ provider: "openai", model: "m", input, output: 1, tiers: { batch: { input: 1, output: 1 } } }];
  const why = (before, after) => impossible(before, differences(before, after));
  assert.deepEqual(why(one(1), one(10)), []);
  assert.match(why(one(1), one(10.01))[0], /1 prices changed more than tenfold/);
  assert.match(why(one(10.01), one(1))[0], /more than tenfold/);
  assert.match(why(one(0), one(1))[0], /more than tenfold/);
  assert.match(why(one(1), [{ ...one(1)[0], tiers: { batch: { input: 11, output: 1 } } }])[0], /more than tenfold/);
  assert.match(why(one(1), [])[0], /1 of 1 rows are gone/);
  const five = [1, 2, 3, 4, 5].map((n) => ({ provider: "openai", model: `m${n}`, input: 1, output: 1 }));
  assert.deepEqual(why(five, five.slice(1)), []);
});

test("differences are a table of what changed, with the impossible ones marked", () => {
  const before = [{ provider: "openai", model: "m", names: ["n"], input: 1, output: 2 }, { provider: "openai", model: "old", input: 1, output: 1 }];
  const after = [{ provider: "openai", model: "m", input: 20, output: 2, tiers: { batch: 0.5 } }, { provider: "openai", model: "new", input: 1, output: 1 }];
  assert.deepEqual(table(differences(before, after)).split("\n").map((l) => l.replace(/ {2,}/g, "|")), [
    "row|what|before|after",
    "----------|-----------|------|-----",
    "openai/m|input|1|20|<- more than tenfold",
    "openai/m|tiers.batch|-|0.5",
    "openai/m|names|n|-",
    "openai/new|row|-|new",
    "openai/old|row|there|gone",
  ]);
});

test("each vendor of the vendors' table has prices, or a reason why not", () => {
  const covered = new Set([...Object.values(VENDORS), ...Object.keys(INHERIT), ...Object.keys(NOT_COVERED), AZURE, "openai_responses"]);
  const vendors = Object.keys(json("../../src/LlmGateway/Vendors/vendors.json").vendors);
  assert.deepEqual(vendors.filter((v) => !covered.has(v)), []);
  assert.deepEqual(Object.keys(NOT_COVERED).filter((v) => !vendors.includes(v)), []);
});

test("every row that is kept by hand says where it was read", () => {
  const { rows, overlays } = json("./hand.json");
  const citing = rows.filter((r) => r.row.provider !== "simulated");
  assert.ok(citing.length > 5 && overlays.length > 30);
  for (const { why, source, read, row: { provider, model } } of citing) assert.ok(why && /^https:/.test(source) && read, `${provider}/${model}`);
});
