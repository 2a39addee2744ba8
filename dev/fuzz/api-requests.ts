import type { Luck } from "./luck"
import type { FuzzRequest } from "./send"
import { encode, strangePart, strangeText, strangeValue, toHeader } from "./strange"

type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  pattern?: string
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  examples?: unknown[]
  example?: unknown
}
type Operation = {
  parameters?: { name: string; in: string }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}
export type OpenApi = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "SEARCH"]
const TYPES = ["text/plain", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "", "x"]

/** Makes requests to the metering API, first as its document describes them and then slightly off. */
export function apiRequests({ paths, components }: OpenApi, apiKey: string) {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const build = (luck: Luck, given: Schema, depth = 0): unknown => {
    const schema = given.$ref ? (components.schemas[given.$ref.split("/").at(-1) ?? ""] ?? {}) : given
    if (depth > 5 || luck.chance(0.12)) return strangeValue(luck)
    const options = schema.anyOf ?? schema.oneOf
    if (options?.[0] && schema.examples === undefined) return build(luck, luck.pick(options), depth)
    if (schema.enum) return luck.pick(schema.enum)
    if (schema.examples) return luck.pick(schema.examples)
    if (schema.example !== undefined) return schema.example
    if (schema.items) return luck.times(0, 3, () => build(luck, schema.items ?? {}, depth + 1))
    if (schema.properties) {
      const fields = Object.entries(schema.properties).filter(() => luck.chance(0.7))
      const more: [string, unknown][] = luck.chance(0.1) ? [[strangeText(luck), strangeValue(luck)]] : []
      return Object.fromEntries([...fields.map(([name, of]) => [name, build(luck, of, depth + 1)]), ...more])
    }
    return schema.type === "string" ? strangeText(luck) : strangeValue(luck)
  }

  return (luck: Luck): FuzzRequest => {
    const { path, method, operation } = luck.pick(operations)
    const names = (operation.parameters ?? []).filter((each) => each.in === "query").map(({ name }) => name)
    const query = luck.times(0, names.length > 0 ? 4 : luck.chance(0.1) ? 2 : 0, () => {
      const name = luck.chance(0.85) && names.length > 0 ? luck.pick(names) : strangePart(luck)
      return `${name}=${luck.chance(0.8) ? encode(strangeText(luck)) : strangePart(luck)}`
    })
    const schema = operation.requestBody?.content["application/json"]?.schema
    const body = schema && !luck.chance(0.03) ? JSON.stringify(build(luck, schema)) : undefined
    const place = path.replace(/\{\w+\}/g, () => strangePart(luck).replaceAll("?", ""))
    return {
      kind: `api ${method} ${path}`,
      method: luck.chance(0.93) ? method.toUpperCase() : luck.pick(METHODS),
      path: `${place}${query.length > 0 ? `?${query.join("&")}` : ""}`,
      headers: {
        ...(luck.chance(0.95) && { authorization: `Bearer ${apiKey}` }),
        ...(body !== undefined && {
          "content-type": luck.chance(0.95) ? "application/json" : luck.pick(TYPES),
        }),
        ...(luck.chance(0.7) && {
          "idempotency-key": luck.chance(0.7) ? `fuzz-${luck.roll()}` : toHeader(strangeText(luck)),
        }),
        ...(luck.chance(0.05) && { "x-request-id": toHeader(strangeText(luck)) }),
      },
      body: body !== undefined && luck.chance(0.04) ? body.slice(0, -1) : body,
    }
  }
}
