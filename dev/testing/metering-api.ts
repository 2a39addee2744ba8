import { afterAll, beforeAll, expect } from "vitest"
import { api } from "@/lib/api/app"
import { connectForSpending } from "@/lib/db/spend-connections"
import { Metering } from "@/lib/metering/metering"
import { ofThisProcess } from "@/lib/per-process"
import { type DatabaseWorld, testDatabase } from "./world"

export type Json = Record<string, unknown>
export type ApiAnswer = { status: number; headers: Headers; json: Json }

/** Sets up a database with the metering API on it, for the tests of a file. */
export function testApi(): DatabaseWorld {
  return serveApiOn(testDatabase())
}

/** Serves the metering API on the database of a world that the file already has. */
export function serveApiOn<W extends DatabaseWorld>(world: W): W {
  let metering: Metering | undefined
  beforeAll(() => {
    metering = new Metering(connectForSpending(world.databaseUrl, 4))
    // The code under test would make its own, which nobody would end.
    ofThisProcess.set("metering", metering)
  })
  afterAll(async () => metering?.connections.end())
  return world
}

type Call = { key?: string | null; body?: unknown; text?: BodyInit; headers?: Record<string, string> }

/** Calls the API as a program would. Every error is checked against the common promises. */
export async function callApi(call: string, { key, body, text, headers }: Call = {}): Promise<ApiAnswer> {
  const [method = "GET", path = "/"] = call.split(" ")
  const sent = text ?? (body === undefined ? undefined : JSON.stringify(body))
  const response = await api.request(`/api/v1${path}`, {
    method,
    headers: {
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...(sent === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
    ...(sent instanceof ReadableStream ? { duplex: "half" } : {}),
  } as RequestInit)
  const answer = {
    status: response.status,
    headers: response.headers,
    json: (await response.json().catch(() => ({}))) as Json,
  }
  expect(answer.headers.get("cache-control")).toBe("no-store")
  if (answer.status >= 400 && method !== "HEAD") expectProblem(answer, `/api/v1${path.split("?")[0]}`)
  return answer
}

/** Checks what holds for every error document. */
export function expectProblem({ status, headers, json }: ApiAnswer, path: string): void {
  expect(headers.get("content-type")).toBe("application/problem+json")
  expect(headers.get("x-request-id")).toBe(json.request_id)
  expect(json).toMatchObject({
    status,
    instance: path,
    error: json.title,
    retryable: status === 429 || status >= 500 || json.retry_after !== undefined,
  })
  if (status === 403) expect(headers.get("retry-after")).toBe(json.retry_after?.toString() ?? null)
  expect(json.type).toBe(
    `/reference/api-and-sdk/troubleshooting/errors/${String(json.code).replaceAll("_", "-")}/`,
  )
  expect(json.title).toMatch(/^[A-Z].*[.…]$/)
  expect(JSON.stringify(json)).not.toMatch(/prisma|postgres|select |node_modules/i)
}

let keys = 0
/** Reports one usage record, with its own key unless one is given. */
export function report(key: string, body: unknown, idempotencyKey = `key-${++keys}`): Promise<ApiAnswer> {
  return callApi("POST /usage", { key, body, headers: { "idempotency-key": idempotencyKey } })
}

/** Returns everything of a team that a request could write, to compare before and after a refused one. */
export async function writtenOf({ db }: DatabaseWorld, teamId: string): Promise<unknown> {
  const where = { teamId }
  return {
    entries: await db.entry.count({ where }),
    pools: await db.pool.findMany({ where, orderBy: { id: "asc" } }),
    grants: await db.grant.findMany({ where, orderBy: { id: "asc" } }),
    allowances: await db.allowance.findMany({ where, orderBy: [{ poolId: "asc" }, { consumable: "asc" }] }),
    holds: await db.hold.findMany({ where, orderBy: { id: "asc" } }),
    meters: await db.meter.count({ where }),
    days: await db.usageDay.findMany({ where, orderBy: [{ day: "asc" }, { meterNo: "asc" }] }),
  }
}
