/** Marks every page of an app that others can reach but that charges nobody. */
export function TestMode() {
  return (
    <p className="border-b border-warning-border bg-warning-soft px-4 py-2 text-center text-caption">
      <strong className="font-medium">Test mode.</strong> No card is charged.
    </p>
  )
}
