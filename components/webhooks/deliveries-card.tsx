import { Badge } from "@/components/ui/badge"
import { Card, CardHeader, CardTitle } from "@/components/ui/card"
import { CodeBlock } from "@/components/ui/code-block"
import { EmptyState } from "@/components/ui/empty-state"
import { Icon } from "@/components/ui/icon"
import { Time } from "@/components/ui/time"
import type { ActionResult } from "@/lib/web/action-result"
import { RedeliverButton } from "./redeliver-button"
import type { DeliveryEntry } from "./webhook-types"

type DeliveriesCardProps = {
  deliveries: DeliveryEntry[]
  canSend: boolean
  redeliver: (input: { deliveryId: string }) => Promise<ActionResult<void>>
  now: string
}

const STATUS: Record<
  DeliveryEntry["status"],
  { word: string; tone: "accent" | "warning" | "neutral" | "danger" }
> = {
  delivered: { word: "Delivered", tone: "accent" },
  waiting: { word: "Waiting", tone: "neutral" },
  failed: { word: "Failed", tone: "danger" },
  cancelled: { word: "Not sent", tone: "neutral" },
}

/** Lists the newest deliveries and their outcomes. */
export function DeliveriesCard({ deliveries, canSend, redeliver, now }: DeliveriesCardProps) {
  return (
    <Card labelledBy="deliveries-title">
      <CardHeader>
        <CardTitle id="deliveries-title">Deliveries</CardTitle>
      </CardHeader>
      {deliveries.length === 0 ? (
        <EmptyState title="Nothing sent yet">Send a test event to see how your system answers.</EmptyState>
      ) : (
        <ul className="mt-3 divide-y divide-border border-t border-border">
          {deliveries.map((delivery) => (
            <li key={delivery.id}>
              <details className="group">
                <summary className="flex cursor-pointer list-none items-center gap-x-4 px-5 py-3 transition-colors duration-100 hover:bg-sunken sm:px-6 [&::-webkit-details-marker]:hidden">
                  <span className="min-w-0 flex-1">
                    <span className="block font-medium wrap-anywhere">{delivery.type}</span>
                    <span className="block text-caption text-muted">
                      <Time iso={delivery.createdAt} now={now} /> · {lastAnswer(delivery)}
                      {delivery.status === "waiting" && delivery.tries.length > 0 && (
                        <>
                          {" · next try "}
                          <Time iso={delivery.nextTryAt} now={now} />
                        </>
                      )}
                    </span>
                  </span>
                  <Badge tone={STATUS[delivery.status].tone}>{STATUS[delivery.status].word}</Badge>
                  <Icon className="text-muted" name="chooser" />
                </summary>
                <div className="flex flex-col gap-4 px-5 pt-1 pb-5 sm:px-6">
                  <p className="text-caption wrap-anywhere text-muted">{delivery.id}</p>
                  <CodeBlock code={pretty(delivery.body)} title="Sent" />
                  {delivery.tries.length > 0 && (
                    <ol className="flex flex-col gap-2 text-caption">
                      {delivery.tries.map((each) => (
                        <li className="flex flex-col gap-1" key={each.id}>
                          <span className="flex flex-wrap gap-x-3">
                            <span className="font-medium">{each.answerStatus ?? "No answer"}</span>
                            <span className="text-muted">
                              <Time iso={each.triedAt} now={now} /> · {each.tookMs} ms
                            </span>
                          </span>
                          {(each.error || each.answerBody) && (
                            <span className="wrap-anywhere whitespace-pre-wrap text-muted">
                              {each.error ?? each.answerBody}
                            </span>
                          )}
                        </li>
                      ))}
                    </ol>
                  )}
                  {canSend && delivery.status !== "waiting" && (
                    <RedeliverButton deliveryId={delivery.id} redeliver={redeliver} />
                  )}
                </div>
              </details>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function lastAnswer({ tries }: DeliveryEntry): string {
  const [last] = tries
  if (!last) return "not tried yet"
  const count = tries.length === 1 ? "1 attempt" : `${tries.length} attempts`
  return last.answerStatus === null ? `${count}, no response` : `${count}, last response ${last.answerStatus}`
}

function pretty(body: string): string {
  return JSON.stringify(JSON.parse(body), null, 2)
}
