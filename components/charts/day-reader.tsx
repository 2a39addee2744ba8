"use client"

import { useRouter } from "next/navigation"
import { type KeyboardEvent, type RefObject, useEffect, useState } from "react"
import { classNames } from "@/components/ui/class-names"
import type { SelectHref } from "./chart-types"
import { dayAt, type Reading, selectedDays, step } from "./reading"

export type DayReaderProps = {
  plot: RefObject<HTMLDivElement | null>
  dayCount: number
  plotHeight: number
  selectHref?: SelectHref
}

/** A drag shorter than this is a click. */
const DRAG_PIXELS = 6

const rowsOf = (plot: HTMLElement | null) => [
  ...(plot?.closest("figure")?.querySelectorAll<HTMLElement>("[data-reading]") ?? []),
]

/**
 * Reads one day: under the pointer, or with the arrow keys. It is a slider over the days, whose value is that day's
 * row of the table. Dragging, or moving with Shift, selects days where `selectHref` says what that leads to.
 */
export function DayReader({ plot, dayCount, plotHeight, selectHref }: DayReaderProps) {
  const router = useRouter()
  const [reading, setReading] = useState<Reading | null>(null)

  const select = (chosen: Reading) => {
    const rows = rowsOf(plot.current)
    const [from, to] = selectedDays(chosen)
    const [fromDay, toDay] = [rows[from]?.dataset.day, rows[to]?.dataset.day]
    if (selectHref && fromDay && toDay)
      router.push(selectHref.replace("FROM-DAY", fromDay).replace("TO-DAY", toDay))
  }
  usePointer({ plot, plotHeight, dayCount, canSelect: selectHref !== undefined, setReading, select })

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && reading) {
      // Leaves the day, and not the dialog around the chart as well.
      event.stopPropagation()
      event.preventDefault()
      return setReading(null)
    }
    if (event.key === "Enter" && reading) {
      if (reading.from !== reading.at) return select(reading)
      return rowsOf(plot.current)[reading.at]?.querySelector("a")?.click()
    }
    const at = step(event.key, reading?.at ?? null, dayCount)
    if (at === null) return
    event.preventDefault()
    setReading({ at, from: event.shiftKey && selectHref && reading ? reading.from : at })
  }

  const text = reading && textOf(rowsOf(plot.current), reading)
  return (
    <>
      {/* No input of type range, which would take the pointer from the bars' links. */}
      <div
        aria-label="Read a day"
        aria-valuemax={dayCount}
        aria-valuemin={1}
        aria-valuenow={(reading?.at ?? dayCount - 1) + 1}
        aria-valuetext={text ?? "No day chosen. Use the arrow keys."}
        className="pointer-events-none absolute inset-x-0 top-0 rounded-lg print:hidden"
        onBlur={() => setReading(null)}
        onKeyDown={onKeyDown}
        role="slider"
        style={{ height: plotHeight }}
        tabIndex={0}
      >
        {reading && <Cursor dayCount={dayCount} reading={reading} />}
      </div>
      <p className={classNames("line-clamp-2", text ? "text-text" : "text-muted")}>{text ?? "Days in UTC"}</p>
    </>
  )
}

function textOf(rows: HTMLElement[], reading: Reading): string {
  const [from, to] = selectedDays(reading)
  if (from === to) return rows[reading.at]?.dataset.reading ?? ""
  const label = (n: number) => rows[n]?.querySelector("th")?.textContent ?? ""
  return `${label(from)} to ${label(to)}: ${to - from + 1} days. Enter or release to see them.`
}

function Cursor({ reading, dayCount }: { reading: Reading; dayCount: number }) {
  const [from, to] = selectedDays(reading)
  if (from !== to)
    return (
      <span
        className="absolute inset-y-0 rounded-sm border-accent border-x bg-accent/15"
        style={{ left: `${(from / dayCount) * 100}%`, width: `${((to - from + 1) / dayCount) * 100}%` }}
      />
    )
  return (
    <span
      className="absolute inset-y-0 w-px bg-text"
      style={{ left: `${((reading.at + 0.5) / dayCount) * 100}%` }}
    />
  )
}

type PointerProps = {
  plot: RefObject<HTMLDivElement | null>
  plotHeight: number
  dayCount: number
  canSelect: boolean
  setReading: (reading: Reading | null) => void
  select: (reading: Reading) => void
}

function usePointer({ plot, plotHeight, dayCount, canSelect, setReading, select }: PointerProps) {
  useEffect(() => {
    const element = plot.current
    if (!element) return
    let start: { at: number; x: number } | null = null
    let dragged: Reading | null = null
    const over = (event: PointerEvent) => {
      const box = element.getBoundingClientRect()
      if (!start && event.clientY - box.top > plotHeight) return null
      return dayAt(event.clientX - box.left, box.width, dayCount)
    }
    const onMove = (event: PointerEvent) => {
      const at = over(event)
      if (at === null) return setReading(null)
      if (start && Math.abs(event.clientX - start.x) > DRAG_PIXELS) {
        dragged = { at, from: start.at }
        element.setPointerCapture(event.pointerId)
      }
      setReading(dragged ?? { at, from: at })
    }
    const onDown = (event: PointerEvent) => {
      const at = over(event)
      dragged = null
      // A finger that moves across reads.
      if (at !== null && canSelect && event.pointerType !== "touch" && event.button === 0)
        start = { at, x: event.clientX }
    }
    const onUp = () => {
      if (dragged && dragged.at !== dragged.from) select(dragged)
      start = null
    }
    const onLeave = () => !start && setReading(null)
    const onCancel = () => {
      start = null
      dragged = null
      setReading(null)
    }
    // A drag that ends on a bar isn't a click on it.
    const onClick = (event: MouseEvent) => {
      if (dragged) event.preventDefault()
      dragged = null
    }
    const onDragStart = (event: DragEvent) => event.preventDefault()
    const listeners = {
      pointermove: onMove,
      pointerdown: onDown,
      pointerup: onUp,
      pointerleave: onLeave,
      pointercancel: onCancel,
      dragstart: onDragStart,
    }
    for (const [name, listener] of Object.entries(listeners))
      element.addEventListener(name, listener as EventListener)
    element.addEventListener("click", onClick, true)
    return () => {
      for (const [name, listener] of Object.entries(listeners))
        element.removeEventListener(name, listener as EventListener)
      element.removeEventListener("click", onClick, true)
    }
  })
}
