import { describe, expect, test } from "vitest"
import { readPool, usd } from "@/dev/testing/ledger"
import { limitedTeam, refusalOf } from "@/dev/testing/limits"
import { SMS_NANOS } from "@/dev/testing/metering"
import { testDatabase } from "@/dev/testing/world"
import type { Metering } from "@/lib/metering/metering"
import type { Cause } from "@/lib/metering/resolve-payer"
import { saveProtection } from "./save-protection"

const world = testDatabase()
const limited = limitedTeam(world)
const { meterings, ctx, byMember, spend, usage } = limited

describe("the Owner’s protection", () => {
  const byKey: Cause = { trigger: "api_key", user: null, apiKeyId: null }
  const byOwner = (): Cause => ({ trigger: "user", user: limited.team.owner.memberId, apiKeyId: null })

  test("limits what keys and schedules draw in a month, and no person", async () => {
    await saveProtection(ctx(), { amountNanos: 5n * SMS_NANOS, reserveNanos: 0n })
    await spend(byKey, { quantity: 3n })
    await spend({ trigger: "schedule", user: null, apiKeyId: null }, { quantity: 2n })
    expect(await refusalOf(usage(byKey))).toMatchObject({
      reason: "owner_protected",
      limit: { kind: "owner", amountNanos: 5n * SMS_NANOS, leftNanos: 0n },
    })
    expect("receipt" in (await spend(byOwner(), { quantity: 50n }))).toBe(true)
    expect("receipt" in (await spend(byMember(), { quantity: 50n }))).toBe(true)
  })

  test("keeps a reserve that keys and schedules never touch, under 200 spends at once", async () => {
    await saveProtection(ctx(), { amountNanos: null, reserveNanos: usd(99) })
    const processes = meterings.startMany(3)
    await Promise.all(
      Array.from({ length: 200 }, (_, index) => spend(byKey, { by: processes[index % 3] as Metering })),
    )
    const pool = { teamId: limited.team.id, poolId: limited.team.owner.poolId }
    const left = (await readPool(world.db, pool)).creditsNanos
    expect(left).toBe(usd(100) - (usd(1) / SMS_NANOS) * SMS_NANOS)
    expect(left).toBeGreaterThanOrEqual(usd(99))
    expect((await refusalOf(usage(byKey))).limit).toMatchObject({ kind: "reserve", amountNanos: usd(99) })
    expect("receipt" in (await spend(byOwner(), { quantity: 100n }))).toBe(true)
  })

  test("is changed by Owners and Admins, in the audit log, and not on Enterprise", async () => {
    await saveProtection(ctx(limited.team.admin), { amountNanos: usd(5), reserveNanos: usd(1) })
    const event = { teamId: limited.team.id, kind: "owner_protection.changed" }
    expect(await world.db.auditEvent.findFirstOrThrow({ where: event })).toMatchObject({
      before: { limit: null, reserve: "0.00" },
      after: { limit: "5.00", reserve: "1.00" },
    })
    await expect(
      saveProtection(ctx(limited.team.member), { amountNanos: null, reserveNanos: 0n }),
    ).rejects.toThrow("Ask an Owner or Admin")
    await world.db.team.update({ where: { id: limited.team.id }, data: { plan: "enterprise" } })
    await expect(saveProtection(ctx(), { amountNanos: null, reserveNanos: 0n })).rejects.toThrow(
      "On Enterprise everybody shares",
    )
  })
})
