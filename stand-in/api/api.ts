import type { Contract } from "../contract/check"
import type { Fault, Faults } from "../faults/faults"
import { API_VERSION, unknownRoute } from "../notation/errors"
import { newId } from "../notation/ids"
import { parseForm } from "../notation/params"
import type { Webhooks } from "../webhooks/webhooks"
import { customerOf } from "../world/subject"
import type { CurrentRequest, World } from "../world/world"
import { type Answer, failure, faultAnswer, toJson } from "./answers"
import { apiKeyOf, refuseRemovedParameter, requireVersion } from "./gate"
import { Idempotency, type KeyedCall } from "./idempotency"
import type { LoggedCall, RequestLog } from "./request-log"
import { matchRoute, type Route, type RouteMatch } from "./route"

export interface ApiRequest {
  method: string
  path: string
  query: string
  body: string
  header: (name: string) => string | undefined
}

/** `null` in place of an answer cuts the connection. */
export type ApiAnswer = { status: number; body: string; headers: Record<string, string> } | null

export interface ApiParts {
  world: World
  routes: Route[]
  faults: Faults
  log: RequestLog
  webhooks: Webhooks
  contract: Contract | null
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
    const dispute = store.get("dispute", id)
    return customerOf(
      store.get("payment_intent", id) ??
        store.get("setup_intent", id) ??
        store.get("checkout_session", id) ??
        store.get("payment_method", id) ??
        store.get("charge", id) ??
        store.get("refund", id) ??
        store.get("charge", String(dispute?.charge ?? "")) ??
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
      const apiKey = apiKeyOf(request.header)
      requireVersion(request.header)
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

  /** The answer is kept before it is sent, so that a lost one can be requested again with the same key. */
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
