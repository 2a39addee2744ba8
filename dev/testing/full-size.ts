/** Whether checks that `npm test` makes smaller run in full. */
export const isFullSize = process.env.FULL_SIZE === "1"

/** The size of a storm: enough to see every kind of step in each test run, and its full size in `npm run storms`. */
export function sizeOf({ usual, full }: { usual: number; full: number }): number {
  return isFullSize ? full : usual
}
