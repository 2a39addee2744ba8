import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { readPool, usd } from "@/dev/testing/ledger"
import { findLedgerFaults } from "@/dev/testing/ledger-holds"
import { limitedTeam, refusalOf } from "@/dev/testing/limits"
import { SMS_NANOS } from "@/dev/testing/metering"
import { answerTo, usageOf } from "@/dev/testing/metering-usage"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import type { Metering } from "@/lib/metering/metering"
import { openHold } from "@/lib/metering/open-hold"
import { preflight } from "@/lib/metering/preflight"
import type { Cause } from "@/lib/metering/resolve-payer"
import { captureHold, releaseHold } from "@/lib/metering/settle-hold"
import { removeLimit } from "./remove-limit"
import { saveLimit } from "./save-limit"

const world = testDatabase()
const limited = limitedTeam(world)
const { meterings, ctx, byMember, spend, usage } = limited

const limitMember = (amountNanos: bigint, isHard = true) =>
  saveLimit(ctx(), {
    subject: { kind: "member", memberId: limited.team.member.memberId },
    amountNanos,
    isHard,
  })
const readLimit = () => world.db.spendLimit.findFirstOrThrow({ where: { teamId: limited.team.id } })
const hold = (cause: Cause, quantity: bigint) =>
  openHold(
    limited.metering,
    limited.team.id,
    { key: null, consumable: "sms", quantity, cause, lifeMs: 60_000, authorise: () => undefined },
    new Date(),
  )
const told = () =>
  world.db.notification.findMany({
    where: { teamId: limited.team.id, type: "credit_spend_limit_reached" },
    orderBy: { createdAt: "asc" },
  })

test("1,000 simultaneous spends from four processes pass as far as the member’s limit goes, to the nano", async () => {
  await limitMember(50n * SMS_NANOS)
  const processes = meterings.startMany(4)
  const answers = await Promise.all(
    processes.flatMap((by) => Array.from({ length: 250 }, () => spend(byMember(), { by }))),
  )
  expect(answers.filter((answer) => "receipt" in answer)).toHaveLength(50)
  expect(await readLimit()).toMatchObject({ spentNanos: 50n * SMS_NANOS, heldNanos: 0n, toldPercent: 100 })
  const pool = await readPool(world.db, { teamId: limited.team.id, poolId: limited.team.member.poolId })
  expect(pool.lifetimeSpentNanos).toBe(50n * SMS_NANOS)
  expect(await findLedgerFaults(world.db)).toEqual([])
})

test("a limit never refuses what it still covers: mixed amounts fill it exactly", async () => {
  await limitMember(60n * SMS_NANOS)
  const processes = meterings.startMany(3)
  const amounts = [1n, 2n, 3n, 4n, 5n].flatMap((quantity) => Array.from({ length: 12 }, () => quantity))
  await Promise.all(
    amounts.map((quantity, index) => spend(byMember(), { quantity, by: processes[index % 3] })),
  )
  for (let n = 0; n < 6; n++) await spend(byMember())
  expect((await readLimit()).spentNanos).toBe(60n * SMS_NANOS)
})

test("a key’s limit counts whoever pays, in every pool and process", async () => {
  const { id: apiKeyId } = await createTestApiKey(world.db, limited.team)
  await saveLimit(ctx(), {
    subject: { kind: "api_key", apiKeyId },
    amountNanos: 30n * SMS_NANOS,
    isHard: true,
  })
  const processes = meterings.startMany(3)
  const causes: Cause[] = [
    { trigger: "api_key", user: null, apiKeyId },
    { trigger: "user", user: limited.team.member.memberId, apiKeyId },
  ]
  const answers = await Promise.all(
    Array.from({ length: 120 }, (_, index) =>
      spend(causes[index % 2] as Cause, { by: processes[index % 3] as Metering }),
    ),
  )
  expect(answers.filter((answer) => "receipt" in answer)).toHaveLength(30)
  expect((await refusalOf(usage(causes[0] as Cause))).reason).toBe("key_limit_reached")
  expect("receipt" in (await spend({ trigger: "api_key", user: null, apiKeyId: null }))).toBe(true)
})

test("a process that remembers a key’s limit from before another spent of it, in another pool, exceeds it by nothing", async () => {
  const { id: apiKeyId } = await createTestApiKey(world.db, limited.team)
  await saveLimit(ctx(), {
    subject: { kind: "api_key", apiKeyId },
    amountNanos: 100n * SMS_NANOS,
    isHard: true,
  })
  const ownersPool: Cause = { trigger: "api_key", user: null, apiKeyId }
  const membersPool: Cause = { trigger: "user", user: limited.team.member.memberId, apiKeyId }
  const [one, other] = meterings.startMany(2) as [Metering, Metering]
  for (let n = 0; n < 3; n++) {
    await spend(ownersPool, { by: one })
    await spend(membersPool, { by: other })
  }
  expect("receipt" in (await spend(membersPool, { by: other, quantity: 90n }))).toBe(true)
  expect(await spend(ownersPool, { by: one, quantity: 5n })).toEqual({ refused: "insufficient_credits" })
  expect("receipt" in (await spend(ownersPool, { by: one, quantity: 4n }))).toBe(true)
  expect((await readLimit()).spentNanos).toBe(100n * SMS_NANOS)
})

