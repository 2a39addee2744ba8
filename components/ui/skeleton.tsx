import { classNames } from "./class-names"

/** A grey stand-in with the size of what will come; whoever lays several out says "Loading" once. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden="true" className={classNames("block animate-pulse rounded-lg bg-sunken", className)} />
  )
}
