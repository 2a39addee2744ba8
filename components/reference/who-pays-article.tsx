import { Article, Bullets, Named, PageList, Section, Steps } from "@/components/reference/article"
import { WhoIsBilledTable } from "@/components/reference/who-is-billed-table"
import { Code } from "@/components/ui/code"

type WhoPaysProps = { related: { href: string; label: string; about: string }[] }

export function WhoPaysArticle({ related }: WhoPaysProps) {
  return (
    <Article
      lead="Every run is billed to one principal: a person, the team’s Owner, or the team. The principal’s pool pays, and nobody else’s."
      title="Who pays"
    >
      <Section id="by-trigger" title="By trigger and plan">
        <p>
          On self-serve plans each member has a pool. On Enterprise the team has one. The <Code>trigger</Code>{" "}
          of a run says what started it; a request that names none counts as <Code>api_key</Code>, and{" "}
          <Code>user</Code> needs the member it is for.
        </p>
        <WhoIsBilledTable />
      </Section>
      <Section id="order" title="In which order">
        <p>
          What a run uses is paid in this order, and each part only begins when the one before is used up:
        </p>
        <Steps>
          <li>
            <Named>Allowance.</Named> The units of each consumable that the plan includes in a billing period.
            They cost nothing.
          </li>
          <li>
            <Named>Included credits.</Named> The credits in USD that the plan gives each period. They expire
            at its end.
          </li>
          <li>
            <Named>Promotions.</Named> Credits that were given to you. They may expire.
          </li>
          <li>
            <Named>Purchased credits.</Named> What you bought or auto top-up added. They never expire.
          </li>
        </Steps>
        <p>
          Within one kind, what expires soonest goes first, then what is oldest. Beyond the allowance each
          unit costs the plan’s overage rate. A cost is rounded once per record, to the billionth of a dollar.
        </p>
      </Section>
      <Section id="example" title="An example">
        <p>
          A person on the Build plan has 40 messages of the allowance left, $0.30 of included credits and a
          balance of $12.00. Their run sends 90 messages, at an overage rate of $0.01.
        </p>
        <Bullets>
          <li>40 messages are covered by the allowance.</li>
          <li>50 messages cost $0.50: $0.30 comes from included credits, $0.20 from purchased credits.</li>
          <li>The balance on the Credits card is then $11.80.</li>
        </Bullets>
      </Section>
      <Section id="holds" title="Balance and available">
        <p>
          The balance on the Credits card is the money that was bought or given. What is <em>available</em> to
          the next run is the balance, plus included credits, less what open holds have set aside for runs
          under way. A request that needs more than is available is refused and changes nothing.
        </p>
      </Section>
      <Section id="related" title="Related">
        <PageList pages={related} />
      </Section>
    </Article>
  )
}
