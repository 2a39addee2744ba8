import { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import type { ApiKeyScope } from "@/lib/api-keys/scopes"
import { clock } from "@/lib/clock"
import type { ErrorCode } from "@/lib/reference/errors"
import { addressOf } from "./address-of"
import { answerError, answerJson } from "./answer"
import { admit, type Caller } from "./authenticate"
import { parse, queryOf } from "./parse"
import { readJsonObject } from "./read-json"
import { requestIdOf } from "./request-id"

export type ApiCtx = Caller & {
  now: Date
  request: Request
  /** The parameters of a path such as /holds/{id}. */
  params: Record<string, string>
}

type Answer = {
  status?: number
  body: unknown
  /** Whether this repeats the first answer to an idempotency key. A header says so. */
  replayed?: boolean
}

const REPLAYED = { "idempotent-replayed": "true" }

export type RouteSpec<Query extends z.ZodType, Body extends z.ZodType> = {
  method: "get" | "post"
  /** Below /api/v1, with parameters in braces. */
  path: string
  operationId: string
  summary: string
  description?: string
  scope: ApiKeyScope
  /** Whether this process's memory of the team will do. Only for what spends: see authenticate. */
  team: "remembered" | "now"
  query?: Query
  /** Parses the body. */
  body?: Body
  /** Documents the body, where that takes more than the parser. */
  documentedBody?: z.ZodType
  takesIdempotencyKey?: "required" | "optional"
  answer: { status: number; description: string; schema: z.ZodType }
  /** The errors beyond those that every endpoint has. */
  errors: ErrorCode[]
  run: (ctx: ApiCtx, input: { query: z.output<Query>; body: z.output<Body> }) => Promise<Answer>
}

export type ApiRoute = {
  method: "get" | "post"
  path: string
  handler: (c: Context) => Promise<Response>
  spec: Omit<RouteSpec<z.ZodType, z.ZodType>, "run">
}

const NO_QUERY = z.strictObject({})

/**
 * Makes an endpoint that only a key with the scope can use. Everything is checked here, in this order: rate limits,
 * key and scope, media type and size, JSON, fields. Every failure is answered with an error document.
 */
export function apiRoute<Query extends z.ZodType = typeof NO_QUERY, Body extends z.ZodType = z.ZodUndefined>(
  spec: RouteSpec<Query, Body>,
): ApiRoute {
  const { method, path, scope, team, query, body, run } = spec
  const answer = async (
    c: Context,
    request: Request,
  ): Promise<Answer & { limit: Record<string, string> }> => {
    const { caller, limit } = await admit(request, { address: addressOf(c), scope, team })
    const sent = method === "post" && body ? await readJsonObject(request) : undefined
    const input = {
      query: readQuery(query, request.url) as z.output<Query>,
      body: (body && parse(body, sent)) as z.output<Body>,
    }
    const answered = await run({ ...caller, now: clock.now(), request, params: c.req.param() }, input)
    return { ...answered, limit }
  }
  const handler = async (c: Context) => {
    const request = c.req.raw
    const requestId = requestIdOf(request)
    try {
      const { body: sent, status, replayed, limit } = await answer(c, request)
      return answerJson(sent, requestId, { status, headers: replayed ? { ...limit, ...REPLAYED } : limit })
    } catch (error) {
      return answerError(error, request, requestId)
    }
  }
  return { method, path, handler, spec }
}

function readQuery(schema: z.ZodType | undefined, url: string): unknown {
  if (!schema && !url.includes("?")) return {}
  return parse(schema ?? NO_QUERY, queryOf(url))
}
