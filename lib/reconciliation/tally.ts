import type { Db } from "@/lib/db/client"
import { type Difference, noteDifference, tellDifference } from "./differences"
import { addTeamFigures, type BegunRun, type Figures, keepRun, noteSeen } from "./store"

const NOTHING: Figures = { counted: 0, matched: 0, repaired: 0, differences: 0 }

/** Passed to every step of a run: the run, and where its findings go. `now` is the moment of access. */
export type RunCtx = { db: Db; readonly now: Date; run: BegunRun; tally: Tally }

/** Collects a step's findings, per team and in total, and files them a page at a time, so that it never grows. */
export class Tally {
  private all = { ...NOTHING }
  private teams = new Map<string, Figures>()
  private differences: Difference[] = []
  private seen: { teamId: string; objectId: string }[] = []

  constructor(
    private readonly db: Db,
    private readonly run: BegunRun,
    private readonly now: () => Date,
  ) {}

  /** Counts a compared object. Null: it belongs to no team that we know. */
  add(teamId: string | null, objectId: string, found: "matched" | "repaired" | "differences"): void {
    const team = teamId ? (this.teams.get(teamId) ?? { ...NOTHING }) : null
    if (teamId && team) {
      this.teams.set(teamId, team)
      this.seen.push({ teamId, objectId })
    }
    for (const figures of team ? [this.all, team] : [this.all]) {
      figures.counted += 1
      figures[found] += 1
    }
  }

  addDifference(difference: Difference): void {
    this.add(difference.teamId, difference.objectId, "differences")
    this.differences.push(difference)
  }

  /** Writes all that was collected, or nothing, and raises an alarm for each new difference. */
  async file(): Promise<void> {
    const { all, teams, differences, seen } = this
    this.all = { ...NOTHING }
    this.teams = new Map()
    this.differences = []
    this.seen = []
    const now = this.now()
    const fresh = await this.db.$transaction(async (tx) => {
      await keepRun(tx, this.run, all)
      for (const [teamId, figures] of teams) await addTeamFigures(tx, this.run, teamId, figures)
      if (seen.length > 0) await noteSeen(tx, this.run, seen)
      const isNew: Difference[] = []
      for (const difference of differences)
        if (await noteDifference(tx, this.run, difference, now)) isNew.push(difference)
      return isNew
    })
    for (const difference of fresh) tellDifference(difference)
  }
}
