import type { Method } from "@/components/auto-top-up/auto-top-up-types"
import { Button } from "@/components/ui/button"

type ChargedMethodProps = {
  method: Method | null
  problem?: string | undefined
  onChange: () => void
}

/** Shows the payment method that is charged, and lets the person choose another. */
export function ChargedMethod({ method, problem, onChange }: ChargedMethodProps) {
  return (
    <div>
      <div className="flex items-center justify-between gap-4 rounded-control bg-sunken px-4 py-3">
        <p className="min-w-0">
          <span className="block text-caption text-muted">Default payment method</span>
          {method ? <MethodName method={method} /> : <span className="font-medium">None yet</span>}
        </p>
        <Button onClick={onChange} size="small">
          {method ? "Change" : "Add payment method"}
        </Button>
      </div>
      {problem && (
        <p className="mt-2 text-caption text-danger" role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}

export function MethodName({ method }: { method: Method }) {
  const { name, spokenName, expires } = method
  return (
    <>
      <span aria-hidden="true" className="font-medium wrap-anywhere tabular-nums">
        {name}
      </span>
      <span className="sr-only">{spokenName}</span>
      {expires && (
        <span className={expires.isExpired ? "text-danger" : "text-muted"}>
          , {expires.isExpired ? "expired" : "expires"} {expires.on}
        </span>
      )}
    </>
  )
}
