import { beforeEach, describe, expect, test } from "vitest"
import { saveInput, topUpCtx } from "@/dev/testing/auto-top-up"
import { usd } from "@/dev/testing/ledger"
import { listNotifications } from "@/dev/testing/notifications"
import { addCard } from "@/dev/testing/payment-methods"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import type { Role } from "@/lib/db/generated/enums"
import { ConflictError, ForbiddenError, NotFoundError } from "@/lib/errors"
import { fanOut } from "@/lib/jobs/fan-out"
import { removeMember } from "@/lib/members/remove-member"
import { getInbox } from "@/lib/notifications/queries"
import { approve, decline, withdraw } from "./answer-approval"
import { getApprovals } from "./approval-queries"
import { saveRule } from "./approval-rule"
import { saveSettings } from "./save-settings"

const world = testWorld()
let team: TestTeam

beforeEach(async () => {
  await world.stripe.control.reset()
  team = await createTestTeam(world.db)
  await addCard(world, team)
  await saveRule(ctx(team.owner), { version: 0, aboveNanos: usd(300) })
})

const ctx = (actor: TestMember, now = new Date()) => topUpCtx(world, team, { actor, now })
type Input = NonNullable<Parameters<typeof saveInput>[2]>
const save = async (actor: TestMember, more: Input, now = new Date()) =>
  saveSettings(ctx(actor, now), await saveInput(world, team, { enabled: true, agreedCharge: null, ...more }))
const pending = async (now = new Date()) => (await getApprovals(world.db, team.id, now)).pending
const idOf = async () => (await pending())[0]?.id ?? ""
const capNanos = async () =>
  (await world.db.spendCap.findUniqueOrThrow({ where: { teamId: team.id } })).capNanos
const settings = () => world.db.autoTopUpSettings.findFirst({ where: { teamId: team.id } })
const kinds = async () =>
  (await world.db.auditEvent.findMany({ where: { teamId: team.id }, orderBy: { id: "asc" } })).map(
    ({ kind }) => kind,
  )

