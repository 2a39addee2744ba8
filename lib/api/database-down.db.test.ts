import { beforeAll, expect, test } from "vitest"
import { startInEnvironment } from "@/dev/testing/environment"
import { callApi, report } from "@/dev/testing/metering-api"
import { newApiKey } from "@/lib/api-keys/key-text"
import { newId } from "@/lib/ids"

// Nothing listens on the database's port.
beforeAll(() => {
  startInEnvironment()
})

test("while the database is down nobody is let in, and everybody is told to come again", async () => {
  const key = newApiKey(newId())
  const answers = [
    await report(key, { consumable: "sms", quantity: 1 }),
    await callApi("GET /balance", { key }),
    await callApi("GET /transactions", { key }),
  ]
  for (const { json, headers } of answers) {
    expect(json).toMatchObject({ status: 503, code: "unavailable", retryable: true })
    expect(headers.get("retry-after")).toBe("2")
  }
})

test("while the database is down what needs none is still answered", async () => {
  expect((await callApi("GET /openapi.json")).status).toBe(200)
  expect((await callApi("GET /balance")).status).toBe(401)
  expect((await callApi("GET /nothing")).status).toBe(404)
})