describe("a refusal", () => {
  test("says which limit, how much it is and what it leaves, and makes nobody due for a top-up", async () => {
    await limitMember(3n * SMS_NANOS)
    await spend(byMember(), { quantity: 2n })
    expect(await refusalOf(usage(byMember(), 2n))).toMatchObject({
      reason: "member_limit_reached",
      requiredNanos: 2n * SMS_NANOS,
      limit: { kind: "member", amountNanos: 3n * SMS_NANOS, leftNanos: SMS_NANOS },
    })
    expect((await readLimit()).spentNanos).toBe(2n * SMS_NANOS)
  })

  test("names the pool first if that holds too little as well", async () => {
    await limitMember(usd(1))
    expect(await refusalOf(usage(byMember(), 100_000n))).toMatchObject({ reason: "not_enough", limit: null })
  })

  test("ends with the limit: raised, removed, or in the next month", async () => {
    await limitMember(SMS_NANOS)
    await spend(byMember())
    expect(await spend(byMember())).toEqual({ refused: "insufficient_credits" })
    await limitMember(2n * SMS_NANOS)
    expect("receipt" in (await spend(byMember()))).toBe(true)
    expect(await spend(byMember())).toEqual({ refused: "insufficient_credits" })
    const { id } = await readLimit()
    await world.db.spendLimit.update({
      where: { teamId_id: { teamId: limited.team.id, id } },
      data: { month: new Date("2020-01-01") },
    })
    expect("receipt" in (await spend(byMember()))).toBe(true)
    expect((await readLimit()).spentNanos).toBe(SMS_NANOS)
    await removeLimit(ctx(), { limitId: id })
    for (let n = 0; n < 3; n++) expect("receipt" in (await spend(byMember()))).toBe(true)
  })

  test("is in the preflight too", async () => {
    await limitMember(SMS_NANOS)
    const asked = { consumable: "sms" as const, quantity: 2n, cause: byMember() }
    expect(await preflight(limited.metering, limited.team.id, asked, new Date())).toMatchObject({
      refusal: { reason: "member_limit_reached" },
      limits: [{ kind: "member", amountNanos: SMS_NANOS, spentNanos: 0n }],
    })
  })
})

test("a limit of nothing lets pass what the allowance pays, and nothing else", async () => {
  await limitMember(0n)
  const free = usageOf({ cause: byMember(), consumable: "api_calls" })
  expect("receipt" in (await answerTo(limited.metering, limited.team.id, free))).toBe(true)
  expect(await spend(byMember())).toEqual({ refused: "insufficient_credits" })
})

test("a limit begins with what the month’s usage has cost already", async () => {
  for (let n = 0; n < 3; n++) await spend(byMember())
  await limitMember(5n * SMS_NANOS)
  expect((await readLimit()).spentNanos).toBe(3n * SMS_NANOS)
  await spend(byMember(), { quantity: 2n })
  expect(await spend(byMember())).toEqual({ refused: "insufficient_credits" })
})

test("a soft limit refuses nothing and is told of at 80% and at 100%, once", async () => {
  await limitMember(10n * SMS_NANOS, false)
  for (let n = 0; n < 14; n++) expect("receipt" in (await spend(byMember()))).toBe(true)
  expect((await told()).map(({ data }) => data)).toMatchObject([
    { percent: 80, used: "0.096", refuses: false, of: "member" },
    { percent: 100, used: "0.12", refuses: false },
  ])
  expect((await readLimit()).spentNanos).toBe(14n * SMS_NANOS)
})

test("a hard limit that refuses is told of as reached, once, with some of it left", async () => {
  await limitMember(3n * SMS_NANOS)
  for (let n = 0; n < 3; n++) await spend(byMember(), { quantity: 4n })
  expect((await told()).map(({ data }) => data)).toMatchObject([
    { percent: 100, used: "0.00", refuses: true },
  ])
})

