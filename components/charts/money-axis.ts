import { scaleLinear } from "d3-scale"
import { least } from "@/lib/money/least"
import { formatUsd, NANOS_PER_CENT, NANOS_PER_USD } from "@/lib/money/usd"

export type MoneyAxis = {
  /** Round amounts from the lowest to the highest, zero among them. */
  ticks: { nanos: bigint; label: string }[]
  /** How far below the top an amount lies, in pixels. */
  toY: (nanos: bigint) => number
  /** The pixels that the longest label takes. */
  labelWidth: number
}

const STEPS = [1n, 2n, 5n]
const CHARACTER_WIDTH = 7.2
const LABEL_GAP = 10
const THOUSAND = 1_000n * NANOS_PER_USD
const MILLION = 1_000n * THOUSAND

/** Returns an axis that holds all amounts and zero, with about four round steps. */
export function moneyAxis(amounts: bigint[], height: number): MoneyAxis {
  let lowest = 0n
  let highest = 0n
  for (const amount of amounts) {
    if (amount < lowest) lowest = amount
    if (amount > highest) highest = amount
  }
  const isFlat = lowest === highest
  const step = isFlat ? NANOS_PER_USD : roundStep(highest - lowest)
  const bottom = -upTo(-lowest, step)
  const top = isFlat ? step : upTo(highest, step)
  // Numbers only place things. Each label is made of the whole amount.
  const scale = scaleLinear()
    .domain([Number(bottom), Number(top)])
    .range([height, 0])
  const labelOf = labelsFor(step, -least(-top, bottom))
  const ticks: MoneyAxis["ticks"] = []
  for (let nanos = bottom; nanos <= (isFlat ? 0n : top); nanos += step)
    ticks.push({ nanos, label: labelOf(nanos) })
  const longest = Math.max(...ticks.map(({ label }) => label.length))
  return {
    ticks,
    toY: (amount) => round(scale(Number(amount))),
    labelWidth: Math.ceil(longest * CHARACTER_WIDTH) + LABEL_GAP,
  }
}

/** The smallest of 1, 2, 5, 10, 20, 50 … nanos that reaches over the range in four steps. */
function roundStep(range: bigint): bigint {
  for (let power = 1n; ; power *= 10n)
    for (const digit of STEPS) if (digit * power * 4n >= range) return digit * power
}

const upTo = (nanos: bigint, step: bigint) => ((nanos + step - 1n) / step) * step

/** From ten thousand dollars on in thousands, from a million on in millions, so that a label fits beside the chart. */
function labelsFor(step: bigint, largest: bigint): (nanos: bigint) => string {
  if (largest >= MILLION) return inUnit(MILLION, "M", step)
  if (largest >= 10n * THOUSAND) return inUnit(THOUSAND, "K", step)
  if (step % NANOS_PER_USD === 0n) return inUnit(NANOS_PER_USD, "", step)
  return (nanos) => formatUsd(nanos, { precision: step % NANOS_PER_CENT === 0n ? "cents" : "exact" })
}

function inUnit(unit: bigint, letter: string, step: bigint) {
  return (nanos: bigint) => {
    if (nanos === 0n) return "$0"
    const size = nanos < 0n ? -nanos : nanos
    const tenth = step % unit === 0n ? "" : `.${((size * 10n) / unit) % 10n}`
    const whole = (size / unit).toString().replace(/\B(?=(\d{3})+$)/g, ",")
    return `${nanos < 0n ? "−" : ""}$${whole}${tenth}${letter}`
  }
}

const round = (pixels: number) => Math.round(pixels * 100) / 100
