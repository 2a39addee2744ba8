import { Article, PageList, Section, Steps } from "@/components/reference/article"
import { Facts } from "@/components/reference/facts"
import { Text } from "@/components/reference/text"
import { Code } from "@/components/ui/code"
import { CodeBlock } from "@/components/ui/code-block"

type ErrorArticleProps = {
  error: { code: string; title: string; summary: string; retryable: boolean }
  /** "404 Not Found" */
  status: string
  /** Text between backticks is code. */
  happened: string
  remedy: string[]
  /** The error document as the API sends it. */
  example: string
  errorsHref: string
  related: { href: string; label: string; about: string }[]
}

export function ErrorArticle(props: ErrorArticleProps) {
  const { error, status, happened, remedy, example, errorsHref, related } = props
  return (
    <Article
      back={{ href: errorsHref, label: "Errors" }}
      lead={<Text>{error.summary}</Text>}
      title={error.title}
    >
      <Facts
        facts={[
          { label: "Code", value: <Code>{error.code}</Code> },
          { label: "HTTP status", value: status },
          { label: "Retryable", value: error.retryable ? "Yes" : "No" },
        ]}
      />
      <Section id="what-happened" title="What happened">
        <p>
          <Text>{happened}</Text>
        </p>
      </Section>
      <Section id="what-to-do" title="What to do">
        <Steps>
          {remedy.map((step) => (
            <li key={step}>
              <Text>{step}</Text>
            </li>
          ))}
        </Steps>
      </Section>
      <Section id="example" title="Example response">
        <CodeBlock code={example} title={`${status.slice(0, 3)} · application/problem+json`} />
      </Section>
      <Section id="related" title="Related">
        <PageList pages={related} />
      </Section>
    </Article>
  )
}
