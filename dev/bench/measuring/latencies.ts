import type { Measured } from "./measure"

export function quantile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN
}

export const p95 = (values: number[] = []) => quantile(values, 0.95)
export const note = ({ p50Ms, p99Ms }: Measured) => `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`
