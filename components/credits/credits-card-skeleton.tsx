import { Card, CardHeader, CardSection } from "@/components/ui/card"
import { Skeleton } from "@/components/ui/skeleton"

const ROWS = [1, 2, 3, 4, 5]

/** As high as the card with five transactions. */
export function CreditsCardSkeleton() {
  return (
    <Card>
      <p className="sr-only" role="status">
        Loading credits
      </p>
      <CardHeader action={<Skeleton className="h-11 w-40 rounded-control sm:h-10" />}>
        <Skeleton className="h-5 w-16" />
      </CardHeader>
      <CardSection className="flex flex-col gap-5">
        <div>
          <Skeleton className="my-1 h-10 w-44" />
          <Skeleton className="h-5 w-56" />
        </div>
        <div className="flex flex-wrap gap-x-12 gap-y-2">
          <Skeleton className="h-6 w-48" />
          <Skeleton className="h-6 w-48" />
        </div>
      </CardSection>
      <CardSection divided>
        <Skeleton className="mb-2 h-7 w-44" />
        {ROWS.map((row) => (
          <div className="flex items-center justify-between border-t border-border py-3" key={row}>
            <Skeleton className="h-11 w-52 sm:h-6" />
            <Skeleton className="h-11 w-24 sm:h-6 sm:w-40" />
          </div>
        ))}
      </CardSection>
    </Card>
  )
}
