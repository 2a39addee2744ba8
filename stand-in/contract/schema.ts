import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { type JsonSchema, SchemaConverter } from "./convert"
import { ANSWER_TYPES, REQUEST_TYPES } from "./roots"

export interface ContractSchema {
  answers: Record<string, JsonSchema>
  requests: Record<string, JsonSchema>
  definitions: Record<string, JsonSchema>
}

const here = dirname(fileURLToPath(import.meta.url))

function cachePath(): string {
  const stripe = dirname(dirname(createRequire(import.meta.url).resolve("stripe")))
  const version = readFileSync(join(stripe, "package.json"), "utf8")
  const sources = ["convert.ts", "roots.ts", "schema.ts"].map((file) =>
    readFileSync(join(here, file), "utf8"),
  )
  const hash = createHash("sha256")
    .update([version, ...sources].join("\n"))
    .digest("hex")
    .slice(0, 16)
  return join(stripe, "..", ".cache", "stripe-stand-in", `contract-${hash}.json`)
}

/** Reads it from the cache, or makes it from the SDK's declarations, which takes some seconds. */
export async function loadContractSchema(): Promise<ContractSchema> {
  const path = cachePath()
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as ContractSchema
  const schema = await generate()
  mkdirSync(dirname(path), { recursive: true })
  // Several test processes may write it at once, and nobody may read half of it.
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, JSON.stringify(schema))
  renameSync(draft, path)
  return schema
}

const alias = (name: string) => name.replaceAll(".", "_")

async function generate(): Promise<ContractSchema> {
  const { default: ts } = await import("@typescript/typescript6")
  const file = join(here, "sdk-types.virtual.ts")
  const lines = [...ANSWER_TYPES, ...REQUEST_TYPES].map(
    (name) => `export type ${alias(name)} = Stripe.${name}`,
  )
  const source = [`import type Stripe from "stripe"`, ...lines].join("\n")
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    skipLibCheck: true,
    types: ["node"],
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, target) =>
    name === file ? ts.createSourceFile(name, source, target) : getSourceFile(name, target)
  const program = ts.createProgram([file], options, host)
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(program.getSourceFile(file) ?? ts.createSourceFile(file, "", 9))
  const types = new Map(
    (module ? checker.getExportsOfModule(module) : []).map((symbol) => [
      symbol.name,
      checker.getDeclaredTypeOfSymbol(symbol),
    ]),
  )
  const typeOf = (name: string) => {
    const type = types.get(alias(name))
    if (!type || type.flags & ts.TypeFlags.Any) throw new Error(`The Stripe SDK has no type ${name}`)
    return type
  }
  const converter = new SchemaConverter(checker, new Set(ANSWER_TYPES.map(typeOf)))
  const convertAll = (names: string[]) =>
    Object.fromEntries(names.map((name) => [name, converter.convert(typeOf(name))]))
  return {
    answers: convertAll(ANSWER_TYPES),
    requests: convertAll(REQUEST_TYPES),
    definitions: converter.definitions,
  }
}
