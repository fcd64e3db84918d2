// Prints the mean of so many checks, from raw bytes, in microseconds of processor time:
// node measure.cjs validator.cjs document.json 200
const fs = require("node:fs")
const path = require("node:path")

const [module_, document_, calls] = process.argv.slice(2)
const validate = require(path.resolve(module_))
const body = fs.readFileSync(document_)
const check = () => {
  if (!validate(JSON.parse(body.toString("utf8")))) throw new Error("the document is not valid")
}
for (let call = 0; call < Number(calls); call++) check() // warms up
const before = process.cpuUsage()
for (let call = 0; call < Number(calls); call++) check()
const { user, system } = process.cpuUsage(before)
console.log((user + system) / Number(calls))
