import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { payCheckout, startTestPurchase } from "@/dev/testing/purchases"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { toPublicId } from "@/lib/ids"
import { readOptions, runCommand } from "./reconcile-command"

const world = testWorld()
const sql = testSql(world)
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})
afterEach(async () => {
  await world.stripe.control.clearFaults()
  await world.db.reconciliationDifference.deleteMany()
  await world.db.stripeEvent.deleteMany()
})

async function command(...args: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = []
  const code = await runCommand(args, (text) => lines.push(text))
  return { code, text: lines.join("\n") }
}

async function pay() {
  const purchase = await startTestPurchase(world, team)
  return { ...purchase, payment: await payCheckout(world, purchase.sessionId) }
}

describe("npm run reconcile", () => {
  test("credits what is missing, prints the figures and ends with 0", async () => {
    await pay()
    const first = await command("--team", team.slug, "--all")
    expect(first.code).toBe(0)
    expect(first.text).toMatch(/Counted +1 /)
    expect(first.text).toMatch(/Repaired +1 /)
    const second = await command("--team", team.slug)
    expect(second.text).toMatch(/Matched +1 /)
    expect(second.text).toMatch(/Repaired +0 /)
  })

  test("lists each difference and ends with 2", async () => {
    const { ref, payment } = await pay()
    await command("--team", team.slug)
    await sql.damage("UPDATE purchases SET captured_nanos = $2 WHERE id = $1", [
      ref.purchaseId,
      String(usd(20)),
    ])
    const { code, text } = await command("--team", team.slug)
    expect(code).toBe(2)
    expect(text).toContain(payment)
    expect(text).toContain(toPublicId("pur", ref.purchaseId))
    expect(text).toMatch(
      new RegExp(`${team.slug} +payment_amount_differs .* Stripe \\$25.00 +ledger \\$25.00`),
    )
    const json = JSON.parse((await command("--team", team.slug, "--json")).text) as Record<string, unknown>
    expect(json).toMatchObject({
      status: "finished",
      figures: { counted: 1, differences: 1 },
      differences: [{ team: team.slug, objectId: payment, stripeMinor: "2500" }],
      failedEvents: [],
    })
    await sql.damage("UPDATE purchases SET captured_nanos = $2 WHERE id = $1", [
      ref.purchaseId,
      String(usd(25)),
    ])
  })

  test("lists the events that couldn’t be processed, with what went wrong, and ends with 2", async () => {
    const { customerId } = await pay()
    await world.db.stripeEvent.create({
      data: {
        id: "evt_poison",
        type: "payment_intent.succeeded",
        objectId: "pi_poison",
        subjectId: "pi_poison",
        customerId,
        status: "failed",
        attempts: 60,
        lastError: "Stripe has no pi_poison",
        createdAt: new Date(),
      },
    })
    const { code, text } = await command("--team", team.slug)
    expect(code).toBe(2)
    expect(text).toMatch(/evt_poison +payment_intent.succeeded +pi_poison +60 times +Stripe has no pi_poison/)
    expect(text).toMatch(/Events +0 /)
    expect((await command("--team", team.slug, "--retry-failed-events")).text).toMatch(/Events +1 /)
  })

  test("ends with 1 and says why when Stripe can’t be reached", async () => {
    await world.stripe.control.fault({ match: { method: "GET" }, times: 4, fault: { kind: "reset" } })
    const { code, text } = await command("--all")
    expect(code).toBe(1)
    expect(text).toContain("The run couldn’t finish: Stripe can’t be reached.")
  })

  test("explains itself", async () => {
    const { code, text } = await command("--help")
    expect(code).toBe(0)
    for (const option of ["--team", "--since", "--all", "--json", "--retry-failed-events"])
      expect(text).toContain(option)
  })

  test("refuses a team that there is not", async () => {
    await expect(command("--team", "nobody")).rejects.toThrow("There is no team nobody.")
  })
})

describe("its options", () => {
  test("name a day in UTC", () => {
    expect(readOptions(["--since", "2026-11-01"]).since).toEqual(new Date("2026-11-01T00:00:00Z"))
    expect(readOptions([]).since).toBeUndefined()
    expect(readOptions(["--all"]).since).toBeNull()
  })

  test.each([
    [["--since", "yesterday"], "--since wants a day such as 2026-11-01."],
    [["--since", "2026-13-01"], "--since wants a day such as 2026-11-01."],
    [["--all", "--since", "2026-11-01"], "--all and --since exclude each other."],
    [["--everything"], "--everything"],
    [["northwind"], "northwind"],
  ])("%j are refused", (args, words) => {
    expect(() => readOptions(args)).toThrow(words)
  })
})
