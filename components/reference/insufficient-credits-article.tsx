import {
  Article,
  Bullets,
  Named,
  PageList,
  Section,
  Steps,
  Subsection,
  TextLink,
} from "@/components/reference/article"
import { Facts } from "@/components/reference/facts"
import { ReferenceTable } from "@/components/reference/reference-table"
import { Text } from "@/components/reference/text"
import { WhoIsBilledTable } from "@/components/reference/who-is-billed-table"
import { Code } from "@/components/ui/code"
import { CodeBlock } from "@/components/ui/code-block"

type InsufficientCreditsProps = {
  reasons: readonly { reason: string; meaning: string; remedy: string }[]
  /** The error document as the API sends it. */
  example: string
  errorsHref: string
  related: { href: string; label: string; about: string }[]
}

/** For readers who just got this error and want to go on. */
export function InsufficientCreditsArticle(props: InsufficientCreditsProps) {
  const { reasons, example, errorsHref, related } = props
  return (
    <Article
      back={{ href: errorsHref, label: "Errors" }}
      lead={
        <>
          The pool that pays for this run can’t cover it, so the request was refused and nothing was charged
          for it. Once an Owner or Admin has added credits to that pool, send it again.{" "}
          <span className="whitespace-nowrap">
            <TextLink href="#resolve">How to resolve it</TextLink>
          </span>
        </>
      }
      title="Insufficient credits"
    >
      <Facts
        facts={[
          { label: "Code", value: <Code>insufficient_credits</Code> },
          { label: "HTTP status", value: "403 Forbidden" },
          { label: "Retryable", value: "Only while an auto top-up is on its way" },
          { label: "Task state", value: <Code>FAILED</Code> },
        ]}
      />
      <Section id="when" title="When it occurs">
        <p>
          Usage is paid from the plan’s allowance first, then from the credits in one pool: included credits,
          promotions, purchased credits. When all of that together doesn’t cover a request, it gets this
          error. <Code>reason</Code> says which case it is.
        </p>
        <ReferenceTable
          caption="Reasons and what helps"
          columns={[{ name: "Reason" }, { name: "What it means" }, { name: "What helps" }]}
          rows={reasons.map(({ reason, meaning, remedy }) => ({
            key: reason,
            cells: [
              <Code key="reason">{reason}</Code>,
              <Text key="meaning">{meaning}</Text>,
              <Text key="remedy">{remedy}</Text>,
            ],
          }))}
        />
      </Section>
      <Section id="retry" title="Whether to retry">
        <p>
          While an auto top-up that would let the request pass is on its way and needs no person,{" "}
          <Code>retryable</Code> is <Code>true</Code>. <Code>retry_after</Code> and the{" "}
          <Code>Retry-After</Code> header say in how many seconds to send the same request again, with the
          same <Code>Idempotency-Key</Code>. In a batch, each record has its own.
        </p>
        <p>
          Otherwise it isn’t: a program that repeats the request gets the same answer until a person has
          changed something. An agent task is kept as <Code>FAILED</Code> with this error and never starts
          again by itself.
        </p>
      </Section>
      <Section id="who-is-billed" title="Who is billed">
        <p>
          What started the run decides which pool it draws from. <Code>billed_principal</Code> in the error
          names whose it was: a <Code>user</Code>, the <Code>team_owner</Code> or the <Code>team</Code>.
        </p>
        <WhoIsBilledTable />
      </Section>
      <Section id="example" title="Example response">
        <p>
          A scheduled run on a self-serve plan, so the Owner’s pool was asked. <Code>required</Code> is what
          the run needed in USD, <Code>available</Code> what the pool had.
        </p>
        <CodeBlock code={example} title="403 · application/problem+json" />
        <p>
          Where the team’s pool is billed, the title is “Your team has run out of add-on credits. Purchase
          more credits in your team&apos;s billing settings to continue.” <Code>error</Code> repeats the title
          for earlier clients.
        </p>
      </Section>
      <HowToResolve />
      <Section id="who-can-fix-it" title="Who can fix it">
        <Bullets>
          <li>Owners and Admins purchase credits, manage auto top-up and raise the monthly spend cap.</li>
          <li>The Owner changes the plan.</li>
          <li>
            Members ask one of them; the Billing page and the <em>Out of Credits</em> card in chat show their
            names.
          </li>
          <li>
            An API key can’t add credits. Let your program pass <Code>top_up_url</Code> and{" "}
            <Code>who_can_fix</Code> on to a person.
          </li>
        </Bullets>
      </Section>
      <Section id="related" title="Related">
        <PageList pages={related} />
      </Section>
    </Article>
  )
}

function HowToResolve() {
  return (
    <Section id="resolve" title="How to resolve">
      <Subsection title="Runs that a person started">
        <p className="max-w-[65ch] text-muted">The pool of that person is empty.</p>
        <Steps>
          <li>
            An Owner or Admin opens <Named>{"Settings > Account > Billing"}</Named>, or{" "}
            <Code>top_up_url</Code>, and chooses the person’s pool.
          </li>
          <li>
            They purchase credits for it, or turn on auto top-up. If the reason is{" "}
            <Code>spend_cap_reached</Code>, they can also raise the team-wide monthly spend cap. Or you wait:
            included credits renew at <Code>renews_at</Code>.
          </li>
          <li>
            Send the request again, or start the task again with a new <Code>Idempotency-Key</Code>.
          </li>
        </Steps>
      </Subsection>
      <Subsection title="Runs by API key or schedule">
        <p className="max-w-[65ch] text-muted">
          The Owner’s pool is empty, whoever made the key or the schedule. The same goes for an integration
          that acts for nobody known.
        </p>
        <Steps>
          <li>
            An Owner or Admin opens <Named>{"Settings > Account > Billing"}</Named> and chooses the Owner’s
            pool: it says that API keys and scheduled runs draw from it.
          </li>
          <li>They purchase credits for it, or wait for the Owner’s included credits to renew.</li>
          <li>
            If the reason is <Code>spend_cap_reached</Code>, they raise the team-wide monthly spend cap, or
            purchase credits once: a purchase by hand doesn’t count towards the cap.
          </li>
          <li>
            Send the request again, or start the task again with a new <Code>Idempotency-Key</Code>.
          </li>
        </Steps>
      </Subsection>
      <Subsection title="On Enterprise">
        <p className="max-w-[65ch] text-muted">Every run draws from the one pool of the team.</p>
        <Steps>
          <li>
            An Owner or Admin purchases credits for the team’s pool, or asks your account manager for what the
            contract provides.
          </li>
          <li>
            Send the request again, or start the task again with a new <Code>Idempotency-Key</Code>.
          </li>
        </Steps>
      </Subsection>
    </Section>
  )
}