describe("a higher cap above the figure", () => {
  test("waits, and is made as it was asked for when somebody else approves it", async () => {
    expect(await save(team.owner, { capNanos: usd(500), amountNanos: usd(400) })).toEqual({
      status: "pending",
    })
    expect([await capNanos(), await settings()]).toEqual([usd(200), null])
    expect(await pending()).toMatchObject([
      {
        askedBy: "OWNER of the test",
        pool: { id: team.owner.poolId, holder: "OWNER of the test" },
        change: {
          now: null,
          nowCapNanos: usd(200),
          to: { enabled: true, amountNanos: usd(400), capNanos: usd(500) },
        },
        isOvertaken: false,
      },
    ])
    expect(await approve(ctx(team.admin), { approvalId: await idOf() })).toEqual({ status: "approved" })
    expect(await capNanos()).toBe(usd(500))
    expect(await settings()).toMatchObject({ enabled: true, amountNanos: usd(400) })
    expect(await pending()).toEqual([])
    expect(await kinds()).toEqual([
      "approval_rule.changed",
      "approval.requested",
      "spend_cap.changed",
      "auto_top_up.changed",
      "approval.approved",
    ])
    // The pool is low, and nobody was told of a charge.
    expect(await world.db.purchase.count({ where: { teamId: team.id } })).toBe(0)
  })

  test("is never approved by its asker, nor by a Member, and not found by another team", async () => {
    await save(team.owner, { capNanos: usd(500) })
    const approvalId = await idOf()
    const others = await createTestTeam(world.db)
    await expect(approve(ctx(team.owner), { approvalId })).rejects.toThrow(ForbiddenError)
    await expect(decline(ctx(team.owner), { approvalId })).rejects.toThrow(ForbiddenError)
    await expect(approve(ctx(team.member), { approvalId })).rejects.toThrow(ForbiddenError)
    await expect(withdraw(ctx(team.admin), { approvalId })).rejects.toThrow(ForbiddenError)
    await expect(approve(topUpCtx(world, others, { actor: others.owner }), { approvalId })).rejects.toThrow(
      NotFoundError,
    )
    expect(await capNanos()).toBe(usd(200))
    expect(await withdraw(ctx(team.owner), { approvalId })).toEqual({ status: "withdrawn" })
    await expect(approve(ctx(team.admin), { approvalId })).rejects.toThrow(ConflictError)
  })

  test("declined changes nothing, and can be asked for again", async () => {
    await save(team.owner, { capNanos: usd(500) })
    expect(await decline(ctx(team.admin), { approvalId: await idOf() })).toEqual({ status: "declined" })
    expect(await capNanos()).toBe(usd(200))
    expect(await save(team.owner, { capNanos: usd(500) })).toEqual({ status: "pending" })
  })

  test("isn’t approved any more after seven days", async () => {
    const asked = new Date()
    await save(team.owner, { capNanos: usd(500) }, asked)
    const approvalId = await idOf()
    const later = new Date(asked.getTime() + 7 * DAY_MS)
    expect(await pending(later)).toEqual([])
    await expect(approve(ctx(team.admin, later), { approvalId })).rejects.toThrow(ConflictError)
    expect(await save(team.admin, { capNanos: usd(500) }, later)).toEqual({ status: "pending" })
  })

  test.each(["owner", "admin"] as const)(
    "is overtaken by a save of the %s’s pool, and says so",
    async (whose) => {
      await save(team.owner, { capNanos: usd(500) })
      const approvalId = await idOf()
      await save(team.admin, { poolId: team[whose].poolId, enabled: false, capNanos: usd(150) })
      expect(await pending()).toMatchObject([{ isOvertaken: true }])
      expect(await approve(ctx(team.admin), { approvalId })).toEqual({ status: "overtaken" })
      expect(await capNanos()).toBe(usd(150))
    },
  )

  test("is overtaken when its asker may no longer ask for it", async () => {
    await save(team.admin, { capNanos: usd(500) })
    const approvalId = await idOf()
    await world.db.member.updateMany({ where: { id: team.admin.memberId }, data: { role: "MEMBER" } })
    expect(await approve(ctx(team.owner), { approvalId })).toEqual({ status: "overtaken" })
    expect(await capNanos()).toBe(usd(200))
  })

  test("is overtaken when the pool’s holder has left", async () => {
    await save(team.owner, { poolId: team.member.poolId, capNanos: usd(500) })
    const approvalId = await idOf()
    await removeMember(ctx(team.owner), { memberId: team.member.memberId, credits: "move" })
    expect(await approve(ctx(team.admin), { approvalId })).toEqual({ status: "overtaken" })
    expect([await capNanos(), await settings()]).toEqual([usd(200), null])
  })

  test("one’s own later change takes the place of the earlier, and somebody else’s has to wait", async () => {
    await save(team.owner, { capNanos: usd(500) })
    await save(team.owner, { capNanos: usd(600) })
    expect(await pending()).toMatchObject([{ change: { to: { capNanos: usd(600) } } }])
    await expect(save(team.admin, { capNanos: usd(700) })).rejects.toThrow("Another change waits")
  })

  test("is answered once by twenty at once, half of whom approve", async () => {
    await save(team.owner, { capNanos: usd(500) })
    const approvalId = await idOf()
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? approve : decline)(ctx(team.admin), { approvalId })),
    )
    const done = all.flatMap((each) => (each.status === "fulfilled" ? [each.value.status] : []))
    expect(done).toHaveLength(1)
    expect(await capNanos()).toBe(done[0] === "approved" ? usd(500) : usd(200))
    expect((await kinds()).filter((kind) => /approved|declined/.test(kind))).toHaveLength(1)
  })
})

describe("people are told", () => {
  const told = async () => {
    const rows = await listNotifications(world, team)
    return rows.flatMap(({ id, type, data }) => (type.startsWith("approval_") ? [{ id, type, data }] : []))
  }
  const titles = async (member: TestMember, role: Role) =>
    (await getInbox(world.db, team.id, { id: member.memberId, role }, new Date())).items.map(
      ({ title }) => title,
    )
  const mailed = async () => {
    const mails = await world.db.notificationMail.findMany({ where: { teamId: team.id } })
    return mails.map(({ memberId }) => memberId)
  }

  test("of a change that waits: the others who may approve it, at the bell and by mail, once", async () => {
    await save(team.owner, { capNanos: usd(500), amountNanos: usd(400) })
    expect(await told()).toMatchObject([
      {
        type: "approval_requested",
        data: {
          name: "OWNER of the test",
          change: { enabled: true, amount: "400.00", cap: "500.00" },
        },
      },
    ])
    expect(await titles(team.admin, "ADMIN")).toEqual(["OWNER of the test asks for your approval"])
    expect([await titles(team.owner, "OWNER"), await titles(team.member, "MEMBER")]).toEqual([[], []])
    for (const { id } of [...(await told()), ...(await told())])
      await fanOut({ db: world.db, now: new Date() }, { teamId: team.id, notificationId: id })
    expect(await mailed()).toEqual([team.admin.memberId])
  })

  test("of the answer: its asker alone, and of an own withdrawal nobody", async () => {
    await save(team.admin, { capNanos: usd(500) })
    await withdraw(ctx(team.admin), { approvalId: await idOf() })
    await save(team.admin, { capNanos: usd(600) })
    await decline(ctx(team.owner), { approvalId: await idOf() })
    await save(team.admin, { capNanos: usd(700) })
    await approve(ctx(team.owner), { approvalId: await idOf() })
    expect(await titles(team.admin, "ADMIN")).toEqual([
      "Your change was approved",
      "Your change was declined",
    ])
    expect(await titles(team.owner, "OWNER")).toEqual(
      Array(3).fill("ADMIN of the test asks for your approval"),
    )
    expect((await told()).map(({ type }) => type)).toEqual([
      "approval_requested",
      ...["approval_requested", "approval_answered"],
      ...["approval_requested", "approval_answered"],
    ])
  })

  test("that it was overtaken, if it was", async () => {
    await save(team.owner, { capNanos: usd(500) })
    const approvalId = await idOf()
    await save(team.admin, { poolId: team.admin.poolId, enabled: false, capNanos: usd(150) })
    await approve(ctx(team.admin), { approvalId })
    expect(await titles(team.owner, "OWNER")).toEqual(["Your change was overtaken"])
  })

  test("of nothing that isn’t committed", async () => {
    await save(team.owner, { capNanos: usd(500) })
    await expect(approve(ctx(team.owner), { approvalId: await idOf() })).rejects.toThrow(ForbiddenError)
    await expect(save(team.admin, { capNanos: usd(700) })).rejects.toThrow(ConflictError)
    expect(await told()).toHaveLength(1)
  })
})

