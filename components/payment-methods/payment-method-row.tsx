import { MakeDefaultButton } from "@/components/payment-methods/make-default-button"
import type { ChangingActions, PaymentMethodEntry } from "@/components/payment-methods/payment-method-types"
import { RemoveMethodButton } from "@/components/payment-methods/remove-method-button"
import { Badge } from "@/components/ui/badge"
import { Icon } from "@/components/ui/icon"

type PaymentMethodRowProps = {
  method: PaymentMethodEntry
  /** The method that takes over when this one is removed. Null if this one isn't the default or is the only one. */
  nextDefault: string | null
  actions: ChangingActions
}

/** One line from 640 px on. Below that, the buttons stand under the words. */
export function PaymentMethodRow({ method, nextDefault, actions }: PaymentMethodRowProps) {
  const { name, spokenName, expires, isDefault } = method
  const canBeChosen = !isDefault && method.canBeDefault && expires?.state !== "expired"
  return (
    <li className="flex gap-3 border-t border-border py-3 first:border-t-0 max-sm:flex-wrap sm:items-center">
      <span className="grid size-10 shrink-0 place-items-center rounded-control bg-sunken text-muted max-sm:hidden">
        <Icon name="card" />
      </span>
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1 max-sm:basis-full">
        <p className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <span aria-hidden="true" className="font-medium wrap-anywhere tabular-nums">
            {name}
          </span>
          <span className="sr-only">{spokenName}</span>
          {expires && (
            <span className="text-caption whitespace-nowrap text-muted">
              {expires.state === "expired" ? "expired" : "expires"}{" "}
              <span className="tabular-nums">{expires.on}</span>
            </span>
          )}
        </p>
        {!method.canBeDefault && (
          <p className="basis-full text-caption text-muted">
            Can’t be the default: it needs you for each payment.
          </p>
        )}
        {isDefault && <Badge tone="accent">Default</Badge>}
        {expires?.state === "soon" && (
          <Badge icon="clock" tone="warning">
            Expires soon
          </Badge>
        )}
        {expires?.state === "expired" && (
          <Badge icon="alert" tone="danger">
            Expired
          </Badge>
        )}
      </div>
      <div className="flex shrink-0 items-start gap-2">
        {canBeChosen && <MakeDefaultButton method={method} setDefault={actions.setDefault} />}
        <RemoveMethodButton
          method={method}
          nextDefault={nextDefault}
          removePaymentMethod={actions.removePaymentMethod}
        />
      </div>
    </li>
  )
}
