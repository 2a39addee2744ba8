import { notFound } from "next/navigation"
import { StatementPage } from "@/components/statements/statement-page"
import { formatUtcDay } from "@/lib/format-time"
import { daysInWords, isMonth, monthInWords, statementNumber } from "@/lib/statements/month"
import { getStatement } from "@/lib/statements/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { filePath, statementsPath, toSections } from "../rows"

export const generateMetadata = teamTitle("Statement", "statements:view")

type Props = { params: Promise<{ team: string; month: string }> }

export default async function TeamStatementPage({ params }: Props) {
  const { team: slug, month } = await params
  const { team } = await requireMember(slug, "statements:view")
  const statement = isMonth(month) ? await getStatement(pageCtx().db, team.id, { month }) : null
  if (!statement) notFound()
  const { createdAt, recipient, provider } = statement
  return (
    <StatementPage
      backHref={statementsPath(slug)}
      csvHref={filePath(slug, month, "csv")}
      days={`${daysInWords(month)}, UTC`}
      madeOn={`${formatUtcDay(createdAt)} ${createdAt.getUTCFullYear()}`}
      name={monthInWords(month)}
      number={statementNumber(statement)}
      pdfHref={filePath(slug, month, "pdf")}
      provider={provider}
      recipient={recipient}
      {...toSections(statement)}
    />
  )
}
