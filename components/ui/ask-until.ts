import type { Refusal } from "./use-action"

type Patience = { tries: number; pauseMs: number }

/**
 * Asks again and again until an answer says what became of something. Returns null if none did: a refusal or no answer
 * says nothing.
 */
export async function askUntil<T, Outcome>(
  { tries, pauseMs }: Patience,
  ask: () => Promise<{ ok: true; value: T } | Refusal>,
  read: (value: T) => Outcome | null,
): Promise<Outcome | null> {
  for (let left = tries; left > 0; left--) {
    const result = await ask().catch(() => null)
    const outcome = result?.ok ? read(result.value) : null
    if (outcome !== null) return outcome
    if (left > 1) await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  return null
}
