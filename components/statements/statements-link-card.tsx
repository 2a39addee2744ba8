import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { LinkButton } from "@/components/ui/link-button"

const TITLE_ID = "statements-title"

/** Leads to the team's statements from the page about its payments. */
export function StatementsLinkCard({ href }: { href: string }) {
  return (
    <Card labelledBy={TITLE_ID}>
      <CardHeader
        action={
          <LinkButton href={href} size="small">
            View statements
          </LinkButton>
        }
      >
        <CardTitle id={TITLE_ID}>Statements</CardTitle>
      </CardHeader>
      <CardSection className="pt-1!">
        <p className="text-muted">Where each month’s credits came from and went, as a page, PDF or CSV.</p>
      </CardSection>
    </Card>
  )
}
