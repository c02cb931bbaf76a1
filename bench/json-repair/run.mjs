// Measures this repository's repair against npm's jsonrepair and JSON.parse, text by text, the two sides in turn.
import { spawn } from "node:child_process"
import { writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { isDeepStrictEqual } from "node:util"
import { jsonrepair } from "jsonrepair"
import { malformed, wellFormed } from "./texts.mjs"

const rounds = 9
const milliseconds = 120
const texts = [...malformed, ...wellFormed].map(([, text]) => text)
const file = join(tmpdir(), `json-repair-${process.pid}.json`)
writeFileSync(file, JSON.stringify(texts))

const dotnet = spawn("dotnet", [process.argv[2], file], { stdio: ["pipe", "pipe", "inherit"] })
const lines = createInterface({ input: dotnet.stdout })[Symbol.asyncIterator]()
async function ask(line) {
  dotnet.stdin.write(line + "\n")
  const { value, done } = await lines.next()
  if (done) throw new Error("The .NET side ended.")
  return value
}

function measure(action) {
  let calls = 0
  let batch = 1
  const start = process.hrtime.bigint()
  const end = start + BigInt(milliseconds) * 1_000_000n
  let now
  do {
    for (let i = 0; i < batch; i++) action()
    calls += batch
    now = process.hrtime.bigint()
    if (now - start < 1_000_000n) batch *= 2
  } while (now < end)
  return Number(now - start) / calls
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]
const micro = (nanoseconds) => (nanoseconds / 1000).toFixed(nanoseconds < 100_000 ? 2 : 0)

for (const [i, [name, text]] of malformed.entries()) {
  const here = JSON.parse(jsonrepair(text))
  const there = await ask(`read ${i}`)
  if (there.startsWith("refused") || !isDeepStrictEqual(JSON.parse(there), here)) throw new Error(`${name}: the two sides differ: ${there.slice(0, 200)}`)
}

// Both compile what is hot, before anything counts.
for (let pass = 0; pass < 3; pass++) {
  for (const i of texts.keys()) {
    await ask(`repair ${i} 100`)
    if (i >= malformed.length) await ask(`parse ${i} 100`)
    measure(() => JSON.parse(i < malformed.length ? jsonrepair(texts[i]) : texts[i]))
  }
}

console.log("| text | length | llm-gateway, µs | jsonrepair + JSON.parse, µs | ratio |")
console.log("| --- | ---: | ---: | ---: | ---: |")
let worst = Infinity
for (const [i, [name, text]] of malformed.entries()) {
  const ours = []
  const theirs = []
  for (let round = -2; round < rounds; round++) {
    const a = Number(await ask(`repair ${i} ${milliseconds}`))
    const b = measure(() => JSON.parse(jsonrepair(text)))
    if (round < 0) continue
    ours.push(a)
    theirs.push(b)
  }

  const ratio = median(theirs) / median(ours)
  worst = Math.min(worst, ratio)
  console.log(`| ${name} | ${text.length} | ${micro(median(ours))} | ${micro(median(theirs))} | ${ratio.toFixed(1)}× |`)
}

console.log(`\nSmallest ratio: ${worst.toFixed(1)}× (the bar is 3×).\n`)
console.log("| text | length | AnswerReader.Read, µs | JsonDocument.Parse, µs | ratio |")
console.log("| --- | ---: | ---: | ---: | ---: |")
for (const [j, [name, text]] of wellFormed.entries()) {
  const ours = []
  const parser = []
  for (let round = -2; round < rounds; round++) {
    const a = Number(await ask(`repair ${malformed.length + j} ${milliseconds}`))
    const b = Number(await ask(`parse ${malformed.length + j} ${milliseconds}`))
    if (round < 0) continue
    ours.push(a)
    parser.push(b)
  }

  console.log(`| ${name} | ${text.length} | ${micro(median(ours))} | ${micro(median(parser))} | ${(median(ours) / median(parser)).toFixed(2)}× |`)
}

dotnet.stdin.end()
