/**
 * Measures how fast the stand-in itself is: pays many sessions and waits until a trivial receiver has every webhook.
 * `npx tsx stand-in/load.ts [payments]`
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import Stripe from "stripe"
import { startStripeStandIn } from "./server"

const payments = Number(process.argv[2] ?? 10_000)
const PARALLEL = 16
const ENDPOINTS = 2

let received = 0
const receiver = createServer((request, response) => {
  request.resume().on("end", () => {
    received += 1
    response.writeHead(200).end()
  })
})
await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve))
const hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`

const standIn = await startStripeStandIn({ port: 0 })
for (let n = 0; n < ENDPOINTS; n += 1) {
  await standIn.control.addEndpoint({ url: `${hook}/${n}`, secret: "whsec_load" })
}
const { hostname, port } = new URL(standIn.url)
const stripe = new Stripe("sk_test_load", { host: hostname, port: Number(port), protocol: "http" })
const PRICE = { currency: "usd", unit_amount: 2500, product_data: { name: "Credits" } }
const startedMs = performance.now()
let left = payments

async function payAll(): Promise<void> {
  while (left > 0) {
    left -= 1
    const customer = await stripe.customers.create({ email: "load@example.com" })
    const session = await stripe.checkout.sessions.create({
      customer: customer.id,
      mode: "payment",
      ui_mode: "embedded_page",
      redirect_on_completion: "never",
      line_items: [{ quantity: 1, price_data: PRICE }],
    })
    await standIn.control.pay(session.id)
  }
}

function seconds(): string {
  return ((performance.now() - startedMs) / 1000).toFixed(1)
}

await Promise.all(Array.from({ length: PARALLEL }, payAll))
console.log(`${payments} payments after ${seconds()} s, ${received} webhooks received`)
const listedMs = performance.now()
await stripe.events.list({ limit: 100, delivery_success: false })
await stripe.charges.list({ limit: 100, created: { gte: Math.floor(Date.now() / 1000) - 60 } })
console.log(`two lists in ${(performance.now() - listedMs).toFixed(1)} ms`)
const wanted = payments * 5 * ENDPOINTS
while (received < wanted) await new Promise((resolve) => setTimeout(resolve, 50))
const mebibytes = Math.round(process.memoryUsage().rss / 2 ** 20)
const { user, system } = process.cpuUsage()
const cpuS = ((user + system) / 1e6).toFixed(1)
console.log(`${received} webhooks after ${seconds()} s, ${cpuS} s of CPU, ${mebibytes} MiB resident`)

await standIn.close()
receiver.close()
