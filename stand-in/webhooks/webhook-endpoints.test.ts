import { expect, test } from "vitest"
import { API_VERSION } from "../notation/errors"
import { standInPerTest } from "../testing"

const standIn = standInPerTest()
const url = "https://example.com/api/webhooks/stripe"

test("shows an endpoint's secret when it is made and never again", async () => {
  const { webhookEndpoints } = standIn.stripe
  const made = await webhookEndpoints.create({
    url,
    enabled_events: ["invoice.paid"],
    api_version: API_VERSION,
  })
  expect(made).toMatchObject({ secret: expect.stringMatching(/^whsec_/), api_version: API_VERSION })
  for (const read of [await webhookEndpoints.retrieve(made.id), (await webhookEndpoints.list()).data[0]])
    expect(read).toMatchObject({ id: made.id, url, enabled_events: ["invoice.paid"], status: "enabled" })
  expect(JSON.stringify((await webhookEndpoints.list()).data)).not.toContain("whsec_")
})

test("changes what an endpoint hears, and switches it off", async () => {
  const { webhookEndpoints } = standIn.stripe
  const { id } = await webhookEndpoints.create({ url, enabled_events: ["invoice.paid"] })
  const changed = await webhookEndpoints.update(id, { enabled_events: ["*"], disabled: true })
  expect(changed).toMatchObject({ enabled_events: ["*"], status: "disabled" })
  expect(changed.secret).toBeUndefined()
})

test("tells of an endpoint that was made for another version of the API", async () => {
  const { control, stripe } = standIn
  await control.addEndpoint({ url, secret: "whsec_x", api_version: "2024-06-20" })
  expect((await stripe.webhookEndpoints.list()).data).toMatchObject([{ url, api_version: "2024-06-20" }])
})
