// The malformed texts: each is repaired to the same value by both sides, which run.mjs checks.

function records(count) {
  return Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    name: `Customer ${i + 1}`,
    email: `c${i + 1}@example.com`,
    active: i % 3 === 0,
    score: (i * 37) % 1000 / 8,
    note: i % 5 === 0 ? null : "Ordered twice, paid late; see the letter of May. Prefers calls in the morning.",
    tags: ["new", "north", `t${i % 7}`],
    address: { street: `${i} Main Street`, city: "Springfield", zip: String(10000 + i) },
  }))
}

const pretty = (value) => JSON.stringify(value, null, 2)
const python = (text) => text.replaceAll('"', "'").replaceAll(": true", ": True").replaceAll(": false", ": False").replaceAll(": null", ": None")
const unquoted = (text) => text.replace(/^(\s*)"(\w+)":/gm, "$1$2:")
const trailing = (text) => text.replace(/([^[{,\s])\n(\s*)([\]}])/g, "$1,\n$2$3")
const commented = (text) => text.replace(/,\n/g, ", // that is it\n")
const missing = (text) => text.replace(/\},\n/g, "}\n")
const broken = (text) => text.replaceAll("see the letter of May. ", "see the letter of May.\n")
const fenced = (text) => "```json\n" + text + "\n```"

export const malformed = [
  ["short: unquoted, single quotes, a literal, a trailing comma", "{a: 'b', \"c\": True,}"],
  ["short: a trailing comma", '{"name": "Ada Lovelace", "born": 1815, "tags": ["first", "programmer"],}'],
  ["short: a missing comma", '{"name": "Ada Lovelace", "born": 1815 "tags": ["first", "programmer"]}'],
  ["short: a fence", fenced('{"name": "Ada Lovelace", "born": 1815, "tags": ["first", "programmer"]}')],
  ["1 KB: Python", python(pretty(records(3)))],
  ["1 KB: a fence and trailing commas", fenced(trailing(pretty(records(3))))],
  ["1 KB: comments", commented(pretty(records(3)))],
  ["10 KB: unquoted names", unquoted(pretty(records(28)))],
  ["10 KB: missing commas", missing(pretty(records(28)))],
  ["10 KB: line breaks in strings", broken(pretty(records(28)))],
  ["100 KB: Python", python(pretty(records(280)))],
  ["100 KB: unquoted names, comments, trailing commas", commented(trailing(unquoted(pretty(records(280)))))],
  ["100 KB: one trailing comma, at the end", pretty(records(280)).replace(/\n\]$/, ",\n]")],
  ["100 KB, compact: one comma missing, at the beginning", JSON.stringify(records(400)).replace("},{", "} {")],
]

export const wellFormed = [
  ["short, well-formed", '{"name": "Ada Lovelace", "born": 1815, "tags": ["first", "programmer"]}'],
  ["300 characters, well-formed", pretty(records(1))],
  ["1 KB, well-formed", pretty(records(3))],
  ["10 KB, well-formed", pretty(records(28))],
  ["100 KB, well-formed", pretty(records(280))],
]
