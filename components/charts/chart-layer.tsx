"use client"

import { type ComponentType, type ReactNode, useEffect, useRef, useState } from "react"
import type { SelectHref } from "./chart-types"
import type { DayReaderProps } from "./day-reader"

type ChartLayerProps = {
  dayCount: number
  plotHeight: number
  selectHref?: SelectHref
  children: ReactNode
}

/** Holds the drawing, and lets people read one day of it once what that needs has loaded. */
export function ChartLayer({ children, ...rest }: ChartLayerProps) {
  const plot = useRef<HTMLDivElement>(null)
  const [Reader, setReader] = useState<ComponentType<DayReaderProps> | null>(null)
  useEffect(() => {
    let isGone = false
    import("./day-reader")
      .then(({ DayReader }) => !isGone && setReader(() => DayReader))
      // The chart is whole without it.
      .catch(() => undefined)
    return () => {
      isGone = true
    }
  }, [])
  return (
    <div className="relative min-w-0 grow touch-pan-y" ref={plot}>
      {children}
      {/* As high with a day's reading as without one. */}
      <div className="mt-1 flex min-h-10 items-start text-caption text-muted print:min-h-0">
        {Reader ? <Reader {...rest} plot={plot} /> : "Days in UTC"}
      </div>
    </div>
  )
}
