// The names a row answers to: exact ones, and patterns that end in a date or a version. Whatever is listed is a name that
// the source prices as this very row; its prefixes and substrings are not followed further, as they take in other models.
import { ADDED_NAMES, DROPPED_NAMES, EXACT_ONLY } from "./policy.mjs";
import { Stop, sourceMatch } from "./source.mjs";

/** A pattern's ending, and endings of that kind which must all be this row's in the source. Known to the reader by these names. */
const FORMS = {
  "-YYYYMMDD": ["-20240229", "-20250514", "-20251101", "-20270131"],
  "-YYYY-MM-DD": ["-2024-02-29", "-2025-05-14", "-2027-01-31"],
  "@YYYYMMDD": ["@20240229", "@20250514", "@20270131"],
  "-YYMM": ["-2409", "-2507", "-2612"],
  "-NNN": ["-001", "-002"],
  "-preview-MM-DD": ["-preview-05-06", "-preview-12-31"],
  "-preview-MM-YYYY": ["-preview-09-2025", "-preview-12-2026"],
  "-vN:N": ["-v1:0", "-v2:0"],
  "-YYYYMMDD-vN:N": ["-20240229-v1:0", "-20251101-v1:0", "-20270131-v2:0"],
  "-vN": ["-v1", "-v2"],
};
const FORMS_OF = {
  anthropic: ["-YYYYMMDD", "@YYYYMMDD"],
  aws: ["-vN:N", "-YYYYMMDD-vN:N", "-vN"],
  google: ["-NNN", "@YYYYMMDD", "-preview-MM-DD", "-preview-MM-YYYY"],
  mistral: ["-YYMM"],
};
const OTHERS = ["-YYYYMMDD", "-YYYY-MM-DD"];
const WITH_LATEST = ["anthropic", "google", "mistral"];
/** A name that has its date, version or 'latest' already. */
const ENDED = /[-@](\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{2}|\d{2}-\d{4}|\d{4}|\d{3}|exp|latest)(:\w+)?$/;
/** Not us-gov: the source's rule takes it in, but AWS prices its government regions apart. */
const GEO = ["", "us.", "eu.", "apac.", "au.", "jp."];

/** Lower-case names of the row, the main one first; empty where no name is safe. */
export function namesOf(provider, model) {
  const leaves = leavesOf(model.match);
  const aws = provider.id === "aws";
  const whole = leaves.filter((l) => l.kind === "equals" || !/[-@.:/]$|-20\d\d$|-0$/.test(l.text)).map((l) => l.text);
  const exact = [model.id, ...whole].map((n) => n.toLowerCase()).filter((n) => !n.startsWith("ft:") && /^[\w@~][\w.:/@~+-]*$/.test(n));
  const names = new Set();
  const add = (name) => {
    if (!DROPPED_NAMES[`${provider.id}/${name}`] && sourceMatch(provider.id, name) === model) names.add(name);
  };
  const bases = aws ? bedrockBases(provider, model, exact) : exact.filter((n) => !ENDED.test(n));
  (aws ? bedrockNames(provider, model, exact, bases) : exact).forEach(add);
  // A row that the source lists by exact names alone gets no pattern: its other snapshots may cost something else.
  if (leaves.some((l) => l.kind !== "equals") && !EXACT_ONLY[`${provider.id}/${model.id}`]) {
    for (const base of new Set(bases)) {
      const forms = base.includes("claude") && provider.id === "google" ? ["@YYYYMMDD"] : (FORMS_OF[provider.id] ?? OTHERS);
      for (const form of forms) addPattern(provider, model, base, form, names);
      if (WITH_LATEST.includes(provider.id) && forms.length > 1 && !base.includes("preview")) add(`${base}-latest`);
    }
  }
  for (const name of ADDED_NAMES[`${provider.id}/${model.id}`] ?? []) {
    const before = names.size;
    add(name);
    if (names.size === before) throw new Stop(`${provider.id}/${model.id}: '${name}' is not this row's in the source, or was added twice`);
  }
  const all = [...names].filter((n) => !patternsOf(n).some((p) => names.has(p)));
  const main = all.find((n) => !/[A-Z]/.test(n)) ?? all[0];
  return main ? [main, ...all.filter((n) => n !== main)] : [];
}

/** The patterns that take in this exact name. */
function patternsOf(name) {
  const endings = { "-YYYYMMDD": /-\d{8}$/, "@YYYYMMDD": /@\d{8}$/, "-YYYY-MM-DD": /-\d{4}-\d{2}-\d{2}$/, "-vN:N": /-v\d:\d$/, "-vN": /-v\d$/ };
  return Object.entries(endings).filter(([, e]) => e.test(name)).map(([form, e]) => name.replace(e, form));
}

function addPattern(provider, model, base, form, names) {
  if (form.startsWith("-YYYYMMDD") && ENDED.test(base)) return;
  const preview = base.endsWith("-preview") && form.startsWith("-preview");
  const stem = preview ? base.slice(0, -"-preview".length) : base;
  if (!preview && form.startsWith("-preview") && base.includes("preview")) return;
  if (FORMS[form].every((ending) => sourceMatch(provider.id, stem + ending) === model)) names.add(stem + form);
}

/** Bedrock's names without their version: the row's own, without the source's made-up 'regional.', with each geography's prefix. */
function bedrockBases(provider, model, exact) {
  const bases = exact.flatMap((name) => withGeo(model, name.replace(/^regional\./, "").replace(/(-v\d+)?(:\d+)?$/, "")));
  return [...new Set(bases)].filter((n) => !hasGlobalTwin(provider, n));
}

function bedrockNames(provider, model, exact, bases) {
  const versioned = exact.flatMap((name) => withGeo(model, name.replace(/^regional\./, "")));
  return [...new Set([...versioned, ...bases])].filter((n) => !hasGlobalTwin(provider, n));
}

function withGeo(model, name) {
  const prefixed = /^(us|eu|apac|au|jp|in|us-gov|global)\./.test(name) || !name.includes(".");
  return (prefixed ? [""] : model.id.startsWith("regional.") ? GEO : ["", "us."]).map((geo) => geo + name);
}

/** A name without vendor, as a reply's body may give it, says nothing of the endpoint; where two prices exist it can't be priced. */
function hasGlobalTwin(provider, name) {
  if (/^[a-z-]+\.[a-z]/.test(name) && !/^gpt-/.test(name)) return false;
  const bare = name.toLowerCase().replace(/-v\d+(:\d+)?$/, "");
  return provider.models.some((m) => m.id.startsWith("global.") && m.id.includes(`.${bare}`));
}

function leavesOf(match) {
  const [kind] = Object.keys(match);
  switch (kind) {
    case "or":
    case "and":
      return match[kind].flatMap(leavesOf);
    case "equals":
    case "starts_with":
    case "contains":
    case "ends_with":
      return [{ kind, text: match[kind] }];
    case "regex":
      return [{ kind, text: "" }];
    default:
      throw new Stop(`unknown kind of match: ${JSON.stringify(match)}`);
  }
}
