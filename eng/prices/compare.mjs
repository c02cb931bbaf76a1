// Computes costs from our rows and from the package's own calcPrice, and stops where they differ.
import { Stop, calcPrice } from "./source.mjs";

const ENDINGS = { "-YYYYMMDD": "-20251001", "-YYYY-MM-DD": "-2025-10-01", "@YYYYMMDD": "@20251001", "-YYMM": "-2510", "-NNN": "-001", "-preview-MM-DD": "-preview-10-01", "-preview-MM-YYYY": "-preview-10-2025", "-vN:N": "-v1:0", "-YYYYMMDD-vN:N": "-20251001-v1:0", "-vN": "-v1" };
const TIMES = ["2024-01-15T02:30:00Z", "2025-08-01T12:00:00Z", "2026-05-20T20:00:00Z", "2026-11-23T09:00:00Z", "2027-02-01T00:00:00Z"].map((t) => new Date(t));

const USAGES = [
  { input: 1000, output: 100 },
  { input: 250_000, output: 7, read: 200_000 },
  { input: 271_999, output: 1 },
  { input: 272_000, output: 1 },
  { input: 900_001, output: 12_345, read: 100_000, write: 50_000, write1h: 20_000, reasoning: 2_000 },
  { input: 10_000, output: 900, audio: 6_000, audioOut: 700 },
  { input: 10_000, output: 900, read: 3_000, audio: 6_000, audioRead: 1_000 },
  { input: 8_000, output: 5_000, image: 3_000, imageOut: 4_500 },
  { input: 8_000, output: 5_000, read: 2_000, image: 3_000, imageRead: 500 },
  { input: 100, output: 10, searches: 3, fileSearches: 2 },
];

/** The number of costs compared. Where we say unknown (a cache price, an audio price or a fee is absent) the package charges the input price or nothing; not compared. */
export function compareWithPackage(rows, origins) {
  let compared = 0;
  for (const row of rows) {
    const origin = origins.get(`${row.provider}/${row.model}`);
    if (!origin) continue;
    const names = [row.model, ...(row.names ?? [])].map(concrete);
    for (const at of TIMES)
      for (const usage of USAGES.filter((u) => !(u.searches && origin.ownFees))) {
        const ours = cost(row, usage, at);
        if (ours === null) continue;
        for (const name of names) {
          const theirs = calcPrice(asTheirs(usage), name, { providerId: origin.sourceId, timestamp: at });
          const close = theirs && theirs.model === origin.model && near(ours.input, theirs.input_price) && near(ours.output, theirs.output_price) && (origin.ownFees || near(ours.fees, theirs.total_price - theirs.input_price - theirs.output_price));
          if (!close) throw new Stop(`${row.provider}/${row.model} as '${name}' at ${at.toISOString()}, ${JSON.stringify(usage)}: ours ${JSON.stringify(ours)}, the package's ${theirs ? `${theirs.input_price} + ${theirs.output_price} (${theirs.model.id})` : "nothing"}`);
          compared++;
        }
      }
  }
  return compared;
}

const concrete = (name) => {
  const form = Object.keys(ENDINGS).sort((a, b) => b.length - a.length).find((f) => name.endsWith(f));
  return form ? name.slice(0, -form.length) + ENDINGS[form] : name;
};

const near = (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));

const asTheirs = (u) => ({
  input_tokens: u.input,
  output_tokens: u.output,
  cache_read_tokens: u.read ?? 0,
  cache_write_tokens: u.write ?? 0,
  cache_write_1h_tokens: u.write1h ?? 0,
  output_reasoning_tokens: u.reasoning ?? 0,
  input_audio_tokens: u.audio ?? 0,
  cache_audio_read_tokens: u.audioRead ?? 0,
  output_audio_tokens: u.audioOut ?? 0,
  input_image_tokens: u.image ?? 0,
  cache_image_read_tokens: u.imageRead ?? 0,
  output_image_tokens: u.imageOut ?? 0,
  web_searches: u.searches ?? 0,
  storage_searches: u.fileSearches ?? 0,
});

function cost(row, u, at) {
  const { input, output, read = 0, write = 0, write1h = 0, reasoning = 0, audio = 0, audioRead = 0, audioOut = 0, image = 0, imageRead = 0, imageOut = 0, searches = 0, fileSearches = 0 } = u;
  const entry = (row.prices ?? [row]).filter((e) => applies(e, at)).at(-1);
  const p = [...(entry.steps ?? [])].filter((s) => input > s.above).at(-1) ?? entry;
  // In the input, audio and images that have no price of their own cost what text does; in the output they have none.
  const own = (price, cached, text) => price ?? (cached === undefined ? text : undefined);
  const inputs = [
    [input - read - write - (audio - audioRead) - (image - imageRead), p.input],
    [audio - audioRead, own(p.audio_input, p.audio_cache_read, p.input)],
    [image - imageRead, own(p.image_input, p.image_cache_read, p.input)],
    [read - audioRead - imageRead, p.cache_read],
    [audioRead, own(p.audio_cache_read, p.audio_input, p.cache_read)],
    [imageRead, own(p.image_cache_read, p.image_input, p.cache_read)],
    [write - write1h, p.cache_write],
    [write1h, p.cache_write_1h],
  ];
  const outputs = [[output - reasoning - audioOut - imageOut, p.output], [reasoning, p.reasoning ?? p.output], [audioOut, p.audio_output], [imageOut, p.image_output]];
  const fees = [[searches, entry.fees?.web_search], [fileSearches, entry.fees?.file_search]];
  if ([...inputs, ...outputs, ...fees].some(([n, price]) => n > 0 && price === undefined)) return null;
  const sum = (list) => list.reduce((s, [n, price]) => s + (n > 0 ? n * price : 0), 0);
  return { input: sum(inputs) / 1e6, output: sum(outputs) / 1e6, fees: sum(fees) };
}

function applies(e, at) {
  if (e.from && at < new Date(`${e.from}T00:00:00Z`)) return false;
  if (!e.utc) return true;
  const [start, end] = e.utc.split("-");
  const now = at.toISOString().slice(11, 16);
  return start <= end ? now >= start && now < end : now >= start || now < end;
}
