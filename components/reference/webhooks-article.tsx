import { Article, Bullets, PageList, Section } from "@/components/reference/article"
import { Code } from "@/components/ui/code"
import { CodeBlock } from "@/components/ui/code-block"

type WebhooksProps = {
  events: { type: string; detail: string }[]
  related: { href: string; label: string; about: string }[]
}

const EXAMPLE = JSON.stringify(
  {
    type: "credit_balance_low",
    timestamp: "2026-11-27T14:05:00.000Z",
    data: { balance: "4.20", threshold: "5.00", pool_id: "pool_01m8em4h9he48s36rhgfbdrqq2" },
  },
  null,
  2,
)

const VERIFY = `import { Webhook } from "standardwebhooks"

const event = new Webhook(process.env.CREDITS_WEBHOOK_SECRET).verify(rawBody, headers)`

export function WebhooksArticle({ events, related }: WebhooksProps) {
  return (
    <Article
      lead="Billing events for your servers, sent as signed requests to an address of yours."
      title="Webhooks"
    >
      <Section id="set-up" title="Set up">
        <p>
          An Owner or Admin adds an endpoint under Settings, Webhooks, and chooses its events. The signing
          secret is shown once. <em>Send test event</em> shows how your system answers.
        </p>
        <p>
          The address uses https, on port 443 or 8443, and leads to the public internet. Redirects are not
          followed.
        </p>
      </Section>
      <Section id="events" title="Events">
        <Bullets>
          {events.map(({ type, detail }) => (
            <li key={type}>
              <Code>{type}</Code> {detail}
            </li>
          ))}
        </Bullets>
      </Section>
      <Section id="request" title="The request">
        <p>
          Amounts are US dollars as exact decimal texts, times are ISO 8601 in UTC. Fields may be added;
          existing ones stay.
        </p>
        <CodeBlock code={EXAMPLE} title="Body" />
      </Section>
      <Section id="verify" title="Verify it">
        <p>
          Requests are signed as Standard Webhooks describes, in the headers <Code>webhook-id</Code>,{" "}
          <Code>webhook-timestamp</Code> and <Code>webhook-signature</Code>. Use a library for it, and the
          body as it came, before anything parses it.
        </p>
        <CodeBlock code={VERIFY} title="Node" />
        <p>After you replace the secret, requests are signed with the old and the new one for a day.</p>
      </Section>
      <Section id="answer" title="Answer">
        <Bullets>
          <li>
            Any status from 200 to 299 within 15 seconds means that you have it. An endpoint that takes more
            than 5 seconds is sent one event at a time, with pauses of up to ten minutes: answer first, then
            work.
          </li>
          <li>
            Everything else is tried again: eight times in all, over 27 hours. <Code>Retry-After</Code> is
            waited for, up to a day.
          </li>
          <li>
            <Code>410</Code> turns the endpoint off at once, and so do five days without an answer; Owners and
            Admins are told.
          </li>
          <li>
            The same event may come more than once, always with the same <Code>webhook-id</Code>: keep the ids
            that you have seen. Events may come in any order.
          </li>
        </Bullets>
      </Section>
      <Section id="related" title="Related">
        <PageList pages={related} />
      </Section>
    </Article>
  )
}
