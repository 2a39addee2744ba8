import { classNames } from "./class-names"

/** A grey placeholder in the size of what will come. The caller that lays out several says "Loading" once. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden="true" className={classNames("block animate-pulse rounded-lg bg-sunken", className)} />
  )
}
