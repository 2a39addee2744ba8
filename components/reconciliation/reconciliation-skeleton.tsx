import { Card, CardHeader, CardSection } from "@/components/ui/card"
import { Skeleton } from "@/components/ui/skeleton"

/** As high as the card when everything matches. */
export function ReconciliationSkeleton() {
  return (
    <Card>
      <p className="sr-only" role="status">
        Loading reconciliation
      </p>
      <CardHeader action={<Skeleton className="h-11 w-24 rounded-control sm:h-10" />}>
        <Skeleton className="h-5 w-32" />
      </CardHeader>
      <CardSection className="flex flex-col gap-4 pt-2!">
        <div>
          <Skeleton className="h-6 w-56" />
          <Skeleton className="h-5 w-72 max-w-full" />
        </div>
        <Skeleton className="h-14 w-full sm:h-6 sm:w-96" />
      </CardSection>
    </Card>
  )
}
