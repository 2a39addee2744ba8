import { ProcessingRefresher } from "@/components/credits/processing-refresher"
import { PageHeader } from "@/components/shell/page-header"
import { BackLink } from "@/components/ui/back-link"
import { buttonStyles } from "@/components/ui/button-styles"
import { Card, CardSection } from "@/components/ui/card"
import { Time } from "@/components/ui/time"

type ExportPageProps = {
  backHref: string
  countedRows: number
  /** About as many as there will be. */
  expectedRows: number
  /** Null while it is being prepared. */
  file: { href: string; expiresAt: string } | null
  now: string
}

const inWords = (rows: number) => rows.toLocaleString("en-US")

/** A large export: how far it is, then where the file is. */
export function ExportPage({ backHref, countedRows, expectedRows, file, now }: ExportPageProps) {
  return (
    <>
      <BackLink href={backHref}>Transactions</BackLink>
      <PageHeader title="Export" />
      <Card>
        <CardSection>
          {file ? (
            <>
              <p className="font-medium">{inWords(countedRows)} transactions are ready.</p>
              <p className="mt-1 mb-4 text-caption text-muted">
                The link works until <Time iso={file.expiresAt} look="absolute" now={now} />. If a download
                breaks off, start it again: the file stays the same.
              </p>
              <a className={buttonStyles("primary", "medium")} download href={file.href}>
                Download
              </a>
            </>
          ) : (
            <>
              <p className="font-medium" id="export-progress">
                Preparing your export
              </p>
              <progress
                aria-labelledby="export-progress"
                className="mt-3 h-2 w-full overflow-hidden rounded-full [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
                max={Math.max(expectedRows, countedRows, 1)}
                value={countedRows}
              />
              <p className="mt-2 text-caption text-muted tabular-nums">
                {inWords(countedRows)} of about {inWords(Math.max(expectedRows, countedRows))} transactions
                counted. You can close this page: we’ll email you a link.
              </p>
              <ProcessingRefresher longestMs={4_000} />
            </>
          )}
        </CardSection>
      </Card>
    </>
  )
}
