import { afterEach, expect, test } from "vitest"
import { consume, credit, usd } from "@/dev/testing/ledger"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { queryIn } from "@/lib/db/query"
import { until } from "@/stand-in/testing"
import { announce } from "./announce"
import { watchTeam } from "./team-changes"

const world = testDatabase()
const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

const listeners = async () => {
  const [row] = await world.db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'credits-live'`
  return row?.count ?? 0
}
async function watch(teamId: string) {
  const heard = { times: 0 }
  stops.push(watchTeam(teamId, () => heard.times++))
  // Once it listens, everybody is told, because nobody knows what was missed until then.
  await until(
    () => heard.times,
    (times) => times > 0,
  )
  heard.times = 0
  return heard
}
const say = (teamId: string) => world.db.$transaction((tx) => announce(queryIn(tx), teamId))

test("an announcement is heard within a second by those who watch the team, and by nobody else", async () => {
  const [one, other] = [await createTestTeam(world.db), await createTestTeam(world.db)]
  const heard = await watch(one.id)
  await say(other.id)
  const beganAt = performance.now()
  await say(one.id)
  await until(
    () => heard.times,
    (times) => times === 1,
    1_000,
  )
  expect(performance.now() - beganAt).toBeLessThan(1_000)
})

test("an announcement in a transaction that fails is not heard", async () => {
  const team = await createTestTeam(world.db)
  const heard = await watch(team.id)
  const failing = world.db.$transaction(async (tx) => {
    await announce(queryIn(tx), team.id)
    throw new Error("after all")
  })
  await expect(failing).rejects.toThrow()
  await say(team.id)
  await until(
    () => heard.times,
    (times) => times > 0,
  )
  expect(heard.times).toBe(1)
})

test("usage, which announces nothing, is seen by itself", async () => {
  const team = await createTestTeam(world.db)
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  await credit(world.db, pool, usd(10))
  const heard = await watch(team.id)
  // The first look only learns the present state.
  await new Promise((resume) => setTimeout(resume, 3_500))
  await consume(world.db, pool, usd(1))
  await until(
    () => heard.times,
    (times) => times > 0,
    8_000,
  )
})

test("a connection that is cut is made again, and everybody is told that something may have happened", async () => {
  const team = await createTestTeam(world.db)
  const heard = await watch(team.id)
  await world.db.$executeRaw`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'credits-live'`
  await until(
    () => heard.times,
    (times) => times > 0,
    10_000,
  )
  heard.times = 0
  await say(team.id)
  await until(
    () => heard.times,
    (times) => times > 0,
  )
})

test("one connection is kept, however often watching ends and begins while it is made", async () => {
  const team = await createTestTeam(world.db)
  for (let n = 0; n < 10; n++) watchTeam(team.id, () => undefined)()
  const heard = await watch(team.id)
  await until(listeners, (count) => count === 1)
  await say(team.id)
  await until(
    () => heard.times,
    (times) => times > 0,
  )
  expect(heard.times).toBe(1)
})

test("no connection is kept when nobody watches", async () => {
  const team = await createTestTeam(world.db)
  await watch(team.id)
  expect(await listeners()).toBe(1)
  for (const stop of stops.splice(0)) stop()
  await until(listeners, (count) => count === 0)
})