test("a lower cap and what stays below the figure need nobody", async () => {
  expect(await save(team.owner, { capNanos: usd(300), amountNanos: usd(300) })).toMatchObject({
    status: "not_agreed",
  })
  expect(await save(team.owner, { enabled: false, capNanos: usd(300) })).toMatchObject({ status: "saved" })
  expect(await save(team.owner, { enabled: false, capNanos: usd(100) })).toMatchObject({ status: "saved" })
  expect(await pending()).toEqual([])
})

test("no cap at all, and a higher amount alone, need approval too", async () => {
  await saveRule(ctx(team.owner), { version: 1, aboveNanos: usd(100) })
  expect(await save(team.owner, { capNanos: null })).toEqual({ status: "pending" })
  expect(await save(team.owner, { amountNanos: usd(150) })).toEqual({ status: "pending" })
  expect(await pending()).toHaveLength(1)
})

describe("the rule", () => {
  const rule = () => world.db.approvalRule.findUniqueOrThrow({ where: { teamId: team.id } })

  test("is turned off, or loosened, only when somebody else approves", async () => {
    expect(await saveRule(ctx(team.owner), { version: 1, aboveNanos: usd(900) })).toEqual({
      status: "pending",
    })
    expect(await saveRule(ctx(team.owner), { version: 1, aboveNanos: null })).toEqual({ status: "pending" })
    expect((await rule()).aboveNanos).toBe(usd(300))
    expect(await pending()).toMatchObject([{ pool: null, change: null, aboveNanos: null }])
    expect(await approve(ctx(team.admin), { approvalId: await idOf() })).toEqual({ status: "approved" })
    expect((await rule()).aboveNanos).toBeNull()
    expect(await save(team.owner, { enabled: false, capNanos: usd(500) })).toMatchObject({ status: "saved" })
  })

  test("is tightened at once, and a change of it overtakes what waits", async () => {
    await saveRule(ctx(team.owner), { version: 1, aboveNanos: null })
    expect(await saveRule(ctx(team.admin), { version: 1, aboveNanos: usd(50) })).toEqual({ status: "saved" })
    expect(await pending()).toMatchObject([{ isOvertaken: true }])
    expect(await approve(ctx(team.admin), { approvalId: await idOf() })).toEqual({ status: "overtaken" })
    expect((await rule()).aboveNanos).toBe(usd(50))
  })

  test("needs a second Owner or Admin, and the version that the person saw", async () => {
    const alone = await createTestTeam(world.db)
    await world.db.member.updateMany({ where: { id: alone.admin.memberId }, data: { removedAt: new Date() } })
    const ask = (of: TestTeam, actor: TestMember, version: number) =>
      saveRule(topUpCtx(world, of, { actor }), { version, aboveNanos: usd(1) })
    await expect(ask(alone, alone.owner, 0)).rejects.toThrow("second Owner or Admin")
    await expect(ask(team, team.owner, 0)).rejects.toThrow("in the meantime")
    await expect(ask(team, team.member, 1)).rejects.toThrow(ForbiddenError)
  })
})

test("the database keeps an asker from approving", async () => {
  await save(team.owner, { capNanos: usd(500) })
  await expect(
    world.db.approval.updateMany({
      where: { teamId: team.id },
      data: { status: "approved", answeredByMemberId: team.owner.memberId, answeredAt: new Date() },
    }),
  ).rejects.toThrow("answered_by_somebody_else")
})
