import { Card, CardHeader, CardSection } from "@/components/ui/card"
import { Skeleton } from "@/components/ui/skeleton"

/** As high as the card with one payment method. */
export function PaymentMethodsSkeleton() {
  return (
    <Card>
      <p className="sr-only" role="status">
        Loading payment methods
      </p>
      <CardHeader action={<Skeleton className="h-11 w-20 rounded-control sm:h-10 sm:w-44" />}>
        <Skeleton className="h-5 w-36" />
      </CardHeader>
      <CardSection className="pt-2!">
        <Skeleton className="h-5 w-64" />
        <div className="mt-2 -mb-3 flex h-28 items-center justify-between gap-3 py-3 max-sm:flex-col max-sm:items-stretch sm:h-16">
          <Skeleton className="h-6 w-64 max-w-full" />
          <Skeleton className="h-10 w-20 rounded-control sm:h-8" />
        </div>
      </CardSection>
    </Card>
  )
}
