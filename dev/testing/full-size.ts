const isFullSize = process.env.FULL_SIZE === "1"

/** How large a storm is: enough to see every kind of step in each run of the tests, and its full size in `npm run storms`. */
export function sizeOf({ usual, full }: { usual: number; full: number }): number {
  return isFullSize ? full : usual
}
