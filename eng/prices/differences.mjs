// What changed between two versions of the file, row by row, and what of it can't be: prices do not move tenfold overnight.

/** All numbers of a row by a path that stays the same between two versions of the file. */
function flat(value, path = "", into = {}) {
  if (typeof value === "number" && !path.endsWith(".above")) into[path] = value;
  else if (typeof value === "boolean") into[path] = value;
  else if (Array.isArray(value)) value.forEach((v, i) => flat(v, `${path}[${[v?.from, v?.utc, v?.days].filter(Boolean).join(" ") || (v?.above ?? i)}]`, into));
  else if (value && typeof value === "object") for (const [k, v] of Object.entries(value)) flat(v, path ? `${path}.${k}` : k, into);
  return into;
}

/** A list of { row, what, before, after, jump? }. */
export function differences(before, after) {
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

/** Why the new rows can't follow the old ones; empty where they can. */
export function impossible(before, found) {
  const why = [];
  const jumps = found.filter((d) => d.jump).length;
  const gone = found.filter((d) => d.what === "row" && d.after === "gone").length;
  if (jumps > 0) why.push(`${jumps} prices changed more than tenfold: look at each, then --accept`);
  if (gone > before.length / 5) why.push(`${gone} of ${before.length} rows are gone: look why, then --accept`);
  return why;
}

const jump = (a, b) => typeof a === "number" && typeof b === "number" && (a === 0 || b === 0 ? a !== b : Math.max(a / b, b / a) > 10);

export function table(rows) {
  const columns = ["row", "what", "before", "after"];
  const cell = (r, c) => { const s = String(r[c]); return s.length > 60 ? `${s.slice(0, 57)}...` : s; };
  const width = Object.fromEntries(columns.map((c) => [c, Math.max(c.length, ...rows.map((r) => cell(r, c).length))]));
  const line = (get) => columns.map((c) => get(c).padEnd(width[c])).join("  ").trimEnd();
  return [line((c) => c), line((c) => "-".repeat(width[c])), ...rows.map((r) => line((c) => cell(r, c)) + (r.jump ? "  <- more than tenfold" : ""))].join("\n");
}
