import { PageHeader } from "@/components/shell/page-header"
import { BackLink } from "@/components/ui/back-link"
import { buttonStyles } from "@/components/ui/button-styles"
import { Card, CardSection } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"
import { StatementSectionCard } from "./statement-section-card"
import type { StatementSection } from "./statement-types"

type StatementPageProps = {
  /** `November 2026` */
  name: string
  number: string
  days: string
  madeOn: string
  recipient: string[]
  provider: string[]
  sections: StatementSection[]
  /** Says how many pools are only in the CSV. */
  left: string | null
  backHref: string
  pdfHref: string
  csvHref: string
}

/** One statement, on the screen and on paper. */
export function StatementPage(props: StatementPageProps) {
  const { name, number, days, madeOn, recipient, provider, sections, left, backHref, pdfHref, csvHref } =
    props
  return (
    <>
      <div className="print:hidden">
        <BackLink href={backHref}>Statements</BackLink>
      </div>
      <PageHeader
        action={
          <span className="flex flex-wrap justify-end gap-2 print:hidden">
            <a className={buttonStyles("secondary", "medium")} download href={csvHref}>
              CSV
            </a>
            <a className={buttonStyles("primary", "medium")} download href={pdfHref}>
              Download PDF
            </a>
          </span>
        }
        description={`${number} · ${days} · made on ${madeOn}`}
        title={name}
      />
      <div className="flex flex-col gap-4">
        <Card className="print:border-0">
          <CardSection className="grid gap-6 sm:grid-cols-2">
            <Party lines={recipient} title="For" />
            <Party lines={provider} title="From" />
          </CardSection>
        </Card>
        {sections.length === 0 && (
          <Card>
            <CardSection>
              <EmptyState title="Nothing moved in this month" />
            </CardSection>
          </Card>
        )}
        {sections.map((section) => (
          <StatementSectionCard key={section.key} section={section} />
        ))}
        {left && <p className="text-muted">{left}</p>}
        <p className="text-caption text-muted">
          Days are days in UTC, and an entry counts on the day on which it was recorded. A statement never
          changes: a later correction, refund or dispute is in the statement of its own month.
        </p>
      </div>
    </>
  )
}

function Party({ title, lines: [first, ...rest] }: { title: string; lines: string[] }) {
  return (
    <div className="min-w-0">
      <h2 className="mb-1 text-caption text-muted">{title}</h2>
      <p className="font-medium wrap-anywhere">{first}</p>
      <p className="wrap-anywhere whitespace-pre-line text-muted">{rest.join("\n")}</p>
    </div>
  )
}
