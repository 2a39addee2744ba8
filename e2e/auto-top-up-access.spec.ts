import { callServerAction, requireServerAction } from "@/dev/testing/actions"
import { enableTopUp } from "@/dev/testing/auto-top-up"
import { addCard } from "@/dev/testing/payment-methods"
import { giveCredits } from "@/dev/testing/pools"
import { startTestSession } from "@/dev/testing/sessions"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { toPublicId } from "@/lib/ids"
import { expect, test } from "./fixtures"
import { methodWorld } from "./pages/payment-methods-page"

const poolOf = (team: TestTeam) => ({ poolId: toPublicId("pool", team.owner.poolId) })

const ACTIONS: { name: string; inputOf: (team: TestTeam) => object }[] = [
  {
    name: "saveAutoTopUp",
    inputOf: (team) => ({
      ...poolOf(team),
      version: 1,
      enabled: true,
      threshold: "0",
      amount: "70",
      cap: { version: 1, amount: "300" },
      agreedCharge: null,
    }),
  },
  { name: "resumeAutoTopUp", inputOf: (team) => ({ ...poolOf(team), agreedCharge: null }) },
  { name: "readUsage", inputOf: poolOf },
  { name: "readAuthentication", inputOf: poolOf },
  { name: "finishAuthentication", inputOf: poolOf },
]

for (const { name, inputOf } of ACTIONS)
  test(`${name} called without a page obeys only an Owner or Admin of the team`, async ({
    db,
    team,
    billingPath,
  }) => {
    const others = await createTestTeam(db)
    const world = methodWorld(db)
    for (const each of [team, others]) {
      await addCard(world, each)
      // Never low, so that nothing else happens.
      await giveCredits(db, each, each.owner, 20_000_000_000n)
      await enableTopUp(world, each, { threshold: 0 })
    }
    const action = await requireServerAction(name)
    const written = async () => {
      const where = { teamId: { in: [team.id, others.id] } }
      return {
        settings: await db.autoTopUpSettings.findMany({ where, orderBy: { poolId: "asc" } }),
        caps: await db.spendCap.findMany({ where, orderBy: { teamId: "asc" } }),
        changes: await db.autoTopUpChange.count({ where }),
      }
    }
    const before = await written()
    const refused = [
      [null, "sign_in_required"],
      [await startTestSession(db, others.owner.userId), "not_found"],
      [await startTestSession(db, team.member.userId), "forbidden"],
      [await startTestSession(db, team.owner.userId, new Date(Date.now() - 1000)), "sign_in_required"],
    ] as const
    for (const [session, code] of refused) {
      const answer = await callServerAction(action, {
        path: billingPath,
        session,
        args: [team.slug, inputOf(team)],
      })
      expect(answer.value).toMatchObject({ ok: false, code })
    }
    const otherSession = await startTestSession(db, others.owner.userId)
    const input = name === "saveAutoTopUp" ? { ...inputOf(team), version: 0 } : inputOf(team)
    const foreign = await callServerAction(action, {
      path: billingPath,
      session: otherSession,
      args: [others.slug, input],
    })
    expect(foreign.value).toMatchObject({ ok: false, code: "not_found" })
    const session = await startTestSession(db, team.owner.userId)
    for (const input of [
      null,
      [],
      "x",
      {},
      { ...inputOf(team), teamId: team.id },
      { ...inputOf(team), version: "1" },
    ]) {
      const answer = await callServerAction(action, { path: billingPath, session, args: [team.slug, input] })
      expect(answer.value, JSON.stringify(input)).toMatchObject({ ok: false, code: "invalid_input" })
    }
    expect(await written()).toEqual(before)

    const admin = await startTestSession(db, team.admin.userId)
    const answer = await callServerAction(action, {
      path: billingPath,
      session: admin,
      args: [team.slug, inputOf(team)],
    })
    expect(answer.value).toMatchObject({ ok: true })
  })