describe("a hold", () => {
  test("counts from its opening, and what it doesn’t need comes back", async () => {
    await limitMember(10n * SMS_NANOS)
    const { hold: opened } = await hold(byMember(), 6n)
    expect(await readLimit()).toMatchObject({ heldNanos: 6n * SMS_NANOS, spentNanos: 0n })
    expect((await refusalOf(hold(byMember(), 5n))).reason).toBe("member_limit_reached")
    expect(await spend(byMember(), { quantity: 5n })).toEqual({ refused: "insufficient_credits" })
    await captureHold(
      limited.metering,
      limited.team.id,
      { holdId: opened.id, authorise: () => undefined, readQuantity: () => 2n },
      new Date(),
    )
    expect(await readLimit()).toMatchObject({ heldNanos: 0n, spentNanos: 2n * SMS_NANOS })
    expect("receipt" in (await spend(byMember(), { quantity: 8n }))).toBe(true)
  })

  test("that is released gives its part back", async () => {
    await limitMember(10n * SMS_NANOS)
    const { hold: opened } = await hold(byMember(), 10n)
    await releaseHold(
      limited.metering,
      limited.team.id,
      { holdId: opened.id, authorise: () => undefined },
      new Date(),
    )
    expect(await readLimit()).toMatchObject({ heldNanos: 0n, spentNanos: 0n })
    expect("receipt" in (await spend(byMember(), { quantity: 10n }))).toBe(true)
  })

  test("keeps what it has set aside when the limit is lowered, and takes no more", async () => {
    await limitMember(10n * SMS_NANOS)
    const { hold: opened } = await hold(byMember(), 6n)
    await limitMember(2n * SMS_NANOS)
    const { receipt } = await captureHold(
      limited.metering,
      limited.team.id,
      { holdId: opened.id, authorise: () => undefined, readQuantity: () => 9n },
      new Date(),
    )
    expect(receipt).toMatchObject({ costNanos: 6n * SMS_NANOS, shortfallNanos: 3n * SMS_NANOS })
    expect(await readLimit()).toMatchObject({ heldNanos: 0n, spentNanos: 6n * SMS_NANOS })
    expect(await spend(byMember())).toEqual({ refused: "insufficient_credits" })
  })

  test("from before the limit isn’t counted as held, and its capture is", async () => {
    const { hold: opened } = await hold(byMember(), 4n)
    await limitMember(5n * SMS_NANOS)
    expect(await readLimit()).toMatchObject({ heldNanos: 0n })
    await captureHold(
      limited.metering,
      limited.team.id,
      { holdId: opened.id, authorise: () => undefined, readQuantity: () => 4n },
      new Date(),
    )
    expect(await readLimit()).toMatchObject({ heldNanos: 0n, spentNanos: 4n * SMS_NANOS })
  })
})

describe("setting a limit", () => {
  test("is for Owners and Admins; an Admin can’t limit an Owner", async () => {
    const ofOwner = {
      subject: { kind: "member" as const, memberId: limited.team.owner.memberId },
      isHard: true,
    }
    await expect(saveLimit(ctx(limited.team.member), { ...ofOwner, amountNanos: 1n })).rejects.toThrow(
      "Ask an Owner",
    )
    await expect(saveLimit(ctx(limited.team.admin), { ...ofOwner, amountNanos: 1n })).rejects.toThrow(
      "Only an Owner",
    )
    await saveLimit(ctx(), { ...ofOwner, amountNanos: usd(1) })
    const { id: limitId } = await readLimit()
    await expect(removeLimit(ctx(limited.team.admin), { limitId })).rejects.toThrow("Only an Owner")
    await removeLimit(ctx(), { limitId })
    const kinds = await world.db.auditEvent.findMany({
      where: { teamId: limited.team.id },
      orderBy: { id: "asc" },
    })
    expect(kinds.map(({ kind }) => kind)).toEqual(["limit.changed", "limit.removed"])
  })

  test("names a member of this team by id or address, or a working key of it", async () => {
    const other = await createTestTeam(world.db)
    const terms = { amountNanos: usd(1), isHard: true }
    const email = (address: string) => ({ kind: "email" as const, email: address })
    await saveLimit(ctx(), { ...terms, subject: email(limited.team.member.email) })
    expect((await readLimit()).memberId).toBe(limited.team.member.memberId)
    await expect(saveLimit(ctx(), { ...terms, subject: email(other.member.email) })).rejects.toThrow(
      "No member of your team has this email address.",
    )
    const { id: apiKeyId } = await createTestApiKey(world.db, other)
    for (const subject of [
      { kind: "member" as const, memberId: other.member.memberId },
      { kind: "api_key" as const, apiKeyId },
      { kind: "api_key" as const, apiKeyId: randomUUID() },
    ])
      await expect(saveLimit(ctx(), { ...terms, subject })).rejects.toThrow("doesn’t exist")
    await world.db.member.update({
      where: { teamId_id: { teamId: limited.team.id, id: limited.team.admin.memberId } },
      data: { removedAt: new Date() },
    })
    await expect(saveLimit(ctx(), { ...terms, subject: email(limited.team.admin.email) })).rejects.toThrow(
      "No member",
    )
  })

  test("of twenty at once leaves one limit", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => limitMember(usd(index + 1))))
    expect(await world.db.spendLimit.count({ where: { teamId: limited.team.id } })).toBe(1)
  })
})
