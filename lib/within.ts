export class TimeUpError extends Error {
  constructor(timeoutMs: number) {
    super(`Took longer than ${timeoutMs} ms`)
    this.name = "TimeUpError"
  }
}

/**
 * Settles as the work does, or throws a TimeUpError if the time is up first. The work goes on, so it must be safe to
 * finish late. It has its own timer: a signal that nobody holds may be collected before its time is up.
 */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeUpError(timeoutMs)), timeoutMs)
  })
  try {
    return await Promise.race([work, timeUp])
  } finally {
    clearTimeout(timer)
  }
}
