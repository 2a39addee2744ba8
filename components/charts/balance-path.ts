import { area, line } from "d3-shape"

export type Point = { x: number; y: number }

/** Returns the path of a line in SVG's notation, which a PDF takes as well. Empty without points. */
export function linePath(points: Point[]): string {
  return (
    line<Point>()
      .x(({ x }) => x)
      .y(({ y }) => y)
      .digits(2)(points) ?? ""
  )
}

/** Returns the path of the area between a line and a lower edge. */
export function areaPath(points: (Point & { y0: number })[]): string {
  return (
    area<Point & { y0: number }>()
      .x(({ x }) => x)
      .y1(({ y }) => y)
      .y0(({ y0 }) => y0)
      .digits(2)(points) ?? ""
  )
}
