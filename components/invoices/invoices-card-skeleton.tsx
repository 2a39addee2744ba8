import { Card, CardHeader, CardSection } from "@/components/ui/card"
import { Skeleton } from "@/components/ui/skeleton"

const ROWS = [1, 2, 3, 4, 5]

export function InvoicesCardSkeleton() {
  return (
    <Card>
      <p className="sr-only" role="status">
        Loading receipts and invoices
      </p>
      <CardHeader>
        <Skeleton className="h-5 w-44" />
      </CardHeader>
      <CardSection className="pt-3!">
        {ROWS.map((row) => (
          <div
            className="flex items-center justify-between border-t border-border py-3 first:border-t-0"
            key={row}
          >
            <Skeleton className="h-11 w-48 sm:h-6" />
            <Skeleton className="h-11 w-24 sm:h-6 sm:w-56" />
          </div>
        ))}
      </CardSection>
    </Card>
  )
}
