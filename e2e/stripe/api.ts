import type { Contract } from "./contract/check"
import { API_VERSION, invalidRequest, StripeApiError, unauthorized, unknownRoute } from "./errors"
import type { Fault, Faults } from "./faults"
import { Idempotency, type KeyedCall } from "./idempotency"
import { newId } from "./ids"
import { parseForm } from "./params"
import type { LoggedCall, RequestLog } from "./request-log"
import { matchRoute, type Route, type RouteMatch } from "./route"
import { customerOf } from "./subject"
import type { Webhooks } from "./webhooks"
import type { CurrentRequest, World } from "./world"

export interface ApiRequest {
  method: string
  path: string
  query: string
  body: string
  header: (name: string) => string | undefined
}

/** `null` in place of an answer: the connection is cut. */
export type ApiAnswer = { status: number; body: string; headers: Record<string, string> } | null

export interface ApiParts {
  world: World
  routes: Route[]
  faults: Faults
  log: RequestLog
  webhooks: Webhooks
  contract: Contract | null
}

interface Answer {
  status: number
  body: string
  /** Kept for the idempotency key: Stripe keeps what an endpoint answered once it had begun to run. */
  kept: boolean
  headers?: Record<string, string>
}

function apiKeyOf(request: ApiRequest): string {
  const header = request.header("authorization") ?? ""
  const basic = header.match(/^Basic (.+)$/i)?.[1]
  const key = basic
    ? Buffer.from(basic, "base64").toString().split(":")[0]
    : header.match(/^Bearer (.+)$/i)?.[1]
  if (!key) {
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    )
  }
  if (!/^(sk|rk)_test_\w+$/.test(key)) throw unauthorized(`Invalid API Key provided: ${key.slice(0, 8)}****`)
  return key
}

function requireVersion(request: ApiRequest): void {
  const version = request.header("stripe-version")
  if (version && version !== API_VERSION) {
    throw invalidRequest(
      `Invalid Stripe API version: ${version}. The Stripe stand-in speaks ${API_VERSION} only.`,
    )
  }
}

function failure(error: unknown): Answer {
  if (error instanceof StripeApiError) {
    return { status: error.status, body: toJson({ error: error.body }), kept: true }
  }
  console.error("The Stripe stand-in failed:", error)
  const message = `The Stripe stand-in failed: ${error instanceof Error ? error.message : String(error)}`
  return { status: 500, body: toJson({ error: { type: "api_error", message } }), kept: true }
}

function toJson(value: object): string {
  return JSON.stringify(value, null, 2)
}

export class Api {
  private readonly idempotency: Idempotency

  constructor(private readonly parts: ApiParts) {
    this.idempotency = new Idempotency(parts.world)
  }

  async answer(request: ApiRequest): Promise<ApiAnswer> {
    const id = newId("req")
    const params = parseForm(request.method === "GET" ? request.query : request.body)
    const match = matchRoute(this.parts.routes, request.method, request.path)
    const idempotencyKey = request.header("idempotency-key") ?? null
    const call = this.parts.log.add({
      id,
      at: new Date().toISOString(),
      method: request.method,
      path: request.path,
      customer: this.customerOfCall(params, match),
      idempotencyKey,
      status: 0,
      replayed: false,
    })
    const answer = await this.guarded(request, params, match, call)
    if (answer === null) return null
    call.status = answer.status
    return {
      status: answer.status,
      body: answer.body,
      headers: {
        "content-type": "application/json",
        "request-id": id,
        "stripe-version": API_VERSION,
        ...(idempotencyKey ? { "idempotency-key": idempotencyKey } : {}),
        ...(call.replayed ? { "idempotent-replayed": "true" } : {}),
        ...answer.headers,
      },
    }
  }

  private customerOfCall(params: Record<string, unknown>, match: RouteMatch | null): string | null {
    if (typeof params.customer === "string") return params.customer
    const id = match?.ids.id ?? ""
    if (id.startsWith("cus_")) return id
    const { store } = this.parts.world
    return customerOf(
      store.get("payment_intent", id) ??
        store.get("checkout_session", id) ??
        store.get("payment_method", id) ??
        store.get("charge", id) ??
        store.get("refund", id) ??
        store.get("payment_intent", String(params.payment_intent ?? "")) ??
        store.get("charge", String(params.charge ?? "")),
    )
  }

