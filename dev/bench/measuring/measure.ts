/** `cpuMs`: what each call cost the process that answered it, where that was counted. */
export type Measured = { perSecond: number; p50Ms: number; p99Ms: number; cpuMs?: number }
export type Case = { name: string; measure: (ms: number) => Promise<Measured> }
export type Pace = { rounds: number; roundMs: number }

/** Keeps a number of calls in flight for a time, each followed by the next as soon as it is answered. */
export async function load(inFlight: number, ms: number, call: () => Promise<unknown>): Promise<Measured> {
  const latencies: number[] = []
  const begin = performance.now()
  const end = begin + ms
  const one = async () => {
    for (let at = performance.now(); at < end; ) {
      await call()
      const now = performance.now()
      latencies.push(now - at)
      at = now
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  return summarise(latencies, performance.now() - begin)
}

export function summarise(latencies: number[], elapsedMs: number): Measured {
  const sorted = Float64Array.from(latencies).sort()
  const quantile = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  return { perSecond: (sorted.length / elapsedMs) * 1_000, p50Ms: quantile(0.5), p99Ms: quantile(0.99) }
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Each case's measurements in each round. */
export class Rounds {
  constructor(private readonly measured: Map<string, Measured[]>) {}

  /** The medians over the rounds. */
  of(name: string): Measured {
    const rounds = this.roundsOf(name)
    const over = (pick: (round: Measured) => number) => median(rounds.map(pick))
    return {
      perSecond: over(({ perSecond }) => perSecond),
      p50Ms: over(({ p50Ms }) => p50Ms),
      p99Ms: over(({ p99Ms }) => p99Ms),
      cpuMs: over(({ cpuMs }) => cpuMs ?? Number.NaN),
    }
  }

  /** The median of how many times faster one case was than another in the same round. */
  ratio(name: string, floor: string): number {
    return this.compare(name, floor, ({ perSecond }) => perSecond)
  }

  /** The median of how many times the processor time of another a call took in the same round. */
  cpuRatio(name: string, floor: string): number {
    return this.compare(name, floor, ({ cpuMs }) => cpuMs ?? Number.NaN)
  }

  private compare(name: string, floor: string, pick: (round: Measured) => number): number {
    const floors = this.roundsOf(floor)
    return median(
      this.roundsOf(name).map((measured, round) => {
        const beside = floors[round]
        return pick(measured) / (beside ? pick(beside) : Number.NaN)
      }),
    )
  }

  private roundsOf(name: string): Measured[] {
    const rounds = this.measured.get(name)
    if (!rounds) throw new Error(`Nothing was measured as ${name}`)
    return rounds
  }
}

/**
 * Measures the cases in turn, round after round, so that other work on the machine hits them alike. The first round
 * warms up and doesn't count.
 */
export async function interleave(
  cases: Case[],
  { rounds, roundMs }: Pace,
  say: (line: string) => void,
): Promise<Rounds> {
  const measured = new Map<string, Measured[]>(cases.map(({ name }) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const { name, measure } of cases) {
      const result = await measure(roundMs)
      if (round > 0) measured.get(name)?.push(result)
      say(
        `${round === 0 ? "warm-up" : `round ${round} of ${rounds}`}  ${name}: ${Math.round(result.perSecond).toLocaleString("en-US")}/s, p99 ${result.p99Ms.toFixed(2)} ms`,
      )
    }
  }
  return new Rounds(measured)
}
