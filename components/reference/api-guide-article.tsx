import { Article, Bullets, PageList, Section, TextLink } from "@/components/reference/article"
import { Text } from "@/components/reference/text"
import { Code } from "@/components/ui/code"
import { CodeBlock } from "@/components/ui/code-block"

type ApiGuideProps = {
  /** One example per endpoint. */
  examples: {
    id: string
    title: string
    text: string
    call: string
    request: string
    answer: string
  }[]
  /** The machine-readable description of the API. */
  openApiHref: string
  errorsHref: string
  related: { href: string; label: string; about: string }[]
}

export function ApiGuideArticle({ examples, openApiHref, errorsHref, related }: ApiGuideProps) {
  return (
    <Article
      lead={
        <>
          Report usage, ask what is left, and set credits aside for a run, from your own programs. Every field
          is described in <TextLink href={openApiHref}>openapi.json</TextLink>.
        </>
      }
      title="API guide"
    >
      <Section id="authentication" title="Authentication">
        <p>
          Each request carries an API key of your team. An Owner or Admin makes one in the team’s settings; it
          is shown once and has scopes, so give each program a key that may do what it needs and no more.
        </p>
        <CodeBlock
          code={'export CREDITS_URL="https://credits.example.com"\nexport CREDITS_API_KEY="ck_…"'}
          title="For the examples below"
        />
      </Section>
      <Section id="idempotency" title="Idempotency">
        <p>
          A request that records something carries an <Code>Idempotency-Key</Code>: a text of yours that is
          unique to the operation. If an answer gets lost, send the same request with the same key; it takes
          effect once, and you get the first answer again. The same key with another body answers{" "}
          <TextLink href={`${errorsHref}/idempotency-key-reused`}>
            <span className="font-mono text-[0.9em] leading-none">idempotency_key_reused</span>
          </TextLink>
          .
        </p>
      </Section>
      <Section id="values" title="Values">
        <Bullets>
          <li>
            Money is a decimal string in USD: <Code>"12.34"</Code>, never a number.
          </li>
          <li>
            A quantity is an integer or a decimal string: <Code>18250</Code>, <Code>"2.5"</Code>.
          </li>
          <li>
            Times are in UTC: <Code>2026-11-20T13:40:00Z</Code>. Fields that an endpoint doesn’t know are
            refused.
          </li>
        </Bullets>
      </Section>
      {examples.map(({ id, title, text, call, request, answer }) => (
        <Section id={id} key={id} title={title}>
          <p>
            <Text>{text}</Text>
          </p>
          <CodeBlock code={request} title={call} />
          <CodeBlock code={answer} title="Answer" />
        </Section>
      ))}
      <Section id="errors" title="Errors">
        <p>
          A refusal is a document of one form, whose <Code>code</Code> your program can decide by and whose{" "}
          <Code>type</Code> leads to <TextLink href={errorsHref}>a page that explains it</TextLink>. The one
          to expect when credits run out is{" "}
          <TextLink href={`${errorsHref}/insufficient-credits`}>
            <span className="font-mono text-[0.9em] leading-none">insufficient_credits</span>
          </TextLink>
          .
        </p>
      </Section>
      <Section id="limits" title="Limits">
        <p>
          <Code>RateLimit</Code> says in each answer how many more requests the key may send within a minute.
          A request beyond that gets <Code>429</Code>, and nothing is recorded: wait as many seconds as{" "}
          <Code>Retry-After</Code> says, then send the same request again. A batch of 1,000 records counts as
          one.
        </p>
      </Section>
      <Section id="related" title="Related">
        <PageList pages={related} />
      </Section>
    </Article>
  )
}
