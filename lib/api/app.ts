import { OpenAPIHono } from "@hono/zod-openapi"
import { NotFoundError } from "@/lib/errors"
import {
  cancelTaskRoute,
  completeTaskRoute,
  readTaskRoute,
  startTaskRoute,
  taskUsageRoute,
} from "./agent-tasks"
import { answerError, answerJson } from "./answer"
import type { ApiRoute } from "./api-route"
import { balanceRoute } from "./balance"
import { MethodNotAllowedError } from "./errors"
import { captureHoldRoute, openHoldRoute, readHoldRoute, releaseHoldRoute } from "./holds"
import { describeRoute, openApiDocument } from "./openapi"
import { preflightRoute } from "./preflight"
import { requestIdOf } from "./request-id"
import { statementRoute, statementsRoute } from "./statements"
import { transactionsRoute } from "./transactions"
import { usageRoute } from "./usage"
import { usageRecordsRoute } from "./usage-records"
import { usageReversalsRoute } from "./usage-reversals"
import { usageTotalsRoute } from "./usage-totals"

export const API_PATH = "/api/v1"
const OPENAPI_PATH = "/openapi.json"

export const API_ROUTES: ApiRoute[] = [
  usageRoute,
  usageReversalsRoute,
  usageTotalsRoute,
  usageRecordsRoute,
  balanceRoute,
  transactionsRoute,
  statementsRoute,
  statementRoute,
  preflightRoute,
  openHoldRoute,
  readHoldRoute,
  captureHoldRoute,
  releaseHoldRoute,
  startTaskRoute,
  readTaskRoute,
  taskUsageRoute,
  completeTaskRoute,
  cancelTaskRoute,
]

/** The metering API: mounted in the app, and served alone by serve.ts. */
export const api = buildApi()

function buildApi(): OpenAPIHono {
  const app = new OpenAPIHono().basePath(API_PATH)
  for (const route of API_ROUTES) {
    app.on(route.method.toUpperCase(), route.path.replaceAll(/\{(\w+)\}/g, ":$1"), route.handler)
    describeRoute(app, route)
  }
  let document: unknown
  app.get(OPENAPI_PATH, (c) => {
    document ??= openApiDocument(app)
    return answerJson(document, requestIdOf(c.req.raw))
  })
  // A handler for every method of every path would slow the real ones down. This runs only when there is none.
  app.notFound((c) => {
    const { method, raw, path } = c.req
    const requestId = requestIdOf(raw)
    const allow = allowedMethods(path)
    if (allow !== null && method === "OPTIONS")
      return new Response(null, {
        status: 204,
        headers: { allow, "cache-control": "no-store", "x-request-id": requestId },
      })
    const error = allow === null ? new NotFoundError() : new MethodNotAllowedError(allow)
    return answerError(error, raw, requestId)
  })
  app.onError((error, c) => answerError(error, c.req.raw, requestIdOf(c.req.raw)))
  return app
}

/** The methods of the path, for an Allow header. Null when there is no such path. */
function allowedMethods(path: string): string | null {
  const methods = new Set<string>()
  for (const route of [...API_ROUTES, { method: "get", path: OPENAPI_PATH }])
    if (isPathOf(route.path, path)) methods.add(route.method.toUpperCase())
  if (methods.size === 0) return null
  if (methods.has("GET")) methods.add("HEAD")
  return [...methods, "OPTIONS"].join(", ")
}

function isPathOf(template: string, path: string): boolean {
  const parts = `${API_PATH}${template}`.split("/")
  const given = path.split("/")
  return (
    parts.length === given.length &&
    parts.every((part, index) => (part.startsWith("{") ? given[index] !== "" : part === given[index]))
  )
}
