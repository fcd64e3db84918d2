// Prints the median of so many checks, from raw bytes, in microseconds:
// node measure.cjs validator.cjs document.json 200
const fs = require("node:fs")
const path = require("node:path")

const [module_, document_, calls] = process.argv.slice(2)
const validate = require(path.resolve(module_))
const body = fs.readFileSync(document_)
const times = []
for (let call = 0; call < 2 * Number(calls); call++) {
  const before = process.hrtime.bigint()
  if (!validate(JSON.parse(body.toString("utf8")))) throw new Error("the document is not valid")
  times.push(Number(process.hrtime.bigint() - before) / 1000)
}
const measured = times.slice(Number(calls)).sort((a, b) => a - b) // the first half warms up
console.log(measured[Math.floor(measured.length / 2)])
