import { createTestApiKey } from "@/dev/testing/api-keys"
import { giveCredits } from "@/dev/testing/pools"
import { expect, test } from "./fixtures"

const usage = { consumable: "sms", quantity: 1 }

test("a program reports usage to the app, and the Billing page shows it", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
}) => {
  const { apiKey } = await createTestApiKey(db, team)
  await giveCredits(db, team, team.owner, 7_000_000_000n)
  const headers = { authorization: `Bearer ${apiKey}`, "idempotency-key": "run-1" }
  // Beyond the plan's hundred messages, at a cent each, its included $20 pay first.
  const send = () => page.request.post("/api/v1/usage", { headers, data: { ...usage, quantity: 2_200 } })
  const first = await send()
  expect(first.status()).toBe(200)
  expect(await first.json()).toMatchObject({ cost: "21.00", balance: "6.00", replayed: false })
  const again = await send()
  expect(again.headers()["idempotent-replayed"]).toBe("true")
  expect(await again.json()).toMatchObject({ balance: "6.00", replayed: true })
  await signInAs(team.owner)
  await page.goto(billingPath)
  await expect(page.getByText("$6.00").first()).toBeVisible()
})

test("the app answers every wrong request with the API’s error document", async ({ page, db, team }) => {
  const { apiKey } = await createTestApiKey(db, team)
  const authorization = `Bearer ${apiKey}`
  const json = { authorization, "content-type": "application/json" }
  const cases: [number, string, string, { headers?: Record<string, string>; data?: string }][] = [
    [401, "POST", "/usage", { data: JSON.stringify(usage) }],
    [400, "POST", "/usage", { headers: json, data: JSON.stringify(usage) }],
    [400, "POST", "/usage", { headers: json, data: "{" }],
    [404, "GET", "/nothing", {}],
    [404, "GET", "/holds/hold_00000000000000000000000000", { headers: { authorization } }],
    [405, "DELETE", "/balance", {}],
    [405, "PUT", "/usage", { headers: json, data: "{}" }],
    [405, "PATCH", "/usage", { headers: json, data: "{}" }],
    [413, "POST", "/usage", { headers: json, data: `{"records":["${"x".repeat(1_048_576)}"]}` }],
    [415, "POST", "/usage", { headers: { ...json, "content-type": "text/plain" }, data: "{}" }],
  ]
  for (const [status, method, path, sent] of cases) {
    const response = await page.request.fetch(`/api/v1${path}`, { method, ...sent })
    expect(response.status(), `${method} ${path}`).toBe(status)
    const headers = response.headers()
    expect(headers["content-type"]).toBe("application/problem+json")
    expect(headers["cache-control"]).toBe("no-store")
    const problem = await response.json()
    expect(problem).toMatchObject({ status, instance: `/api/v1${path}`, request_id: headers["x-request-id"] })
    expect((await page.request.get(problem.type)).status(), problem.type).toBe(200)
  }
  const options = await page.request.fetch("/api/v1/usage", { method: "OPTIONS" })
  expect([options.status(), options.headers().allow]).toEqual([204, "POST, GET, HEAD, OPTIONS"])
  expect((await (await page.request.get("/api/v1/openapi.json")).json()).openapi).toBe("3.1.0")
})