  private async guarded(
    request: ApiRequest,
    params: Record<string, unknown>,
    match: RouteMatch | null,
    call: LoggedCall,
  ): Promise<Answer | null> {
    try {
      const apiKey = apiKeyOf(request)
      requireVersion(request)
      if (!match) throw unknownRoute(request.method, request.path)
      const fault = this.parts.faults.take({ ...call, params })
      if (fault?.kind === "reset") return null
      const key = request.method === "POST" ? call.idempotencyKey : null
      const keyed =
        key === null ? null : { apiKey, key, method: request.method, path: request.path, body: request.body }
      return await this.idempotent(keyed, call, fault, () => this.run(match, params, call, fault))
    } catch (error) {
      return failure(error)
    }
  }

  /** The answer is kept before it is sent, so a lost answer can be asked for again with the same key. */
  private async idempotent(
    keyed: KeyedCall | null,
    call: LoggedCall,
    fault: Fault | null,
    run: () => Promise<Answer>,
  ): Promise<Answer | null> {
    const earlier = keyed && this.idempotency.begin(keyed)
    if (earlier) call.replayed = true
    const answer = earlier ? { ...earlier, kept: false } : await run()
    if (keyed && !earlier)
      this.idempotency.end(keyed, answer.kept ? { status: answer.status, body: answer.body } : null)
    if (fault?.kind === "answer_lost") return null
    if (fault?.kind === "bad_json") return { ...answer, body: `${answer.body.slice(0, 20)}<html>` }
    return answer
  }

  private async run(
    match: RouteMatch,
    params: Record<string, unknown>,
    call: LoggedCall,
    fault: Fault | null,
  ): Promise<Answer> {
    if (fault?.kind === "hang") await new Promise((resolve) => setTimeout(resolve, fault.ms))
    if (fault?.kind === "status" && !fault.effect) return faultAnswer(fault)
    const request: CurrentRequest = { id: call.id, idempotencyKey: call.idempotencyKey, events: [] }
    const answer = this.execute(match, params, request)
    if (fault?.kind === "webhook_first") await this.parts.webhooks.deliverNow(request.events)
    return fault?.kind === "status" ? faultAnswer(fault) : answer
  }

  private execute(match: RouteMatch, params: Record<string, unknown>, request: CurrentRequest): Answer {
    const { world, contract } = this.parts
    let begun = false
    world.request = request
    try {
      refuseRemovedParameter(params)
      const work = match.route.prepare(world, match.ids, params)
      if (match.route.request) contract?.checkRequest(match.route.request, params)
      begun = true
      const answer = work()
      contract?.checkAnswer(match.route.answer, answer)
      return { status: 200, body: toJson(answer), kept: true }
    } catch (error) {
      return { ...failure(error), kept: begun }
    } finally {
      world.request = null
    }
  }
}

function refuseRemovedParameter(params: Record<string, unknown>): void {
  if (!("payment_method_types" in params)) return
  throw invalidRequest(
    "The parameter `payment_method_types` is no longer accepted in this API version. Use `allowed_payment_method_types` instead.",
    { code: "parameter_unknown", param: "payment_method_types" },
  )
}

/** 429 and 409 mean that nothing ran, so the key stays free; a 402 or 500 is the endpoint's own answer. */
function faultAnswer(fault: Extract<Fault, { kind: "status" }>): Answer {
  const type =
    fault.status === 402 ? "card_error" : fault.status >= 500 ? "api_error" : "invalid_request_error"
  const message = fault.message ?? `The Stripe stand-in was told to answer ${fault.status}.`
  const code = fault.code ? { code: fault.code } : {}
  const retry =
    fault.should_retry === undefined ? undefined : { "stripe-should-retry": String(fault.should_retry) }
  return {
    status: fault.status,
    body: toJson({ error: { type, ...code, message } }),
    kept: fault.status >= 500 || fault.status === 402,
    headers: retry,
  }
}
