import type { Db } from "@/lib/db/client"
import { fanOut } from "@/lib/jobs/fan-out"
import { tellBalance } from "@/lib/jobs/tell-balance"
import { mailNotification } from "@/lib/notifications/mail-notification"
import { APP_URL } from "./environment"
import type { TestTeam } from "./teams"

type DbWorld = { db: Db }

/** Lists the team's notifications, oldest first. */
export function listNotifications({ db }: DbWorld, team: { id: string }) {
  return db.notification.findMany({
    where: { teamId: team.id },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  })
}

export async function listTypes(world: DbWorld, team: { id: string }): Promise<string[]> {
  return (await listNotifications(world, team)).map(({ type }) => type)
}

type Job = { identifier: string; payload: unknown; key: string }

async function takeJobs(
  { db }: DbWorld,
  task: "tell-balance" | "fan-out-notification" | "mail-notification",
  team: { id: string },
): Promise<Job[]> {
  return db.$queryRaw<Job[]>`
    DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t
    WHERE t.id = j.task_id AND t.identifier = ${task} AND j.payload ->> 'teamId' = ${team.id}
    RETURNING t.identifier, j.payload, j.key`
}

/** Does the worker's next work about falls of the team's pools, at once and whenever it is due. Returns their number. */
export async function workFalls(world: DbWorld, team: TestTeam, now = new Date()): Promise<number> {
  const jobs = await takeJobs(world, "tell-balance", team)
  for (const { payload } of jobs)
    await tellBalance({ db: world.db, now }, payload as Parameters<typeof tellBalance>[1])
  return jobs.length
}

/** Fans out and mails whatever waits. */
export async function workMails(world: DbWorld, team: TestTeam, now = new Date()): Promise<void> {
  for (const { payload } of await takeJobs(world, "fan-out-notification", team))
    await fanOut({ db: world.db, now: new Date() }, payload as Parameters<typeof fanOut>[1])
  for (const { payload } of await takeJobs(world, "mail-notification", team))
    await mailNotification(
      { db: world.db, now, appUrl: APP_URL },
      payload as Parameters<typeof mailNotification>[1],
    )
}
