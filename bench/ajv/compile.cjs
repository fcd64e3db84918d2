// Writes a schema's validator as a module of its own: node compile.cjs schema.json validator.cjs
const fs = require("node:fs")
const Ajv = require("ajv/dist/2020")
const formats = require("ajv-formats")
const standalone = require("ajv/dist/standalone").default

const [schema, module_] = process.argv.slice(2)
const ajv = new Ajv({ code: { source: true }, allErrors: false, strict: false })
formats(ajv)
const validate = ajv.compile(JSON.parse(fs.readFileSync(schema, "utf8")))
fs.writeFileSync(module_, standalone(ajv, validate))
