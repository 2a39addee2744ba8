import { Card } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"
import { ProductMark } from "@/components/ui/product-mark"
import { Time } from "@/components/ui/time"

type OutboxProps = {
  mails: { id: string; recipient: string; subject: string; bodyText: string; createdAt: Date }[]
  now: string
}

/** The mails that the demo would have sent. */
export function Outbox({ mails, now }: OutboxProps) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[44rem] flex-col gap-6 px-4 py-8" id="main">
      <ProductMark />
      <div>
        <h1 className="text-title font-semibold">Outbox</h1>
        <p className="mt-1 text-muted">The demo keeps its email here instead of sending it.</p>
      </div>
      {mails.length === 0 && (
        <Card>
          <EmptyState title="No email yet">Ask for a sign-in link, and it appears here.</EmptyState>
        </Card>
      )}
      {mails.map((mail) => (
        <Card key={mail.id}>
          <div className="flex flex-col gap-3 p-5">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4">
              <h2 className="font-medium">{mail.subject}</h2>
              <p className="text-caption text-muted">
                To {mail.recipient}, <Time iso={mail.createdAt.toISOString()} now={now} />
              </p>
            </div>
            <p className="break-words whitespace-pre-line text-muted">{withLinks(mail.bodyText)}</p>
          </div>
        </Card>
      ))}
    </main>
  )
}

function withLinks(text: string) {
  return text.split(/(https?:\/\/\S+)/).map((part) =>
    part.startsWith("http") ? (
      <a className="text-accent underline underline-offset-4" href={part} key={part}>
        {part}
      </a>
    ) : (
      part
    ),
  )
}
