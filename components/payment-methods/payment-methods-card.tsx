import type { ReactNode } from "react"
import { PaymentMethodRow } from "@/components/payment-methods/payment-method-row"
import type { ChangingActions, PaymentMethodEntry } from "@/components/payment-methods/payment-method-types"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"
import { Notice } from "@/components/ui/notice"

type PaymentMethodsCardProps = {
  /** The default first. */
  methods: PaymentMethodEntry[]
  addButton: ReactNode
  actions: ChangingActions
}

const TITLE_ID = "payment-methods-title"

/** For people who may manage them. */
export function PaymentMethodsCard({ methods, addButton, actions }: PaymentMethodsCardProps) {
  const chosen = methods.find(({ isDefault }) => isDefault)
  return (
    <Card labelledBy={TITLE_ID}>
      <CardHeader action={addButton}>
        <CardTitle id={TITLE_ID}>Payment methods</CardTitle>
      </CardHeader>
      <CardSection className="pt-2!">
        {methods.length === 0 ? (
          <EmptyState title="No payment method yet">
            The card of your first purchase is kept here for the next ones, or add one now.
          </EmptyState>
        ) : (
          <>
            <p className="text-caption text-muted">Plan, purchases and top-ups use the default card.</p>
            {chosen && <ExpiryNotice method={chosen} isOnly={methods.length === 1} />}
            <ul className="mt-2 -mb-3">
              {methods.map((method) => (
                <PaymentMethodRow
                  actions={actions}
                  key={method.id}
                  method={method}
                  nextDefault={nextDefaultAfter(method, methods)}
                />
              ))}
            </ul>
          </>
        )}
      </CardSection>
    </Card>
  )
}

function ExpiryNotice({ method, isOnly }: { method: PaymentMethodEntry; isOnly: boolean }) {
  const { expires, name } = method
  if (!expires || expires.state === "valid") return null
  const advice = isOnly ? "Add another one" : "Add another one or choose another default"
  return (
    <div className="mt-3">
      {expires.state === "expired" ? (
        <Notice title={`${name} has expired`} tone="danger">
          Payments with it are likely to be declined. {advice}.
        </Notice>
      ) : (
        <Notice title={`${name} expires at the end of ${expires.on}`} tone="warning">
          {advice} before then, so that no payment fails.
        </Notice>
      )}
    </div>
  )
}

/** The server's choice: the newest that works, in the order of the list. */
function nextDefaultAfter(method: PaymentMethodEntry, methods: PaymentMethodEntry[]): string | null {
  if (!method.isDefault) return null
  const others = methods.filter(({ id, canBeDefault }) => id !== method.id && canBeDefault)
  const working = others.find(({ expires }) => expires?.state !== "expired")
  return (working ?? others[0])?.name ?? null
}
