import { Card, CardHeader, CardSection } from "@/components/ui/card"
import { Skeleton } from "@/components/ui/skeleton"

const METERS = [1, 2, 3, 4, 5, 6, 7, 8]

/** As high as the card of a team whose plan includes something of everything. */
export function PlanCardSkeleton() {
  return (
    <Card>
      <p className="sr-only" role="status">
        Loading the plan
      </p>
      <CardHeader action={<Skeleton className="h-11 w-36 rounded-control sm:h-10" />}>
        <Skeleton className="h-5 w-12" />
      </CardHeader>
      <CardSection className="flex flex-col gap-1">
        <div className="flex flex-wrap justify-between gap-x-6 gap-y-1">
          <Skeleton className="h-7 w-28" />
          <Skeleton className="h-6 w-48" />
        </div>
        <Skeleton className="h-5 w-64" />
      </CardSection>
      <CardSection divided>
        <Skeleton className="mb-2 h-6 w-40" />
        <div className="grid gap-x-10 gap-y-3 sm:grid-cols-2">
          {METERS.map((meter) => (
            <Skeleton className="h-[1.625rem]" key={meter} />
          ))}
        </div>
      </CardSection>
    </Card>
  )
}
