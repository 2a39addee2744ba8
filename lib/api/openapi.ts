import { type OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi"
import type { ErrorCode } from "@/lib/reference/errors"
import { poolsAnswer } from "./answers"
import type { ApiRoute } from "./api-route"
import { errorInfo } from "./errors"

const EVERY_ENDPOINT: ErrorCode[] = ["invalid_input", "unauthenticated", "forbidden", "not_found"]
const WITH_BODY: ErrorCode[] = ["payload_too_large", "unsupported_media_type"]
const ANY_TIME: ErrorCode[] = ["method_not_allowed", "rate_limited", "internal_error", "unavailable"]

export const problemAnswer = z
  .looseObject({
    type: z.string().openapi({ description: "The page about this error." }),
    title: z.string(),
    status: z.number().int(),
    instance: z.string().openapi({ description: "The path that was requested." }),
    retryable: z.boolean(),
    error: z.string().openapi({ description: "The title again." }),
    code: z.string(),
    field: z.string().optional(),
    errors: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
    request_id: z.string(),
  })
  .openapi("Problem")

export const creditsProblemAnswer = problemAnswer
  .extend({
    reason: z.enum([
      "pool_empty",
      "not_enough",
      "spend_cap_reached",
      "allowance_exhausted",
      "debt",
      "plan_unpaid",
      "member_limit_reached",
      "key_limit_reached",
      "owner_protected",
    ]),
    billed_principal: z.strictObject({ type: z.enum(["user", "team_owner", "team"]), id: z.string() }),
    pools: poolsAnswer,
    required: z.string(),
    who_can_fix: z.array(z.string()),
    top_up_url: z.string(),
    retry_after: z.number().int().optional().openapi({
      description: "Seconds to wait before sending the same request again; only while `retryable` is true.",
    }),
    task_id: z.string().optional().openapi({ description: "The agent task that was kept as FAILED." }),
  })
  .openapi("InsufficientCreditsProblem")

const retryAfter = z
  .string()
  .openapi({ description: "Seconds to wait before sending the same request again.", example: "12" })
const RATE_LIMIT = z.object({
  "RateLimit-Policy": z.string().openapi({
    description:
      "Which limit it is, how many requests it allows (q), and within how many seconds (w). Each server process counts by itself.",
    example: '"key";q=60000;w=60',
  }),
  RateLimit: z.string().openapi({
    description: "How many requests are left (r), and in how many seconds the count begins anew (t).",
    example: '"key";r=59999;t=60',
  }),
})

/** Adds the endpoint to the document. */
export function describeRoute(app: OpenAPIHono, route: ApiRoute): void {
  app.openAPIRegistry.registerPath(toConfig(route))
}

/** Returns the document of all endpoints (OpenAPI 3.1). */
export function openApiDocument(app: OpenAPIHono) {
  app.openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    description: "An API key of your team: ck_…",
  })
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Credits metering API",
      version: "1",
      description: "Report usage, ask what is left, and set credits aside for a run.",
      license: { name: "MIT" },
    },
    servers: [{ url: "/" }],
  })
}

function toConfig({ method, path, spec }: ApiRoute): RouteConfig {
  const body = spec.documentedBody ?? spec.body
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "")
  return {
    method,
    path,
    operationId: spec.operationId,
    summary: spec.summary,
    description: spec.description,
    security: [{ apiKey: [spec.scope] }],
    request: {
      ...(names.length > 0 && {
        params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))),
      }),
      ...(spec.query && { query: spec.query as z.ZodObject }),
      ...(spec.takesIdempotencyKey && { headers: idempotencyHeader(spec) }),
      ...(body && { body: { required: true, content: { "application/json": { schema: body } } } }),
    },
    responses: responsesOf(spec, body !== undefined),
  }
}

function idempotencyHeader({ takesIdempotencyKey, documentedBody }: ApiRoute["spec"]) {
  const description = documentedBody
    ? "Your permanent name for this operation. A batch needs none: its records have keys."
    : "Your permanent name for this operation: a key takes effect once."
  const key = z.string().min(1).max(255).openapi({ description })
  const isRequired = takesIdempotencyKey === "required" && !documentedBody
  return z.object({ "Idempotency-Key": isRequired ? key : key.optional() })
}

function responsesOf(spec: ApiRoute["spec"], hasBody: boolean): RouteConfig["responses"] {
  const codes = [...EVERY_ENDPOINT, ...(hasBody ? WITH_BODY : []), ...spec.errors, ...ANY_TIME]
  const statuses = [...new Set(codes.map((code) => errorInfo(code).status))].sort((a, b) => a - b)
  const { status, description, schema } = spec.answer
  const responses: RouteConfig["responses"] = {
    [status]: { description, headers: RATE_LIMIT, content: { "application/json": { schema } } },
  }
  for (const errorStatus of statuses) {
    const group = codes.filter((code) => errorInfo(code).status === errorStatus)
    const hasCredits = group.includes("insufficient_credits")
    responses[errorStatus] = {
      description: group.map((code) => `\`${code}\`: ${errorInfo(code).summary}`).join("\n\n"),
      ...(errorStatus === 429 && { headers: RATE_LIMIT.extend({ "Retry-After": retryAfter }) }),
      content: {
        "application/problem+json": {
          schema: hasCredits ? z.union([creditsProblemAnswer, problemAnswer]) : problemAnswer,
        },
      },
    }
  }
  return responses
}
