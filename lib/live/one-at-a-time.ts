/**
 * Wraps work that may be requested any number of times while it runs. It then runs once more, so that no request is
 * missed, and never twice at once.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let isRunning = false
  let isAskedFor = false
  return async () => {
    isAskedFor = true
    if (isRunning) return
    isRunning = true
    try {
      while (isAskedFor) {
        isAskedFor = false
        await work()
      }
    } finally {
      isRunning = false
    }
  }
}
