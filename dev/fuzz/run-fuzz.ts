import { Agent } from "node:http"
import type { ServerAction } from "../testing/actions"
import { actionRequests } from "./action-requests"
import { apiRequests, type OpenApi } from "./api-requests"
import { Luck } from "./luck"
import { pageRequests } from "./page-requests"
import { type FuzzRequest, send } from "./send"

export type FuzzTarget = {
  appUrl: string
  /** Belongs to a team that the run may do anything to. */
  slug: string
  /** The session of its Owner. */
  session: string
  apiKey: string
  actions: ServerAction[]
}

export type FuzzOutcome = {
  findings: string[]
  /** How often each status was answered. */
  statuses: Record<string, number>
  slowestMs: number
}

const AT_ONCE = 8
const SHOWN = 400
const KINDS = ["api", "action", "action", "page", "page"] as const

/**
 * Sends a number of requests that nobody should send. A finding is an answer of 500 and above, an action that failed
 * for an unforeseen reason, or a late answer. The seed and the request's number repeat it.
 */
export async function runFuzz(
  target: FuzzTarget,
  { seed, requests, withinMs }: { seed: string; requests: number; withinMs: number },
): Promise<FuzzOutcome> {
  const url = new URL(target.appUrl)
  const person = { ...target, origin: url.origin }
  const document = (await (await fetch(new URL("/api/v1/openapi.json", url))).json()) as OpenApi
  const makers = {
    api: apiRequests(document, target.apiKey),
    action: actionRequests(target.actions, person),
    page: pageRequests(person),
  }
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const outcome: FuzzOutcome = { findings: [], statuses: {}, slowestMs: 0 }
  let next = 0
  const work = async () => {
    while (next < requests) {
      const n = next++
      const luck = new Luck(seed, n)
      const made = makers[luck.pick(KINDS)](luck)
      // Each from its own address, so that none is refused because of others. The demo answers this machine only.
      const address = `127.${(n >> 16) % 256}.${(n >> 8) % 256}.${n % 256}`
      const request = { ...made, headers: { "x-forwarded-for": address, ...made.headers } }
      const wrong = await tryOne(url, request, agent, withinMs, outcome)
      if (wrong) outcome.findings.push(`${seed} #${n} ${request.kind}: ${wrong}\n${shown(request)}`)
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  } finally {
    agent.destroy()
  }
  return outcome
}

async function tryOne(
  url: URL,
  request: FuzzRequest,
  agent: Agent,
  withinMs: number,
  outcome: FuzzOutcome,
): Promise<string | null> {
  try {
    let answer = await send(url, request, agent, withinMs)
    // On an overloaded machine a database connection may come too late, once.
    if (answer.status === 503) answer = await send(url, request, agent, withinMs)
    const { status, text, ms } = answer
    outcome.statuses[status] = (outcome.statuses[status] ?? 0) + 1
    outcome.slowestMs = Math.max(outcome.slowestMs, ms)
    if (status >= 500) return `answered ${status}: ${text.slice(0, SHOWN)}`
    if (/"code":"internal(_error)?"/.test(text)) return `failed: ${text.slice(0, SHOWN)}`
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function shown({ method, path, headers, body }: FuzzRequest): string {
  return JSON.stringify({ method, path, headers, body: body?.slice(0, 2_000) })
}
