import { perProcess } from "@/lib/per-process"

/** One person's streams in this process, over all teams: more pages than anybody looks at. */
export const STREAMS_OF_A_PERSON = 10
/** One team's streams. Pages beyond that ask every 20 seconds instead. */
export const STREAMS_OF_A_TEAM = 200

/** Counts open streams, by person and by team. */
class OpenStreams {
  private readonly counts = new Map<string, number>()

  take({ userId, teamId }: { userId: string; teamId: string }): (() => void) | null {
    const [person, team] = [`person:${userId}`, `team:${teamId}`]
    if (this.countOf(person) >= STREAMS_OF_A_PERSON || this.countOf(team) >= STREAMS_OF_A_TEAM) return null
    this.add(person, 1)
    this.add(team, 1)
    return () => {
      this.add(person, -1)
      this.add(team, -1)
    }
  }

  private countOf(key: string): number {
    return this.counts.get(key) ?? 0
  }

  private add(key: string, change: 1 | -1): void {
    const count = this.countOf(key) + change
    if (count > 0) this.counts.set(key, count)
    else this.counts.delete(key)
  }
}

/**
 * Counts one more stream of this person and team, and returns a function that gives it back, once. Null when either
 * has had its share: each costs a connection, and a database query whenever something happens.
 */
export function takeStream(of: { userId: string; teamId: string }): (() => void) | null {
  return perProcess("open-streams", () => new OpenStreams()).take(of)
}
