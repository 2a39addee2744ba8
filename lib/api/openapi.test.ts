import Ajv from "ajv/dist/2020"
import { expect, test } from "vitest"
import { ERROR_CODES } from "@/lib/reference/errors"
import { API_ROUTES, api } from "./app"

type Json = Record<string, unknown>
type Operation = Json & {
  operationId: string
  parameters?: { name: string; in: string; required?: boolean; schema: Json }[]
  requestBody?: { required: boolean; content: Record<string, { schema: Json }> }
  responses: Record<string, { description: string; content: Record<string, { schema: Json }> }>
}
type Document = Json & {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Json>; securitySchemes: Json }
}

async function readDocument(): Promise<Document> {
  const response = await api.request("/api/v1/openapi.json")
  expect(response.status).toBe(200)
  return (await response.json()) as Document
}

function operationsOf({ paths }: Document): [call: string, operation: Operation][] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method} ${path}`,
      operation,
    ]),
  )
}

/** Returns every schema of the document, wherever it stands. */
function schemasOf(document: Document): Json[] {
  const operations = operationsOf(document).map(([, operation]) => operation)
  return [
    ...Object.values(document.components.schemas),
    ...operations.flatMap(({ parameters = [], requestBody, responses }) => [
      ...parameters.map(({ schema }) => schema),
      ...Object.values(requestBody?.content ?? {}).map(({ schema }) => schema),
      ...Object.values(responses).flatMap(({ content }) =>
        Object.values(content).map(({ schema }) => schema),
      ),
    ]),
  ]
}

test("names every endpoint once, with the scope that it needs", async () => {
  const document = await readDocument()
  expect(document.openapi).toBe("3.1.0")
  const operations = operationsOf(document)
  const routes = API_ROUTES.map(({ method, path }) => `${method} /api/v1${path}`)
  expect(operations.map(([call]) => call).sort()).toEqual(routes.sort())
  const ids = operations.map(([, { operationId }]) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const [call, { security }] of operations) {
    const route = API_ROUTES.find(({ method, path }) => call === `${method} /api/v1${path}`)
    expect(security).toEqual([{ apiKey: [route?.spec.scope] }])
  }
})

test("names every error that each endpoint can answer with, as an error document", async () => {
  const document = await readDocument()
  const named = new Set<string>()
  for (const [call, { responses, requestBody }] of operationsOf(document)) {
    const statuses = ["400", "401", "403", "404", "405", "429", "500", "503"]
    expect(Object.keys(responses), call).toEqual(expect.arrayContaining(statuses))
    if (requestBody) expect(Object.keys(responses), call).toEqual(expect.arrayContaining(["413", "415"]))
    for (const [status, { description, content }] of Object.entries(responses)) {
      if (Number(status) < 400) continue
      expect(Object.keys(content)).toEqual(["application/problem+json"])
      for (const [, code] of description.matchAll(/`(\w+)`/g)) if (code) named.add(code)
    }
  }
  expect([...named].sort()).toEqual([...ERROR_CODES].sort())
})

test("every reference leads somewhere, every parameter of a path is declared, every schema is one", async () => {
  const document = await readDocument()
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)
  for (const [, name = ""] of references) expect(document.components.schemas).toHaveProperty(name)
  for (const [call, { parameters = [] }] of operationsOf(document)) {
    const declared = parameters.filter((each) => each.in === "path").map(({ name }) => name)
    expect(declared).toEqual([...call.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
  }
  const ajv = new Ajv({ strict: false, validateFormats: false })
  const defs = { $id: "document", components: document.components }
  ajv.addSchema(defs)
  for (const schema of schemasOf(document)) {
    const text = JSON.stringify(schema).replaceAll("#/components", "document#/components")
    expect(() => ajv.compile(JSON.parse(text)), text).not.toThrow()
  }
})

test("describes a record and a batch so that a program can check them first", async () => {
  const document = await readDocument()
  const ajv = new Ajv({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: "document", components: document.components })
  const body = document.paths["/api/v1/usage"]?.post?.requestBody?.content["application/json"]?.schema
  const text = JSON.stringify(body).replaceAll("#/components", "document#/components")
  const isUsage = ajv.compile(JSON.parse(text))
  const record = {
    consumable: "voice",
    quantity: "2.5",
    trigger: "user",
    user: "a@b.c",
    metadata: { run: 5 },
  }
  expect(isUsage(record), JSON.stringify(isUsage.errors)).toBe(true)
  expect(isUsage({ records: [{ key: "a", ...record }] })).toBe(true)
  for (const wrong of [
    {},
    { ...record, quantity: 0 },
    { ...record, x: 1 },
    { records: [] },
    { records: [record] },
  ])
    expect(isUsage(wrong), JSON.stringify(wrong)).toBe(false)
})
