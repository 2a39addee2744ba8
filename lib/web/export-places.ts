import { perProcess } from "@/lib/per-process"

/** How many exports of a person and of a team this process writes at once. */
export const EXPORTS_AT_ONCE = { user: 2, team: 4 } as const

const running = () => perProcess("running-exports", () => new Map<string, number>())

/**
 * Takes a place among the exports that run. Returns what gives it back, or null when the person or the team has all of
 * theirs.
 */
export function takeExportPlace({ userId, teamId }: { userId: string; teamId: string }): (() => void) | null {
  const counts = running()
  const places = [
    { of: `user ${userId}`, most: EXPORTS_AT_ONCE.user },
    { of: `team ${teamId}`, most: EXPORTS_AT_ONCE.team },
  ]
  if (places.some(({ of, most }) => (counts.get(of) ?? 0) >= most)) return null
  for (const { of } of places) counts.set(of, (counts.get(of) ?? 0) + 1)
  let isGivenBack = false
  return () => {
    if (isGivenBack) return
    isGivenBack = true
    for (const { of } of places) {
      const left = (counts.get(of) ?? 1) - 1
      if (left > 0) counts.set(of, left)
      else counts.delete(of)
    }
  }
}
